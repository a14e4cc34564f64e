/** Why there is no picture: names the cause and shows the finder's own words about it. */

/** @typedef {"insecure" | "denied" | "missing" | "busy" | "lost" | "broken" | "resting"} Cause */

/** @type {Record<string, Cause>} */
const CAUSES = {
  SecurityError: "insecure",
  NotAllowedError: "denied",
  NotFoundError: "missing",
  OverconstrainedError: "missing",
  NotReadableError: "busy",
  AbortError: "busy",
};

/** @param {unknown} error of getUserMedia @returns {Cause} */
export function causeOf(error) {
  const name = error instanceof DOMException ? error.name : "";
  return CAUSES[name] ?? "lost";
}

/** @param {HTMLElement} finder @param {Cause | null} cause null: there is a picture */
export function showTrouble(finder, cause) {
  if (cause) finder.dataset.cause = cause;
  else delete finder.dataset.cause;
  for (const part of finder.querySelectorAll("[data-trouble]")) {
    part.toggleAttribute("hidden", part.getAttribute("data-trouble") !== cause);
  }
}

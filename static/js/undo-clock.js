/** Runs the undo minute down: seconds in words, ticks on the scale, then the button is off. */

/** One tick of the scale each second, drawn as the server draws it. */
const TICK_WIDTH = 4;

/**
 * Starts the countdown inside a region that may hold `[data-undo]` buttons, `[data-undo-left]`
 * words and a `svg[data-undo-scale]`.
 * @param {ParentNode} region @param {number} seconds
 * @returns {() => void} stops it
 */
export function startUndoClock(region, seconds) {
  const end_ms = performance.now() + seconds * 1000;
  const tick = () => {
    const left = Math.max(0, Math.ceil((end_ms - performance.now()) / 1000));
    show(region, left);
    if (left === 0) clearInterval(timer);
  };
  const timer = setInterval(tick, 1000);
  tick();
  return () => clearInterval(timer);
}

/** @param {ParentNode} region @param {number} left_s */
function show(region, left_s) {
  for (const words of region.querySelectorAll("[data-undo-left]")) {
    words.textContent = left_s > 0 ? `${left_s} s` : "time is up";
  }
  for (const button of region.querySelectorAll("button[data-undo]")) {
    button.toggleAttribute("disabled", left_s === 0);
  }
  const scale = region.querySelector("svg[data-undo-scale]");
  scale?.querySelector(".on")?.setAttribute("d", ticks(0, Math.min(60, left_s)));
  scale?.querySelector(".off")?.setAttribute("d", ticks(Math.min(60, left_s), 60));
}

/** @param {number} from @param {number} until @returns {string} */
function ticks(from, until) {
  let path = "";
  for (let n = from; n < until; n += 1) path += `M${TICK_WIDTH * n + TICK_WIDTH / 2} 0v8`;
  return path || "M0 0";
}

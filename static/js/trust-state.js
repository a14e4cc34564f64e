/**
 * <trust-state data-state data-probe>: finds out whether this device trusts our certificate, and
 * shows what belongs to that state: everything marked `data-when="STATE…"`. States: "plain" and
 * "known" (http; "known" where the https door is trusted already), "secure", "trusted" and "clicked"
 * (https; "clicked" past a warning), "here" (the server's own machine).
 */
import { workerState } from "./phone-probes.js";

class TrustState extends HTMLElement {
  async connectedCallback() {
    const { state, probe } = this.dataset;
    if (state === "plain" && probe && (await isTrusted(probe))) this.#show("known");
    if (state === "secure") this.#show(await stateBehindWarning());
  }

  /** @param {string} state */
  #show(state) {
    this.dataset.state = state;
    for (const part of document.querySelectorAll("[data-when]")) {
      const when = part.getAttribute("data-when")?.split(" ") ?? [];
      part.toggleAttribute("hidden", !when.includes(state));
    }
    if (state !== "known" && state !== "trusted") return;
    for (const steps of document.querySelectorAll("#steps [open]")) steps.removeAttribute("open");
  }
}

/** Browsers refuse the whole connection under a certificate they do not trust. @param {string} url */
async function isTrusted(url) {
  try {
    await fetch(url, { mode: "no-cors", cache: "no-store" });
    return true;
  } catch {
    return false;
  }
}

async function stateBehindWarning() {
  const worker = await workerState();
  if (worker === "ready") return "trusted";
  return worker === "untrusted" ? "clicked" : "secure";
}

customElements.define("trust-state", TrustState);

/** <waiting-sign>: always in sight what this phone has not sent yet, and whether it has a network. */
import { entries, isToBeSeen, isTroubled } from "./outbox.js";
import { fact } from "./phone-db.js";
import { isReached, isSignedOut } from "./reach.js";
import { lateScans } from "./scan-queue.js";
import { whenWaitingChanges } from "./waiting-news.js";

class WaitingSign extends HTMLElement {
  #life = new AbortController();

  connectedCallback() {
    this.#life = new AbortController();
    const { signal } = this.#life;
    whenWaitingChanges(() => this.#show(), signal);
    this.#show();
  }

  disconnectedCallback() {
    this.#life.abort();
  }

  async #show() {
    const all = await entries().catch(() => null);
    if (!all) return; // the browser lost its store for a moment: what was shown stays until the next news
    const me = (await fact("person"))?.code;
    const waiting = all.filter(({ state }) => state === "waiting").length + lateScans().length;
    const troubled = all.filter((entry) => entry.person === me && isTroubled(entry));
    const refused = troubled.length;
    const what = troubled.every(isToBeSeen) ? "to look at" : "not taken";
    const mine = all.some((entry) => entry.state === "waiting" && entry.person === me);
    const link = this.querySelector("a");
    const words = this.querySelector("[data-words]");
    if (!link || !words) return;
    link.classList.toggle("stop", refused > 0);
    link.classList.toggle("warn", refused === 0);
    if (mine && isReached() && isSignedOut()) words.textContent = "Sign in to send";
    else if (waiting > 0) words.textContent = `${waiting} waiting`;
    else words.textContent = refused > 0 ? `${refused} ${what}` : "Offline";
    this.toggleAttribute("hidden", isReached() && waiting === 0 && refused === 0);
  }
}

customElements.define("waiting-sign", WaitingSign);

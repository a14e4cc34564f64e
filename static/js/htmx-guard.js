/** Keeps a page whole when an answer is late, missing or not a fragment of it. */
import { showNotice } from "./notice.js";

/** @typedef {import("../vendor/htmx-4.0.1/htmx.esm.min.js").HtmxContext} HtmxContext */

/**
 * The htmx request that an event is about.
 * @param {Event} event @returns {HtmxContext | undefined}
 */
export function htmxContext(event) {
  return /** @type {CustomEvent<{ctx?: HtmxContext}>} */ (event).detail?.ctx;
}

/** @type {Set<HtmxContext>} */
const underWay = new Set();

/**
 * Whether a request of another element is about to replace a region.
 * @param {string | null} selector of the region, as in `hx-target` @param {Element} except
 */
export function isRegionBusy(selector, except) {
  return [...underWay].some(
    (ctx) => ctx.sourceElement !== except && `#${ctx.target?.id}` === selector,
  );
}

document.addEventListener("htmx:before:request", (event) => {
  const ctx = htmxContext(event);
  if (ctx) underWay.add(ctx);
});

document.addEventListener("htmx:finally:request", (event) => {
  const ctx = htmxContext(event);
  if (ctx) underWay.delete(ctx);
});

document.addEventListener("htmx:after:request", (event) => {
  const ctx = htmxContext(event);
  if (!ctx?.target?.id) return;
  // An earlier answer may have replaced the region while this request was under way.
  if (!ctx.target.isConnected) ctx.target = document.getElementById(ctx.target.id);
  if (!ctx.target || ctx.swap !== "outerHTML") return;
  if (!answers(ctx, ctx.target.id)) keepRegion(ctx);
});

document.addEventListener("htmx:error", (event) => {
  const ctx = htmxContext(event);
  if (ctx && !ctx.response && !event.defaultPrevented) {
    showNotice("Not saved: no answer from the server. Try again.");
  }
});

/** @param {HtmxContext} ctx @param {string} id */
function answers(ctx, id) {
  return Boolean(ctx.text?.includes(`id="${id}"`));
}

/** @param {HtmxContext} ctx */
function keepRegion(ctx) {
  ctx.swap = "none";
  const status = ctx.response?.status ?? 0;
  if (status >= 500) showNotice("Not saved: the server had a problem. Try again.");
}

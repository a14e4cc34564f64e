/**
 * Keeps the app on this device. What came of it stands on <html data-worker>: "ready"; "refused" by
 * the browser, as under a certificate it does not trust; "none" without https. Nothing needs it.
 */

async function install() {
  if (!("serviceWorker" in navigator)) return "none";
  try {
    const registration = await navigator.serviceWorker.register("/sw.js");
    if (!registration.active) await activation(registration.installing ?? registration.waiting);
    return "ready";
  } catch {
    return "refused";
  }
}

/** @param {ServiceWorker | null} worker @returns {Promise<void>} */
function activation(worker) {
  return new Promise((resolve, reject) => {
    worker?.addEventListener("statechange", () => {
      if (worker.state === "activated") resolve();
      if (worker.state === "redundant") reject(new Error("the files did not come"));
    });
  });
}

async function installAndTell() {
  document.documentElement.dataset.worker = await install();
}

// The page comes first: what it loads, the worker then finds in the browser's cache.
if (document.readyState === "complete") installAndTell();
else addEventListener("load", installAndTell, { once: true });

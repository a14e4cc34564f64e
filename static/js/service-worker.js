/**
 * Service worker: keeps the files of its build and the pages that work without network.
 *
 * Kept is only what is the same for everybody on this device. All else, and everything that is
 * written, goes to the server untouched.
 */

/** @type {{ version: string, root: string, files: string[], pages: string[] }} said by /sw.js */
const build = /** @type {any} */ (self).build;
const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));

const OURS = "stockscan-";
const CACHE = OURS + build.version;
const [SHELL = ""] = build.pages;
const NOT_SENT = "/not-sent";
const NO_SERVER = new Set([502, 503, 504]);
// Together about as long as a person looks at an empty page.
const PATIENCE_MS = 3000;
const PING_MS = 1000;

worker.addEventListener("install", (event) => event.waitUntil(install()));
worker.addEventListener("activate", (event) => event.waitUntil(activate()));
worker.addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  if (method === "POST" && mode === "navigate") event.respondWith(sentOrNot(event.request));
  if (method !== "GET") return;
  if (mode === "navigate") event.respondWith(pageOrShell(event.request));
  else if (new URL(url).pathname.startsWith("/static/")) event.respondWith(file(event.request));
});

async function install() {
  try {
    const cache = await caches.open(CACHE);
    await cache.addAll(build.files);
    for (const page of build.pages) await cache.put(page, await freshPage(page));
  } catch (error) {
    await caches.delete(CACHE);
    throw error; // the browser tries again at a later page
  }
  // Safe under an open page: it only loads files by the address of its own build, and those stay.
  await worker.skipWaiting();
}

/**
 * A page without network, of this build: a server that is being replaced may send another's.
 * @param {string} path
 */
async function freshPage(path) {
  const page = await fetch(path);
  if (!page.ok || page.redirected) throw new Error(`${path} answers ${page.status}`);
  if (!(await page.clone().text()).includes(build.root)) throw new Error("of another build");
  return page;
}

async function activate() {
  const others = (await caches.keys()).filter((name) => name.startsWith(OURS) && name !== CACHE);
  // The build before stays, for the pages that were opened with it.
  await Promise.all(others.slice(0, -1).map((name) => caches.delete(name)));
  await worker.clients.claim();
}

/** A file of any build that is still kept. @param {Request} request */
async function file(request) {
  return (await caches.match(request, { ignoreVary: true })) ?? fetch(request);
}

/**
 * What the server answers; where no server does, the shell under the address that was asked for.
 * @param {Request} request
 */
async function pageOrShell(request) {
  const answer = fetch(request).catch(() => null);
  const early = await Promise.race([answer, pause(PATIENCE_MS)]);
  if (early === undefined && !(await serverLives())) return shell(request);
  const page = await answer;
  return page && !NO_SERVER.has(page.status) ? page : shell(request);
}

/**
 * What a form is answered; where no server answers, that it was not sent.
 * @param {Request} request
 */
async function sentOrNot(request) {
  try {
    return await fetch(request);
  } catch {
    const cache = await caches.open(CACHE);
    return (await cache.match(NOT_SENT, { ignoreVary: true })) ?? Response.error();
  }
}

/** Tells a slow page, worth waiting for, from a network that swallows everything. */
async function serverLives() {
  try {
    return (await fetch("/healthz", { signal: AbortSignal.timeout(PING_MS) })).ok;
  } catch {
    return false;
  }
}

/** The kept page of this address, and the scan screen for any other. @param {Request} request */
async function shell({ url }) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(new URL(url).pathname, { ignoreVary: true });
  return kept ?? (await cache.match(SHELL, { ignoreVary: true })) ?? Response.error();
}

/** @param {number} ms @returns {Promise<undefined>} */
function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms, undefined));
}

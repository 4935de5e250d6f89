// Keeps a page that has run, so that it opens without a network. What bears its hash in its name never changes;
// all else is asked of the server first.

const CACHE = "carousel-live";
const FOREVER = /-[0-9a-f]{12}\.[a-z.]+$/;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("message", (event) => {
  const add = async () => {
    const store = await caches.open(CACHE);
    for (const url of event.data.keep ?? []) if (!(await store.match(url))) await store.add(url).catch(() => {});
  };
  event.waitUntil(add());
});

self.addEventListener("fetch", (event) => {
  const { method, url } = event.request;
  if (method === "GET" && new URL(url).origin === location.origin) event.respondWith(answer(event.request));
});

async function answer(request) {
  const store = await caches.open(CACHE);
  const kept = await store.match(request.url, { ignoreVary: true });
  if (kept && FOREVER.test(request.url)) return kept;
  try {
    const fresh = await fetch(request);
    if (fresh.ok && fresh.status === 200) await store.put(request.url, fresh.clone()).catch(() => {});
    return fresh;
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}

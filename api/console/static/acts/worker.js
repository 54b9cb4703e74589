// Opens the bench, and what belongs to it, from what this browser keeps: the version that its page has chosen, and no other.

async function kept(request, url, shell) {
  const pin = await (await caches.open("vialog-bench")).match("/bench/pin");
  if (pin) {
    const cache = await caches.open(`vialog-bench-${await pin.text()}`);
    const exact = shell ? url.pathname + url.search : url.pathname;
    const found = (await cache.match(exact, { ignoreVary: true })) ?? (shell && (await cache.match("/bench", { ignoreVary: true })));
    if (found) return found;
  }
  return fetch(request);
}

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  const shell = event.request.mode === "navigate" && url.pathname === "/bench";
  const ours = url.origin === location.origin && event.request.method === "GET" && !url.searchParams.has("fresh");
  if (ours && (shell || url.pathname.startsWith("/static/"))) event.respondWith(kept(event.request, url, shell));
});

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

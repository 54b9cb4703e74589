// The bench where there is no network: this browser keeps its page, and takes a newer one only when nothing waits.

const PIN = "/bench/pin";

const named = (version) => `vialog-bench-${version}`;

async function pinned() {
  const found = await (await caches.open("vialog-bench")).match(PIN);
  return found && found.text();
}

/** Keep all that belongs to the bench, and open that from now on. Throws where it cannot be had whole. */
async function keep({ version, shell, files }) {
  const cache = await caches.open(named(version));
  for (const address of [...shell, ...files]) {
    const fresh = `${address}${address.includes("?") ? "&" : "?"}fresh=${version}`;
    const answer = await fetch(address.startsWith("/static/") ? fresh : address, { cache: "reload" });
    if (!answer.ok) throw new Error(address);
    await cache.put(address, answer);
  }
  const after = await (await fetch("/bench/version", { cache: "no-store" })).json();
  if (after.version !== version) throw new Error("changed meanwhile");
  await (await caches.open("vialog-bench")).put(PIN, new Response(version));
}

/** Keep this page. idle: says whether nothing waits. Returns whether a newer one waits until that is so. */
export async function keepPage(running, idle) {
  if (!navigator.serviceWorker) return false;
  try {
    await navigator.serviceWorker.register("/bench-worker.js", { scope: "/bench" });
    const offered = await (await fetch("/bench/version", { cache: "no-store" })).json();
    const before = await pinned();
    if (before === offered.version && running === before) return false;
    if (before && !(await idle())) return true;
    await keep(offered);
    if (before && before !== offered.version) await caches.delete(named(before));
    if (running !== offered.version) location.reload();
    return false;
  } catch {
    return false;
  }
}

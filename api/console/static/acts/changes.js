// That something kept has changed is told here and in the other tabs of this browser.

const tabs = new BroadcastChannel("vialog-bench");
const listeners = [];

/** Call something whenever what is kept has changed, here or in another tab. */
export function onChange(listener) {
  listeners.push(listener);
}

/** Say in other tabs that what is kept has changed. */
export const changedHere = () => tabs.postMessage("changed");

/** Say, here and in other tabs, that what is kept has changed. */
export function changed() {
  changedHere();
  for (const one of listeners) one();
}

tabs.onmessage = () => listeners.forEach((one) => one());

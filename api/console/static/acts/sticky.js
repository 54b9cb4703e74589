// What is said once and stays: the act, the place, the project, the next position, and how the bench sounds.

import { get, put } from "./keeping.js";

const FIRST = { documents: "match", packaging: "intact", ground: "wrong-item", sound: "on" };
let sticky = FIRST;

export const chosen = () => sticky;

export async function recall() {
  sticky = { ...FIRST, ...(await get("sticky")) };
}

export async function change(what) {
  sticky = { ...sticky, ...what };
  await put("sticky", sticky);
}

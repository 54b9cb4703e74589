// What is said once and stays: the act, the place, the project, the next position, and how the bench sounds.

import { alter, get } from "./keeping.js";

const FIRST = { documents: "match", packaging: "intact", ground: "wrong-item", sound: "on" };
/** What is said of one statement alone, and asked for anew behind it. */
const ONE_USE = ["residual", "cycle", "evidence"];
let sticky = FIRST;

export const chosen = () => sticky;

export async function recall() {
  sticky = { ...FIRST, ...(await get("sticky")) };
}

/** Say something here, and keep it for the next time the bench is opened; what another tab said besides stays. */
export async function change(what) {
  sticky = { ...sticky, ...what };
  await alter(["sticky"], (kept) => [{ ...kept, ...what }]);
}

const FORGOTTEN = Object.fromEntries(ONE_USE.map((name) => [name, undefined]));

/** Forget what was said of the statement that is signed now, or is not meant any more. */
export const once = () => change(FORGOTTEN);

/** Pick an act: what position comes next is not known then, and the amounts are those that were last said of it. */
export function pick(act) {
  const { quantity, loss, amounts } = sticky;
  const said = { ...amounts, [sticky.act]: { quantity, loss } };
  return change({ ...FORGOTTEN, quantity: undefined, loss: undefined, ...said[act], amounts: said, act, position: undefined, sure: undefined });
}

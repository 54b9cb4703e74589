// The end of what is gathered: it is signed as one statement, or told and left for the second person who signs it.

import { changed } from "./changes.js";
import * as gathered from "./gathered.js";
import * as known from "./known.js";
import { gathering, NEEDS, noAmount, show, TWO } from "./panel.js";
import { filled, word } from "./rows.js";
import { roleIn, stated, unkept } from "./stating.js";
import * as sticky from "./sticky.js";
import { tell } from "./telling.js";
import * as together from "./together.js";

const at = (id) => document.getElementById(id);

/** Take the next scan for the label of the new tube. */
export function fresh() {
  gathered.name();
  tell(true, "scan-new");
  show();
}

/** Count all that is at the place. */
export async function everywhere() {
  if (!sticky.chosen().place) return tell(false, "lacking", { field: word("place") });
  const { good, name, values } = await gathered.everywhere();
  tell(good, name, values);
  show();
}

/** Forget what is gathered: nobody has signed it, or it is not to be left. */
export async function anew() {
  const problem = await gathered.anew().then(sticky.once).catch((error) => error);
  await see().finally(() => problem && unkept(problem));
}

/** Show what is gathered by now: another tab may have changed it. Where that is told, it is shown by then. */
async function see() {
  await gathered.recall();
  together.hide();
  show();
}

/** Sign what is gathered. absent: whether what was not scanned is stated as missing; undefined: nobody has said. */
export async function done(absent) {
  const begun = gathered.current();
  const { act } = begun;
  if (begun.signed) return resume();
  const number = Object.keys(begun.found).length;
  if (!number && !absent) return tell(false, "nothing");
  const lacking = NEEDS[act].find((name) => !sticky.chosen()[name]);
  if (lacking) return tell(false, "lacking", { field: word(lacking) });
  const wrong = noAmount();
  if (wrong) return tell(false, "bad-amount", { text: wrong });
  if (gathered.missing().length && absent === undefined) return tell(false, "some-missing", { number: gathered.missing().length });
  const { problem, body } = gathered.stated(absent);
  if (problem) return tell(problem.good, problem.name, problem.values);
  const named = begun.name ?? (begun.parent && known.called(begun.parent)) ?? begun.output ?? begun.within;
  const about = `${word(act)}: ${filled("things", { number })}${named ? ` · ${named}` : ""}`;
  if (TWO.includes(act)) return proposed(act, body, about);
  const entry = await stated(act, body, about, { gathered: gathered.end() });
  if (!entry) return see();
  await known.note(entry.id, gathered.became(act, body));
  await over("signed", { text: about });
}

/** Begin anew behind a statement that is signed and kept. */
async function over(name, values) {
  await gathered.ended();
  // Where there is no room for this, it is signed and kept all the same.
  await sticky.once().catch(() => {});
  tell(true, name, values);
  show();
  at("scan").focus();
}

/** Have an act told that a second person signs too. */
async function proposed(act, body, about) {
  const { person, key, alg } = known.who().colleagues.find((one) => one.key === sticky.chosen().second) ?? {};
  if (!key) return tell(false, "lacking", { field: word("second") });
  const said = { act, kind: known.who().acts[act].kind, role: roleIn(act), body, about };
  toldAs(await together.propose(said, known.who(), { person, key, alg }));
}

/** Tell why nothing is shown to be signed, if so. */
function toldAs(problem) {
  if (problem) return tell(false, ...problem);
  tell(true, "read-below");
}

/** Have what is told told again, with the reasons that were chosen. */
export const tellAgain = () => together.again().then(toldAs);

/** Sign what is told, and leave it for the second person. */
export async function signTogether() {
  try {
    const problem = await together.sign(gathered.sign, left);
    if (problem) tell(false, ...problem);
    gathering();
  } catch (error) {
    await see().finally(() => unkept(error));
  }
}

/** Keep that what was signed waits for the second person, and begin anew. */
async function left(entry) {
  const { about } = entry.said;
  await gathered.left({ ...entry, about });
  await over("was-left", { text: about, person: entry.person });
  changed();
}

/** Show what was signed and never left, as where the browser was killed: it can be left again, and is there once. */
export function resume() {
  tell(false, "is-signed");
  together.waits(gathered.signedOf(), (entry) => left(entry).catch(unkept));
}

/** Offer what an older version of this page has gathered. */
export async function older() {
  const begun = await gathered.recallOlder();
  at("older").hidden = !begun;
  if (begun) at("older-what").textContent = `${word(begun.act)}: ${filled("things", { number: Object.keys(begun.found).length })}`;
}

/** Go on with that. */
export async function takeOver() {
  const { act } = (await gathered.recallOlder()) ?? {};
  if (act && !(await gathered.takeOver())) tell(false, "begun", { act: word(gathered.unsigned()) });
  else if (act) await sticky.pick(act);
  await older();
  show();
  at("scan").focus();
}

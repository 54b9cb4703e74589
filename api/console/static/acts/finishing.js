// The end of what is gathered: it is signed as one statement, or told and left for the second person who signs it.

import * as gathered from "./gathered.js";
import { note } from "./keeping.js";
import * as known from "./known.js";
import { NEEDS, noAmount, show, TWO } from "./panel.js";
import { changed } from "./queue.js";
import { filled, word } from "./rows.js";
import { roleIn, stated } from "./stating.js";
import * as sticky from "./sticky.js";
import { tell } from "./telling.js";
import * as together from "./together.js";

const at = (id) => document.getElementById(id);

/** Take the next scan for the label of the new tube. */
export async function fresh() {
  await gathered.name();
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

/** Forget what is gathered: nobody has signed it. */
export async function anew() {
  await gathered.begin(gathered.current().act);
  await sticky.once();
  together.hide();
  show();
}

/** Sign what is gathered. absent: whether what was not scanned is stated as missing; undefined: nobody has said. */
export async function done(absent) {
  const begun = gathered.current();
  const { act } = begun;
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
  const entry = await stated(act, body, about);
  if (!entry) return;
  await known.note(entry.id, gathered.became(body));
  await over(act, "signed", { text: about });
}

/** Begin anew behind a statement that is signed and kept. */
async function over(act, name, values) {
  // Where there is no room for this, it is signed and kept all the same.
  await gathered.begin(act).catch(() => {});
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
  const problem = await together.sign(async (entry) => {
    const { about, act } = entry.said;
    await note({ ...entry, about }).catch(() => {});
    together.hide();
    await over(act, "was-left", { text: about, person: entry.person });
    changed();
  });
  if (problem) tell(false, ...problem);
}

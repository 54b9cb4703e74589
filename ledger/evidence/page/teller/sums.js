// ------------------------------------------------------------------------------------------------------------- sums

// What a balance comes to; as api/asking/sums.py.

const OUT = ["on_hand", "used", "sampled", "sold", "disposed", "returned", "re_exported", "missing", "lost", "processed", "adjusted"];
const UNEXPLAINED = ["missing", "adjusted"]; // of that what no act says where it went
const SUMMED = ["approved", "written_off", "listed", "on_hand"]; // told though they are nothing

/** Return the fact that says what a row of a balance comes to. */
function sumOf(row) {
  const numbers = new Map([...SUMMED, ...OUT].map((name) => [name, numberOf(row[name])]));
  const told = [...numbers].filter(([name, number]) => number !== null && (number.n !== 0n || SUMMED.includes(name)));
  const [approved, gone] = [numbers.get("approved"), numbers.get("written_off")];
  const open = approved === null || gone === null ? [] : [["open", answers.minus(approved, gone)]];
  const summed = (names) => names.map((name) => numbers.get(name)).reduce(answers.plus);
  const [together, unexplained] = [summed(OUT), summed(UNEXPLAINED)];
  const [beyond, papers] = [answers.minus(together, numbers.get("listed")), numberOf(row.difference)];
  const lost = unexplained.n === 0n ? [] : [["unexplained", unexplained]];
  const amounts = [...told, ...open, ["together", together], ...lost, ...papersApart(papers)].map(([name, number]) => {
    return [name, new Map([["value", answers.writeRatio(number)], ["unit", row.unit]])];
  });
  const closes = [
    ["even", papers !== null && papers.n === 0n && unexplained.n === 0n && beyond.n === 0n],
    ["differs", papers !== null && papers.n !== 0n],
    ["unsaid", papers === null],
  ].filter(([, so]) => so);
  return { name: "sum", values: new Map([["line", row.line], ...closes, ...amounts]), at: [], tags: [] };
}

/** Return by how much more was written off than listed, or listed than written off; of papers that agree nothing. */
function papersApart(papers) {
  if (papers === null || papers.n === 0n) return [];
  return papers.n > 0n ? [["over", papers]] : [["under", answers.minus(answers.ratio(0n, 1n), papers)]];
}

/** Return the number that a cell of a row writes, as a decimal or a fraction; null of an empty one. */
function numberOf(written) {
  const [whole, below = "1"] = (written ?? "").split("/");
  const [digits, places = ""] = whole.split(".");
  return whole === "" ? null : answers.ratio(BigInt(digits + places), BigInt(below) * 10n ** BigInt(places.length));
}

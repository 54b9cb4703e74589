// Runs the blocks of the page that touch no page, without a browser. Reads {blocks, bundles, calls} as JSON from standard
// input: the path of the blocks' text; bundles, each the paths of bundle, policy and trust; calls of the blocks' own
// functions, each a name of CALLS and its arguments in hex. Writes {reports, answers}; an answer is {value} or {refused}.
// A report has breaches, each a position and a rule: those that the page tells.
import fs from "node:fs";
import vm from "node:vm";

const CALLS = `({
  strict: (data) => tagged(parseStrict(data)),
  free: (data) => tagged(parseStrict(data, "$", FREE_TEXT)),
  statement: (data) => {
    const envelope = parseEnvelope(data);
    readPayload(envelope.payload);
    return null;
  },
  admit: async (spki, alg) => (await admitKey(spki, decodeUtf8(alg))).thumbprint,
  signature: async (spki, alg, message, signature) => {
    await verifySignature(await admitKey(spki, decodeUtf8(alg)), message, signature);
    return null;
  },
  vkey: async (text) => (await parseVkey(decodeUtf8(text))).id,
  note: async (vkey, text, signature) => {
    const key = await parseVkey(decodeUtf8(vkey));
    return String(await verifyNoteSignature(key, decodeUtf8(text), signature));
  },
  entry: (data) => {
    const { position, recorded, rules, tags, status, data: held, breaches } = parseEntry(data);
    const told = breaches.map((one) => [one.rule, one.subjects, Object.fromEntries(one.parameters)]);
    return [position, recorded, rules, [...tags].sort(), [...status].sort(), hex(held), told];
  },
  words: (data) => parseEntry(data).breaches.flatMap((one) => [breachSentence(one, "en"), breachSentence(one, "zh")]),
  told: (data) => parseEntry(data).breaches.flatMap((one) => LANGUAGES.map((language) => breachTold(one, reading(language)))),
  grounds: (data) => parseEntry(data).breaches.map((one) => groundsOf(one, parseEntry(data).rules)),
  change: (given) => {
    const [before, after, reader] = parseJson(given);
    return LANGUAGES.map((language) => change(statement(before), statement(after), reading(language, reader)));
  },
  ordered: (data, given) => {
    const [breach] = parseEntry(data).breaches;
    return LANGUAGES.map((language) => breachTold(breach, reading(language), parseJson(given)));
  },
  readings: (given) => {
    const said = parseJson(given).map(statement);
    const told = (run) => LANGUAGES.map((language) => factTold({ name: "readings", values: readingValues(run) }, reading(language)));
    return runsOf(said, (one) => one).map((run) => (run.length > 1 ? told(run) : run.length));
  },
  sum: (given) => LANGUAGES.map((language) => factTold(sumOf(Object.fromEntries(parseJson(given))), reading(language))),
  sentence: (given) => {
    const [said, reader] = parseJson(given);
    return LANGUAGES.map((language) => sentence(statement(said), reading(language, reader)));
  },
  facts: (given) => {
    const [subject, events] = parseJson(given);
    const read = events.map((event) => ({ ...Object.fromEntries(event), payload: statement(event.get("payload")) }));
    const known = new Standing(subject, read);
    const { called } = namesOf(read);
    const told = (fact) => LANGUAGES.map((language) => factTold(fact, { ...reading(language), names: (id) => called(id, language), about: subject }));
    const said = (fact) => [fact.name, ...told(fact), fact.at];
    const troubles = troublesOf(known).map(({ at, beside }) => [at, beside.map(said)]);
    return [[...standingFacts(known), ...factsOf(known), ...peopleOf(known), ...contradictionsOf(known)].map(said), troubles];
  },
  answerRows: (given) => {
    const [question, subject, times, acts] = parseJson(given);
    return answers.rowsOf(question, subject, { ...Object.fromEntries(times), acts: acts.map((act) => Object.fromEntries(act)) });
  },
  phrase: (text) => phraseTold(decodeUtf8(text), "zh"),
  finding: (text) => findingTold(decodeUtf8(text), "zh"),
  effects: () => Object.keys(EFFECTS_TABLE.item),
  state: (data) => {
    const { indexRoot, size, names } = stateOf(parseEntry(data));
    return [hex(indexRoot), String(size), String(names)];
  },
  mlDsa44: (key, message, signature) => verifyMlDsa44(key, message, signature),
  policy: async (data) => (await parsePolicy(data)).quorum,
  trust: (data) => parseTrust(data).roots.size,
  pattern: (source, text) => new RegExp(decodeUtf8(source), "u").test(decodeUtf8(text)),
  time: (text) => isTime(decodeUtf8(text)),
  sha256: async (data) => hex(await sha256(data)),
  unicode: () => process.versions.unicode,
  characters: (leftOut) => differing(decodeUtf8(leftOut)),
  moved: (late) => [...decodeUtf8(late)].filter(takesPart),
})`;

// Objects as lists of members, so that their order counts.
const HELPERS = `
function tagged(value) {
  if (value instanceof Map) {
    return { object: [...value].map(([name, one]) => [name, tagged(one)]) };
  }
  return Array.isArray(value) ? value.map(tagged) : value;
}
// The code points of which the table says something else than this engine's Unicode; leftOut is not in it on purpose.
function differing(leftOut) {
  const points = Array.from({ length: 0x110000 }, (_, point) => point).filter((point) => point >> 11 !== 27);
  return points.filter((point) => {
    const char = String.fromCodePoint(point);
    const isSeen = !/[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cn}]/u.test(char) && !INVISIBLE.test(char);
    return (char.replace(UNFIT, "") === char) !== (isSeen && !leftOut.includes(char));
  });
}
// Whether normalisation changes anything for a character: it comes apart, or it moves behind a mark of class 240 or
// before one of class 1; nothing composes with what does neither, but what comes apart into it.
function takesPart(char) {
  const moves = (text) => text.normalize("NFD") !== text;
  return moves(char) || moves("a" + char + "\\u0334") || moves("a\\u0345" + char) || PARTS.has(char);
}
const PARTS = new Set(
  Array.from({ length: 0x110000 }, (_, point) => String.fromCodePoint(point)).flatMap((char) => {
    const parts = char.normalize("NFD");
    return parts === char ? [] : [...parts];
  }),
);
// What tests hand in as JSON, objects as maps; of a statement and a reader their members.
function parseJson(data) {
  const maps = (value) => {
    if (Array.isArray(value)) {
      return value.map(maps);
    }
    const isObject = typeof value === "object" && value !== null;
    return isObject ? new Map(Object.entries(value).map(([name, one]) => [name, maps(one)])) : value;
  };
  return maps(JSON.parse(decodeUtf8(data)));
}
function statement(said) {
  return { ...Object.fromEntries(said), signers: said.get("signers").map((one) => Object.fromEntries(one)) };
}
const LANGUAGES = ["en", "zh"];
function reading(language, given = new Map()) {
  const zone = { minutes: given.get("minutes") ?? 480, jurisdiction: "CN", isNamed: given.get("isNamed") ?? false };
  const names = given.get("names") ?? new Map();
  return { language, zone, names: (id) => names.get(id) ?? null, about: given.get("about") ?? "", quote: (text) => text };
}
function refusal(error) {
  if (error instanceof LedgerError) {
    return error.message;
  }
  throw error;
}`;

const read = (path) => new Uint8Array(fs.readFileSync(path));
const { blocks, bundles, calls } = JSON.parse(fs.readFileSync(0, "utf8"));
vm.runInThisContext(fs.readFileSync(blocks, "utf8"), { filename: blocks });
vm.runInThisContext(HELPERS);
const { verifyBundle, refusal, functions } = vm.runInThisContext(`({ verifyBundle, refusal, functions: ${CALLS} })`);

const reports = [];
for (const paths of bundles) {
  const { verdict, exit, subject, claims, events } = await verifyBundle(...paths.map(read));
  const said = claims.map(({ about, verdict, check, words }) => ({ about, verdict, check, words }));
  const breaches = (events ?? []).flatMap((one) => one.breaches.map(({ rule }) => [one.position, rule]));
  reports.push({ verdict, exit, subject, claims: said, breaches });
}
const answers = [];
for (const [name, ...given] of calls) {
  try {
    answers.push({ value: await functions[name](...given.map((hex) => new Uint8Array(Buffer.from(hex, "hex")))) });
  } catch (error) {
    answers.push({ refused: refusal(error) });
  }
}
process.stdout.write(JSON.stringify({ reports, answers }));

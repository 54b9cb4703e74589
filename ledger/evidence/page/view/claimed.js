// -------------------------------------------------------------------------------------------------- a claimed answer

// The rows are those that follow from the bundle, never those that it claims; see checkAnswer of the verifier.

const FINDS = { [Verdict.KNOWN]: "agrees", [Verdict.FAILED]: "differs", [Verdict.NOT_CHECKED]: "notChecked" };
const CODES = { status: "item_status", origin: "origin", state: "obligation" };
const INSTANTS = ["at", "since", "due", "ended"];

/** Return what was found of the answer that a bundle claims, what was asked, and the rows that follow; nothing of none. */
function claimedParts(telling) {
  const claim = telling.report.claims.find(({ about }) => about === "answer");
  if (claim === undefined) {
    return [];
  }
  const { claimed, rows } = claim.facts;
  const word = texts().claimed[claim.facts.asShown ? "asShown" : FINDS[claim.verdict]];
  const found = element("p", {}, badge(claim.verdict, word), " ", findingText(claim.words));
  return [
    element("h2", {}, texts().claimed.heading),
    found,
    ...(claimed === null ? [] : [askedList(telling, claimed), element("p", { class: "hint" }, texts().claimed.hint)]),
    ...(rows === null ? [] : followingRows(telling, rows)),
    ...(rows !== null && claimed.question === "balance" ? rows.map((row) => element("p", {}, ...spoken(factTold(sumOf(row), answerReader(telling))))) : []),
  ];
}

function askedList(telling, { question, subject, asOf, until, now, jurisdiction, parameters }) {
  const told = texts().claimed;
  const asks = WORDS.asked[page.language][question];
  const narrowed = Object.entries(parameters).map(([name, value]) => `${name}: ${value}`);
  const at = (instant) => element("time", { datetime: instant }, zoned(readInstant(instant), answerReader(telling)));
  const terms = [
    [told.question, asks === undefined ? foreign(question) : asks],
    [told.about, [...called(telling, subject), " ", element("small", {}, foreign(subject))]],
    ...(narrowed.length > 0 ? [[told.narrowed, foreign(narrowed.join(", "))]] : []),
    [told.asOf, texts().claimed.position(asOf, telling.report.manifest.size)],
    ...(until === null ? [] : [[told.until, at(until)]]),
    [told.now, at(now)],
    [told.calendar, foreign(jurisdiction)],
  ];
  const items = terms.map(([term, said]) => element("div", {}, element("dt", {}, term), element("dd", {}, ...[said].flat())));
  return element("dl", { class: "asked" }, ...items);
}

function answerReader(telling) {
  return readerOf(telling, telling.events.filter(({ rules }) => rules !== "").at(-1)?.rules ?? "");
}

function followingRows(telling, rows) {
  if (rows.length === 0) {
    return [element("p", {}, texts().claimed.nothing)];
  }
  const members = Object.keys(rows[0]).filter((name) => name !== "why" && rows.some((row) => hasValue(row[name]) && row[name] !== "0"));
  const heads = ["#", ...members.map((name) => WORDS.columns[page.language][name] ?? name), texts().claimed.because];
  const numbers = new Map(rows.map((row, at) => [row, at + 1]));
  return parts(rows, (some) => {
    const cells = some.map((row) => [
      String(numbers.get(row)),
      ...members.map((name) => element("div", {}, ...[answerCell(telling, name, row[name])].flat())),
      element("div", {}, ...becauseOf(row.why)),
    ]);
    return element("div", { class: "wide" }, table(texts().claimed.rows(rows.length), heads, cells, "rows"));
  });
}

function hasValue(value) {
  return value !== null && value !== "" && value !== false && !(Array.isArray(value) && value.length === 0);
}

/** Return a cell of a row as nodes: what it holds comes from statements, and stands apart from words of this page. */
function answerCell(telling, name, value) {
  if (!hasValue(value)) {
    return "";
  }
  if (Array.isArray(value)) {
    return value.flatMap((one, at) => [at > 0 ? WORDS[page.language].form.between : "", answerCell(telling, name, one)].flat());
  }
  if (value === true) {
    return texts().claimed.yes;
  }
  if (typeof value !== "string") {
    return String(value);
  }
  const reader = answerReader(telling);
  if (Object.hasOwn(CODES, name)) {
    return spoken(codeWord(CODES[name], value, reader));
  }
  if (name === "product") {
    return spoken(productTold(telling, value));
  }
  if (name === "kind") {
    return WORDS.kinds[page.language][value] ?? foreign(value);
  }
  if (name === "known") {
    return WORDS.columns[page.language][value] ?? foreign(value);
  }
  if (isTag(value)) {
    return called(telling, value);
  }
  const instant = INSTANTS.includes(name) ? readInstant(value) : null;
  return instant === null ? foreign(value) : element("time", { datetime: value }, zoned(instant, reader));
}

/** Return what a product is called in the page's language, by the approvals of the bundle; as api/asking/products.py. */
function productTold({ events }, name) {
  const lines = events.flatMap(({ payload }) => (payload.kind === "approval.granted/1" ? rowsOf(payload.body.get("lines")) : []));
  const chinese = lines.find((line) => line.get("name_en") === name && line.get("name_zh"))?.get("name_zh");
  return quoted(page.language === "zh" && chinese !== undefined ? written(chinese) : name);
}

/** Return why a row is there: the rule or the duty that it rests on, and its event, which leads to it. */
function becauseOf({ rests, clause, position }) {
  const asks = WORDS.duties[page.language][rests];
  const says = [...(asks === undefined ? [] : [asks]), ...(clause === "" ? [] : [`[${clauseWords(clause, page.language)}]`])].join(" ");
  const rule = rests === null ? [] : [element("strong", {}, rests), ` ${says} `];
  return [...rule, ...(position === null ? [] : linked(texts().at([position], 0)))];
}

// ------------------------------------------------------------------------------------------------------- what happened

/** Say whether an event is in a bundle only for who somebody is, and what they may do. */
function isWho(why) {
  return ["party", "site", "key"].includes(why);
}

function eventParts(telling) {
  const shown = telling.report.events;
  const [story, who] = [shown.filter(({ why, isOfSubject }) => isOfSubject || !isWho(why)), []];
  who.push(...shown.filter((event) => !story.includes(event)));
  const alone = ({ payload, breaches }) => (payload === null || breaches.length > 0 || telling.later.has(payload.id) ? null : payload);
  const make = (events) => {
    const items = runsOf(events, alone).map((run) => (run.length > 1 ? runItem(telling, run) : eventItem(telling, run[0])));
    return element("ol", { class: "events" }, ...items);
  };
  return [
    element("h2", {}, texts().events),
    element("p", { class: "hint" }, texts().numbers),
    element("p", { class: "hint" }, texts().counts),
    ...parts(story, make),
    element("h2", {}, texts().whoIsWho),
    ...parts(peopleOf(telling.known), (facts) => element("ul", { class: "who" }, ...facts.map((fact) => whoItem(telling, fact)))),
    ...witnessParts(telling),
    ...(who.length === 0 ? [] : [unfoldingList(unfolding(texts().otherEvents(who.length), () => parts(who, make)))]),
  ];
}

/** Return how an event was found, in words for everybody; the term for it stands with the details. */
function mark(verdict) {
  return badge(verdict, texts().marks[verdict]);
}

/** Return who cosigned the checkpoint, by the names that the policy gives them, and what each vouches for. */
function witnessParts({ report }) {
  const { witnesses, replayed, size } = report.claims.find(({ about }) => about === "checkpoint").facts;
  const told = (witnesses ?? []).map((name) => texts()[replayed.includes(name) ? "mirror" : "witness"](quoted(name), size));
  return told.length === 0 ? [] : [element("ul", { class: "who" }, ...told.map((words) => element("li", {}, ...spoken(words))))];
}

function whoItem(telling, fact) {
  return element("li", {}, ...toldFact(telling, fact), ...references(fact.at));
}

/** Return a run of readings as one item, in which each of them is folded. */
function runItem(telling, run) {
  const [first, last] = [run[0], run.at(-1)];
  const reader = readerOf(telling, first.rules);
  const told = spoken(factTold({ name: "readings", values: readingValues(run.map(({ payload }) => payload)) }, reader));
  const verdict = WORST.find((one) => run.some((event) => event.verdict === one)) ?? Verdict.KNOWN;
  const each = () => element("ol", { class: "events" }, ...run.map((event) => eventItem(telling, event)));
  const folded = unfoldingList(unfolding(texts().readings(run.length), each));
  const number = element("span", { class: "number" }, `${first.position}–${last.position}`);
  return element("li", {}, number, element("div", {}, element("p", { class: "when" }, mark(verdict)), element("p", {}, ...told), folded));
}

function eventItem(telling, event) {
  const { position, payload, verdict } = event;
  const number = element("span", { class: "number", id: `no-${position}` }, String(position));
  if (payload === null) {
    return element("li", {}, number, element("div", {}, element("p", {}, texts().hidden), mark(verdict)));
  }
  const reader = readerOf(telling, event.rules);
  const by = telling.later.get(payload.id);
  const told = spoken(deed(payload, reader));
  const isCorrected = by !== undefined;
  const told_by = isCorrected ? [element("del", {}, ...told), " ", element("em", {}, ...linked(takenBy(by)))] : told;
  const exact = `${payload.occurredAt.replace("T", " ").replace("Z", "")} UTC`;
  const when = element("time", { datetime: payload.occurredAt, title: exact }, ...unbroken(whenTold(payload.occurredAt, event.recorded, reader)));
  return element(
    "li",
    isCorrected ? { class: "corrected" } : {},
    number,
    element(
      "div",
      {},
      element("p", { class: "when" }, when, " ", mark(verdict)),
      element("p", {}, ...told_by),
      ...breachParts(telling, event),
      ...disclosureParts(event),
      unfolding(texts().details, () => detailParts(telling, event, reader)),
    ),
  );
}

function takenBy({ position, payload }) {
  return payload.kind === VOIDED ? texts().voidedBy(position) : texts().replacedBy(position);
}

function breachParts(telling, event) {
  return event.breaches.map((breach) => element("p", { class: "breach" }, ...breachLine(telling, event, breach)));
}

function disclosureParts({ payload, disclosed }) {
  const shown = disclosed.map(({ name, value }) => {
    const said = typeof value === "string" ? value : pretty(value);
    return element("p", {}, `${texts().disclosed} `, element("strong", {}, foreign(name)), WORDS[page.language].form.rule, foreignLines(said));
  });
  const withheld = payload.sd.length - disclosed.length;
  return withheld > 0 ? [...shown, element("p", { class: "hint" }, texts().withheld(withheld))] : shown;
}

/** Return what lies behind a sentence: who signed, what exactly, and the proof that it stands in the log. */
function detailParts(telling, event, reader) {
  const { payload, recorded, rules, why, proof, verdict } = event;
  const terms = [
    [texts().verdict, texts().verdicts[verdict][0]],
    [texts().occurred, writtenTime(payload.occurredAt)],
    [texts().recorded, writtenTime(recorded)],
    [texts().judgedBy, foreign(rules.split(" ")[0])],
    [texts().who, element("ul", {}, ...payload.signers.map((signer) => signerItem(signer, reader)))],
    [texts().statement, element("code", {}, foreign(`${payload.kind} ${payload.id}`))],
    ...(texts().whys[why] === "" ? [] : [[texts().hereAs, texts().whys[why]]]),
    [texts().content, element("pre", {}, foreignLines(pretty(payload.body)))],
    [texts().entryHash, element("code", {}, proof.sha256)],
    [texts().leafHash, element("code", {}, proof.leaf)],
    [texts().path, element("pre", {}, foreignLines(proof.hashes.join("\n")))],
  ];
  return element("dl", { class: "details" }, ...terms.flatMap(([term, said]) => [element("dt", {}, term), element("dd", {}, said)]));
}

function signerItem({ party, person, role, meaning, key }, reader) {
  const [as, did] = [codeWord("role", role, reader), codeWord("meaning", meaning, reader)];
  const said = texts().signer(nameOf(party, reader), quoted(person), as, did);
  return element("li", {}, ...spoken(said), element("small", {}, element("code", {}, `key:${key}`)));
}

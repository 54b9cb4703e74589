// ------------------------------------------------------------------------------------------------------- at a glance

const ABSENT = ["unconsented", "unreleased"]; // that nothing is on record, of what is shown in part nobody knows

/** Return the first page: six questions, each with its answer and how far that is proven. */
function glance(telling) {
  const { untold, known } = telling;
  if (untold !== null) {
    const [name, ...given] = untold;
    return [element("p", { class: "untold" }, texts()[name](...given)), card("unproven", null, unprovenLines(telling))];
  }
  const part = partOf(telling.report.manifest);
  const facts = factsOf(known).filter(({ name, tags }) => !ABSENT.includes(name) || !tags.some((tag) => part.includes(tag)));
  const of = (...names) => facts.filter(({ name }) => names.includes(name));
  const cards = [
    factCard(telling, "whatIsIt", of("what")),
    factCard(telling, "whereIsIt", of("now", "left", "destroyed", "waste", "waste_certified")),
    factCard(telling, "underWhat", of("origin", "approval", "consignment", "certified")),
    factCard(telling, "released", of("release", "unreleased", "consent", "unconsented")),
    brokenCard(telling),
    wrongCard(telling),
    card("unproven", null, unprovenLines(telling)),
  ];
  const shown = cards.filter((one) => one !== null);
  return [element("p", { class: "hint" }, texts().bySigners), element("div", { class: "cards" }, ...shown)];
}

/** Return a question with its answer. lines: each an array of nodes. verdict: how far it is proven; null: not asked. */
function card(question, verdict, lines) {
  const mark = verdict === null ? [] : [["wrong", "broken"].includes(question) ? recordMark(verdict) : badge(verdict, texts().proven[verdict])];
  const heading = element("h3", {}, texts().questions[question]);
  const told = lines.map((line) => element("li", {}, ...line));
  const style = ["wrong", "broken", "unproven"].includes(question) ? `card many${lines.length > 3 ? " long" : ""}` : "card";
  return element("section", { class: style }, element("div", { class: "ask" }, heading, ...mark), element("ul", {}, ...told));
}

/** Return the mark of what went wrong: of the record alone, without a tick that could be taken for "nothing did". */
function recordMark(verdict) {
  return verdict === Verdict.KNOWN ? element("span", { class: "badge open" }, texts().proven[verdict]) : badge(verdict, texts().proven[verdict]);
}

function factCard(telling, question, facts) {
  if (facts.length === 0) {
    return null;
  }
  const lines = facts.map((fact) => {
    const label = facts.length > 1 ? element("small", {}, WORDS[page.language].about[fact.name]) : "";
    return [label, ...toldFact(telling, fact), ...references(fact.at)];
  });
  const [tags, at] = [facts.flatMap((fact) => fact.tags), facts.flatMap((fact) => fact.at)];
  return card(question, provenOf(telling, tags, at), lines);
}

/** Return the numbers of the events that say something. */
function references(positions) {
  const first = positions.slice(0, 6);
  return first.length === 0 ? [] : [" ", element("span", { class: "at" }, ...linked(texts().at(first, positions.length - first.length)))];
}

// What went wrong.

function wrongCard(telling) {
  const troubles = troublesOf(telling.known);
  const lines = [
    ...troubles.map((trouble) => [trouble.at, troubleLine(telling, trouble)]),
    ...contradictionsOf(telling.known).map((fact) => [fact.at[0], toldFact(telling, fact)]),
    ...correctedEvents(telling).map((event) => [event.position, correctionLine(telling, event)]),
  ];
  // In the order in which it was recorded, whatever it is: who reads it down the page reads what happened.
  const told = lines.sort(([one], [other]) => one - other).map(([, line]) => line);
  const none = withheldTold(telling) === null ? texts().noTrouble : texts().noTroubleShown;
  return card("wrong", provenWhole(telling), [...(troubles.length === 0 ? [[none]] : []), ...told]);
}

/** Return the question whether a rule was broken: by what is recorded, and by which rules that was judged. */
function brokenCard(telling) {
  const [breaches, packs] = [breachesOf(telling), packsOf(telling)];
  const none = withheldTold(telling) === null ? texts().noBreach(nounOf(telling)) : texts().noBreachShown(nounOf(telling));
  const found = breaches.length === 0 ? none : texts().judged(breaches.length);
  const judged = texts().judges(operatorTold(telling), judgedAgain(telling), packs.join(texts().between));
  const lines = breaches.map(([event, breach]) => breachLine(telling, event, breach));
  return card("broken", provenWhole(telling), [spoken(found), ...lines, spoken(judged)]);
}

/** Return who operates the log, whose program judged each act; "" where the bundle does not say. */
function operatorTold(telling) {
  const party = operatorOf(telling.known);
  return party === null ? "" : nameOf(party, readerOf(telling, ""));
}

/** Return the mirrors of the reader's policy that judged all records of the log again. */
function judgedAgain({ report }) {
  return (report.claims.find(({ about }) => about === "checkpoint").facts.replayed ?? []).map(quoted);
}

/** Return what the bundle is about, as a word. */
function nounOf({ report }) {
  return texts().nouns[split(report.subject ?? "", ":")[0]] ?? "";
}

/** Return [event, breach] for each breach that is recorded with what is told. */
function breachesOf({ events }) {
  return events.flatMap((event) => event.breaches.map((breach) => [event, breach]));
}

/** Return how far it is proven what became of the subject, and of what it came in under. */
function provenWhole(telling) {
  const { subject, approvals, consignments } = telling.known;
  return provenOf(telling, [subject, ...approvals, ...consignments]);
}

/** Return the editions of rules that the subject's events were judged by: what they are of, and since when. */
function packsOf({ events }) {
  const judged = events.filter(({ isOfSubject }) => isOfSubject).map(({ rules }) => rules);
  const { form } = WORDS[page.language];
  return [...new Set(judged)].sort().map((rules) => {
    const name = rules.split(" ")[0];
    const [series, since = ""] = split(name, "/");
    const title = Object.hasOwn(WORDS.editions, rules) ? form[`rules ${series}`] : undefined;
    return title === undefined ? quoted(name) : put(form.rules, { title, series: quoted(series), since });
  });
}

/** Return a breach in words: rule, what is wrong, the clause, and why its signers went on. */
function breachLine(telling, event, breach) {
  const { subject } = telling.report;
  const reader = readerOf(telling, event.rules);
  const meant = breach.subjects.includes(subject) ? { ...breach, subjects: [subject] } : breach;
  const [clause, isRead] = groundsOf(breach, event.rules);
  const { form } = WORDS[page.language];
  const grounds = [clauseWords(clause, page.language), isRead ? "" : form.unverified].filter((one) => one !== "");
  return [
    element("strong", {}, breach.rule),
    " ",
    ...spoken(breachTold(meant, reader, event.payload.body)),
    grounds.length === 0 ? "" : ` [${grounds.join(texts().between)}]`,
    element("small", {}, ...spoken(`${texts().reason}${codeWord("reason", breach.reason, reader)} ${texts().at([event.position], 0)}`)),
  ];
}

/** Return what went wrong with its time, and what became of it. */
function troubleLine(telling, { at, beside }) {
  const event = telling.events.find(({ position }) => position === at);
  const more = beside.map((fact) => element("small", {}, ...toldFact(telling, fact), ...references(fact.at)));
  return [...eventLine(telling, event), ...more];
}

function eventLine(telling, event) {
  return [...spoken(sentence(event.payload, readerOf(telling, event.rules))), ...references([event.position])];
}

/** Return the events that a later one took the place of, but those that only say who is who. */
function correctedEvents({ events, later }) {
  return events.filter(({ payload, why }) => later.has(payload.id) && !isWho(why));
}

function correctionLine(telling, event) {
  const by = telling.later.get(event.payload.id);
  if (by.payload.kind === VOIDED) {
    return [element("del", {}, ...eventLine(telling, event)), ` ${texts().voidedBy(by.position)}`];
  }
  const reader = readerOf(telling, by.rules);
  const told = `${texts().corrected(whenTold(by.payload.occurredAt, by.recorded, reader))}${WORDS[page.language].form.rule}`;
  return [...spoken(told), ...spoken(change(event.payload, by.payload, reader)), ...references([by.position])];
}

// What is not proved.

/** Return what some ids are called, first those with a name, and how many more there are; further: of those not given. */
function namesTold(telling, ids, further) {
  const { form } = WORDS[page.language];
  const isNamed = (id) => telling.names.called(id, page.language) !== null;
  const sorted = [...ids.filter(isNamed), ...ids.filter((id) => !isNamed(id))];
  const told = sorted.slice(0, MOST).map((id) => nameOf(id, readerOf(telling, ""))).join(form.between);
  const more = ids.length - Math.min(ids.length, MOST) + further;
  return more > 0 ? put(form.more, { first: told, more }) : told;
}

// What no bundle shows: the names of the claims that say so, what a reader has to know first at the beginning.
const UNSHOWN = ["world", "times", "rules", "left out", "later", "other subjects", "derived tags", "bodies", "texts"];

/** Return all that is not proved of this bundle, and why, a line for each; what no bundle can prove last. */
function unprovenLines(telling) {
  const { report } = telling;
  const failed = report.claims.filter(({ verdict }) => verdict === Verdict.FAILED);
  const open = report.claims.filter(({ verdict, beyond }) => verdict === Verdict.NOT_CHECKED && !beyond);
  const unvouched = open.filter((claim) => isOfIndex(claim) && claim.facts.replayed?.length === 0);
  const isToldElsewhere = (claim) => unvouched.includes(claim) || /^(?:recorded$|part |withheld )/.test(claim.about);
  const others = open.filter((claim) => !isToldElsewhere(claim));
  const strangers = [...new Set(report.claims.flatMap(({ facts }) => facts.strangers ?? []))];
  const beyond = UNSHOWN.flatMap((about) => report.claims.filter((claim) => claim.beyond && claim.about === about));
  const names = (ids, further = 0) => namesTold(telling, ids, further);
  const asked = texts().unproven;
  if (failed.length > 0) {
    return [[asked.failed(failed.length)]];
  }
  return [
    ...(withheldTold(telling) === null ? [] : [asked.withheld]),
    ...(unvouched.length > 0 ? [asked.unvouched] : []),
    ...(strangers.length > 0 ? [asked.strangers(names(strangers))] : []),
    ...(others.length > 0 ? [asked.others(others.length)] : []),
    ...(report.claims.some(({ about, verdict }) => about === "recorded" && verdict !== Verdict.KNOWN) ? [asked.clocks] : []),
    ...beyond.map(({ about, facts }) => asked.beyond[about](facts, names)),
  ].map(spoken);
}

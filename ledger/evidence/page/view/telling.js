// ------------------------------------------------------------------------------------------- what is told of a report

/**
 * Return what a report's events add up to: names, the later statement by the id of each that it corrects or voids, and,
 * where the bundle may be summed up, known. Where it may not be, untold says why. home: the local time that the page names
 * once, for all times that name none.
 */
function tellingOf(report) {
  const events = (report.events ?? []).filter(({ payload }) => payload !== null);
  const later = new Map(events.map((event) => [rewritten(event.payload), event]));
  const [known, untold] = [new Standing(report.subject ?? "", events), whyUntold(report)];
  return { report, events, later, known, untold, names: namesOf(events), home: zoneOf(events.at(-1)?.rules ?? "") };
}

/** Return why a bundle is not summed up, as a text of the page by its name and what it needs; null where it may be. */
function whyUntold({ verdict, events }) {
  if (verdict === Verdict.FAILED || events === null) {
    return ["untoldFailed"];
  }
  const unread = events.find(({ payload }) => payload === null);
  if (unread !== undefined) {
    return ["untoldUnread", unread.position];
  }
  const unknown = events.find(({ payload }) => !Object.hasOwn(WORDS.en.sentence, payload.kind));
  return unknown === undefined ? null : ["untoldKind", unknown.position, unknown.payload.kind];
}

/** Return who reads the page: in its language, in the local time of an edition of rules. */
function readerOf({ report, names, home }, rules) {
  const { language } = page;
  const agent = (id) => agentName(id.slice("agent:".length), rules, language);
  const called = (id) => (id.startsWith("agent:") ? agent(id) : names.called(id, language));
  const zone = rules === "" ? home : zoneOf(rules);
  const isNamed = zone.minutes === home.minutes && zone.jurisdiction === home.jurisdiction;
  return { language, zone: { ...zone, isNamed }, names: called, about: report.subject ?? "", quote: quoted };
}

/** Return the edition of the rules of the event at a position; "" where none is given. */
function rulesAt({ events }, position) {
  return events.find((event) => event.position === position)?.rules ?? "";
}

function toldFact(telling, fact) {
  return spoken(factTold(fact, readerOf(telling, rulesAt(telling, fact.at.at(-1)))));
}

/** Return what an id is called in the page's language. */
function called(telling, id) {
  return spoken(nameOf(id, readerOf(telling, "")));
}

/**
 * Return how far it is proven what a bundle says of some subjects: the worst verdict of all that it holds of them, and of
 * whether that is all. at: the positions of further events that it rests on.
 */
function provenOf({ report, events }, tags, at = []) {
  const found = new Map(report.claims.map((claim) => [claim.about, claim.verdict]));
  const whole = tags.map((tag) => found.get(`tag ${tag}`) ?? found.get(`status ${tag}`) ?? Verdict.NOT_CHECKED);
  const isMeant = (event) => at.includes(event.position) || event.tags.some((tag) => tags.includes(tag));
  const verdicts = [...whole, ...events.filter(isMeant).map(({ verdict }) => verdict)];
  return WORST.find((one) => verdicts.includes(one)) ?? Verdict.KNOWN;
}

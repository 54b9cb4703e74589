// ----------------------------------------------------------------------------------------------------------- facts

// What is told first of whom a bundle is about; the same facts as ledger/evidence/report/facts.py finds. A fact is
// {name, values, at, tags}: its template, what that names, the positions of the statements that say it, and the subjects
// of which nothing may be missing for it to hold.

const DESCRIBED = [
  ...["lot", "type", "collected_on", "collected_until", "donor", "donor_origin", "storage", "thaws"],
  ...["agents", "material", "received_on", "approval_number"],
];
const BEGUN = {
  "item.listed/1": "items",
  "consignment.certified/1": "items",
  "item.collected/1": "items",
  "stock.opened/1": "items",
  ...Object.fromEntries(Object.entries(MADE).map(([kind, [made]]) => [kind, made])),
};
const DECIDED = {
  "approval.suspended/1": "suspended",
  "approval.resumed/1": undefined,
  "approval.withdrawn/1": "withdrawn",
};

/**
 * What the events of one bundle add up to about its subject. events: {position, payload, tags}, oldest first; at least all
 * of the subject and of the items that it was made of.
 */
class Standing {
  constructor(subject, events) {
    this.subject = subject;
    this.all = events;
    this.events = effective(events);
    this.items = this.lineage();
    this.roots = new Map([...this.items].filter(([, item]) => item.known && item.parents.length === 0));
    this.approvals = this.cameIn("approval");
    this.consignments = this.cameIn("consignment");
    this.newest = this.all.filter(({ tags }) => tags.includes(subject)).slice(-1).map(({ position }) => position);
  }

  /** Return the subject, if it is an item, and all that it was made of, each as it is now, by ascending id. */
  lineage() {
    const found = new Map();
    const pending = this.subject.startsWith("item:") ? [this.subject] : [];
    while (pending.length > 0) {
      const id = pending.pop();
      if (!found.has(id)) {
        found.set(id, itemNow(id, this.all));
        pending.push(...found.get(id).parents.filter((one) => typeof one === "string" && isTag(one)));
      }
    }
    return new Map([...found].sort(([one], [other]) => (one < other ? -1 : 1)));
  }

  cameIn(member) {
    const named = [...this.roots.values()].map((item) => item[member]).filter((one) => typeof one === "string");
    return [...new Set(named)].sort();
  }

  /** Return the statements of a kind whose member names a subject, as they count now, oldest first. */
  said(kind, member, tag) {
    return this.events.filter(({ payload }) => payload.kind === kind && payload.body.get(member) === tag);
  }
}

/** Return the facts about a subject; of one that is no item, no approval and no consignment there are none. */
function factsOf(known) {
  const { subject, items, consignments } = known;
  switch (split(subject, ":")[0]) {
    case "item": {
      const facts = [...itemFacts(known), ...approvalFacts(known), ...consignmentFacts(known, consignments)];
      return items.get(subject).known ? facts : [];
    }
    case "approval":
      return approvalFacts(known);
    case "consignment":
      return [...approvalFacts(known), ...consignmentFacts(known, [subject])];
    default:
      return [];
  }
}

/** Return the approvals that the subject is, came in under, or is about, by ascending id. */
function approvalsOf({ subject, items, approvals, events }) {
  switch (split(subject, ":")[0]) {
    case "item":
      return items.get(subject).known ? approvals : [];
    case "approval":
      return [subject];
    case "consignment": {
      const tags = new Set(events.flatMap((event) => event.tags));
      return [...tags].filter((tag) => tag.startsWith("approval:")).sort();
    }
    default:
      return [];
  }
}

/** Return those members that say something, as the values of a fact. */
function some(members) {
  return new Map(Object.entries(members).filter(([, value]) => value !== null && value !== undefined));
}

// What an item is.

function itemFacts(known) {
  const { subject, newest, roots } = known;
  const item = known.items.get(subject);
  const [begun, row] = begunBy(known);
  const described = some(Object.fromEntries(DESCRIBED.map((name) => [name, row.get(name)])));
  const at = begun === null ? [] : [begun.at];
  const tags = [...known.items.keys()];
  const ended = endedFacts(known);
  const facts = [
    { name: "what", values: new Map([["subject", subject], ["products", productsOf(known)], ...described]), at, tags },
    { name: "now", values: nowOf(item), at: newest, tags: [subject] },
    { name: "left", values: some({ quantity: amountOf(item) }), at: goneAt(item, ended) ?? newest, tags: [subject] },
    ...ended,
  ];
  if (item.consignment !== null) {
    facts.push({ name: "origin", values: cameWith(item), at, tags });
  } else if (item.parents.length > 0) {
    const came = [...roots.values()].filter((one) => one.consignment !== null).map(cameWith);
    const isFirst = (one, number) => came.findIndex((other) => pretty(other) === pretty(one)) === number;
    facts.push({ name: "origin", values: some({ parents: item.parents, roots: came.filter(isFirst) }), at, tags });
  } else if (begun !== null) {
    facts.push({ name: "origin", values: new Map([...begun.payload.body, ...described]), at, tags });
  }
  return facts;
}

/** Return where it is said by what an item is gone: what is done with its waste afterwards leaves no less of it. */
function goneAt({ status }, ended) {
  return status === "disposed" ? ended.filter(({ name }) => name === "destroyed").at(-1)?.at : undefined;
}

/** Return the event that brought the subject into being, and its row there. */
function begunBy({ subject, events }) {
  for (const event of [...events].reverse()) {
    const { kind, body } = event.payload;
    const row = Object.hasOwn(BEGUN, kind) ? rowOf(body.get(BEGUN[kind]), subject) : undefined;
    if (row !== undefined) {
      return [event, row];
    }
  }
  return [null, new Map()];
}

/** Return what the roots came in as: the lines of their approvals. */
function productsOf(known) {
  const named = [...known.roots.values()].filter((item) => item.approval !== null);
  const lines = new Map(named.map(({ approval, line }) => [`${approval} ${line}`, [approval, line]]));
  const sorted = [...lines.values()].sort(([one, line], [other, otherLine]) => {
    return one === other ? line - otherLine : one < other ? -1 : 1;
  });
  return sorted.flatMap(([approval, line]) => {
    const granted = known.said("approval.granted/1", "approval", approval).slice(-1);
    return granted.flatMap(({ payload }) => rowsOf(payload.body.get("lines"))).filter((row) => row.get("line") === line);
  });
}

function cameWith({ consignment, approval, line }) {
  return some({ consignment, approval, line });
}

function nowOf(item) {
  const { status, custodian, site, place, checked_out, receiver, holds, ordered } = item;
  const told = holds.length === 0 ? null : holds.map(holdOf);
  const members = { status, custodian, site, place, checked_out, receiver, holds: told, ordered };
  return some({ ...members, excursion: isWarm(item) ? true : null });
}

/** Say whether an excursion of temperature is neither cleared nor what holds the item. */
function isWarm({ excursion, holds }) {
  return excursion && !holds.includes(EXCURSION);
}

function holdOf(ground) {
  if (ground === EXCURSION) {
    return some({ excursion: true });
  }
  const [by, what] = split(ground, "/");
  return by.startsWith("case:") ? some({ case: by, asked: what }) : some({ ground: what ?? "" });
}

function amountOf({ quantity }) {
  return quantity === null ? null : some({ value: answers.writeRatio(quantity.number), unit: quantity.unit });
}

// How it was done away with.

const WASTE = { "waste.handed-over/1": "waste", "waste.certified/1": "waste_certified" };

function endedFacts(known) {
  const { subject } = known;
  const mine = known.events.filter(({ tags }) => tags.includes(subject));
  return mine.flatMap((event) => {
    const { kind, body } = event.payload;
    const isNamed = listOf(body.get("items")).includes(subject);
    const row = rowOf(body.get("items"), subject);
    if (kind === "item.destroyed/1" && row !== undefined && body.get("indicator") !== "failed") {
      return [destroyedFact(known, event, { amount: row.get("quantity"), whole: row.has("quantity") ? null : true })];
    }
    if (kind === "destruction.executed/1" && isNamed) {
      return [destroyedFact(known, event, { ordered: true, whole: true })];
    }
    return Object.hasOwn(WASTE, kind) && isNamed ? [factSaid(WASTE[kind], event, [], [subject])] : [];
  });
}

function destroyedFact(known, event, members) {
  const values = { ...members, before: leftBefore(known, event), ...letBy(known, event) };
  return factSaid("destroyed", event, some(values), [known.subject]);
}

/** Return who approved or ordered that the subject be destroyed, and the position at which that stands. */
function letBy({ subject, events }, { payload: { kind, body, signers: [{ party: by }] } }) {
  const wanted = kind === "item.destroyed/1" ? "disposal.approved/1" : "destruction.ordered/1";
  const found = events.filter(({ payload, tags }) => payload.kind === wanted && tags.includes(subject));
  const last = found.filter(({ payload }) => payload.body.get("case") === body.get("case")).at(-1);
  if (last === undefined) {
    return {};
  }
  const authority = valuesOf(last.payload).get("authority");
  return { let_by: authority, let_at: last.at, let_itself: authority === by ? true : null };
}

/** Return how much of the subject was left just before an act, by all that is recorded now. */
function leftBefore({ subject, events }, act) {
  return amountOf(itemNow(subject, events.filter((event) => event.tags.includes(subject) && byAct(event, act) < 0)));
}

// How it crossed the border.

/** Return what was decided on whether an approval holds, in the order of the acts. */
function decisionsOn(known, approval) {
  const decisions = Object.keys(DECIDED).flatMap((kind) => known.said(kind, "approval", approval));
  return decisions.sort((one, other) => byAct(inPlace(one), inPlace(other)));
}

function approvalFacts(known) {
  return approvalsOf(known).flatMap((approval) => {
    const amended = known.said("approval.amended/1", "approval", approval);
    const beside = [...amended, ...decisionsOn(known, approval).slice(-1)];
    const more = beside.flatMap(({ payload: { kind, body, occurredAt } }) => [
      ...some({ valid_to: body.get("valid_to"), status: DECIDED[kind], since: occurredAt }),
    ]);
    const granted = known.said("approval.granted/1", "approval", approval).slice(-1);
    return granted.map((event) => factSaid("approval", event, more, [approval], beside));
  });
}

function consignmentFacts(known, consignments) {
  return consignments.flatMap((consignment) => {
    const announced = known.said("consignment.announced/1", "consignment", consignment).slice(-1);
    const certified = known.said("consignment.certified/1", "consignment", consignment).slice(-1);
    const consents = known.said("use.consented/1", "consignment", consignment);
    const none = { name: "unconsented", values: some({ consignment }), at: [], tags: [consignment] };
    return [
      ...announced.map((event) => factSaid("consignment", event, [], [consignment])),
      ...certified.map((event) => factSaid("certified", event, [], [consignment])),
      ...releaseFacts(known, consignment),
      ...consents.map((event) => factSaid("consent", event, [], [consignment])),
      ...(consents.length === 0 ? [none] : []),
    ];
  });
}

/** Return the releases of those items that the subject is or was made of, and of which of these none is on record. */
function releaseFacts(known, consignment) {
  const wanted = [...known.roots].filter(([, item]) => item.consignment === consignment).map(([id]) => id);
  const releases = known.said("consignment.released/1", "consignment", consignment);
  const facts = [];
  const left = new Set(wanted);
  for (const event of releases) {
    const names = listOf(event.payload.body.get("items")).filter((one) => typeof one === "string");
    const released = wanted.length === 0 ? names : wanted.filter((id) => names.includes(id));
    released.forEach((id) => left.delete(id));
    if (released.length > 0) {
      facts.push(factSaid("release", event, [["released", released]], [consignment]));
    }
  }
  if (left.size > 0 || (wanted.length === 0 && releases.length === 0)) {
    const values = some({ consignment, released: [...left].sort() });
    facts.push({ name: "unreleased", values, at: [], tags: [consignment] });
  }
  return facts;
}

/** Return a fact that a statement says: its members, and more in their place. beside: what changes it since. */
function factSaid(name, { at, payload }, more, tags, beside = []) {
  const own = payload.body.has("reference") ? [] : [["own", true]];
  const values = new Map([...valuesOf(payload), ["occurred_at", payload.occurredAt], ...own, ...more]);
  const positions = [at, ...beside.map((one) => one.at)].sort(byNumber);
  return { name, values, at: positions, tags };
}

/** Return a fact in words. */
function factTold({ name, values }, reader) {
  const { fact, form } = WORDS[reader.language];
  return fill(readTemplate(fact[name]), (place) => tellPlace(place, values, reader), form.unknown);
}

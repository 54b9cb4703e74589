// ------------------------------------------------------------------------------------------------------ who is who

// The parties with what they may speak as, and the sites; as ledger/evidence/report/people.py.

const OPENING = "log.opened/1";
const ADMITTED = { [OPENING]: ["operator"], "party.registered/1": [] };

/** Return the party that operates the log; null where no event says so. */
function operatorOf(known) {
  const opened = known.events.find(({ payload }) => payload.kind === OPENING);
  return opened === undefined ? null : written(opened.payload.body.get("party"));
}

function peopleOf(known) {
  return known.events.flatMap((event) => {
    if (Object.hasOwn(ADMITTED, event.payload.kind)) {
      return [partyFact(known, event)];
    }
    return event.payload.kind === "site.registered/1" ? [siteFact(known, event)] : [];
  });
}

function partyFact(known, { at, payload: { kind, body } }) {
  const party = body.get("party");
  let roles = ADMITTED[kind];
  const positions = [at];
  for (const { at: changedAt, payload: changed } of known.events) {
    const role = written(changed.body.get("role"));
    if (["role.granted/1", "role.withdrawn/1"].includes(changed.kind) && changed.body.get("party") === party) {
      roles = [...roles.filter((one) => one !== role), ...(changed.kind === "role.granted/1" ? [role] : [])];
      positions.push(changedAt);
    }
  }
  return { name: "party", values: new Map([...body, ["roles", roles]]), at: positions.sort(byNumber), tags: [party] };
}

function siteFact(known, { at, payload: { body } }) {
  const mine = known.said("site.changed/1", "site", body.get("site"));
  const inOrder = mine.map(inPlace).sort(byAct);
  const changed = inOrder.flatMap(({ payload }) => {
    const names = ["level", "certificate", "certificate_to", "active"];
    return [...some(Object.fromEntries(names.map((name) => [name, payload.body.get(name)])))];
  });
  const positions = [at, ...mine.map((one) => one.at)].sort(byNumber);
  return { name: "site", values: new Map([...body, ...changed]), at: positions, tags: [body.get("site")] };
}

function byNumber(one, other) {
  return one - other;
}

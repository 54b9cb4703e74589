// ----------------------------------------------------------------------------------------- which statements count now

// A correction takes the place of the statement that it names, a voiding takes it out; ledger/domain/fold.py.

/**
 * Return the events that count now: position is where each counts, at where it stands itself.
 * events: {position, payload}, oldest first.
 */
function effective(events) {
  const slots = [];
  const places = new Map();
  for (const event of events) {
    const target = rewritten(event.payload);
    const slot = target === null ? undefined : places.get(target);
    if (slot !== undefined && event.payload.kind !== VOIDED) {
      const { position } = slots[slot] ?? event;
      slots[slot] = slots[slot] === null ? null : { ...event, position, at: event.position };
      places.set(event.payload.id, slot);
      continue;
    }
    if (slot !== undefined) {
      slots[slot] = null;
    }
    places.set(event.payload.id, slots.length);
    slots.push({ ...event, at: event.position });
  }
  return slots.filter((event) => event !== null && event.payload.kind !== VOIDED);
}

/** Order events by when their signers say that they occurred, and those of one instant by their positions. */
function byAct(one, other) {
  const [mine, theirs] = [actKey(one), actKey(other)];
  return mine < theirs ? -1 : mine > theirs ? 1 : one.position - other.position;
}

/** Return a text that sorts as the instant does. */
function actKey({ payload }) {
  const [second, fraction = ""] = payload.occurredAt.slice(0, -1).split(".");
  return `${second}.${fraction.padEnd(6, "0")}`;
}

/** Return an event that counts now with the place where it stands itself, whatever it takes the place of. */
function inPlace(event) {
  return { ...event, position: event.at };
}

// ------------------------------------------------------------------------------------------------------------- runs

const READING = "temperature.recorded/1"; // the kind whose statements make runs

/**
 * Return events in their order, those of one run of readings together, and each other one alone; as ledger/words/runs.py.
 * saidOf: returns the statement of an event; null of one that stands alone.
 */
function runsOf(events, saidOf) {
  const runs = [];
  for (const event of events) {
    const run = runOf(saidOf(event));
    const last = runs.at(-1);
    if (run !== "" && last?.run === run) {
      last.events.push(event);
    } else {
      runs.push({ run, events: [event] });
    }
  }
  return runs.map((one) => one.events);
}

/** Return what the fact readings tells of a run. */
function readingValues(said) {
  const bodies = said.map(({ body }) => body);
  const degrees = (body, name) => celsius(body.get(name)) ?? 0n;
  const lowest = bodies.reduce((one, other) => (degrees(other, "minimum") < degrees(one, "minimum") ? other : one));
  const highest = bodies.reduce((one, other) => (degrees(other, "maximum") > degrees(one, "maximum") ? other : one));
  const agreed = ["low", "high"].filter((name) => (bodies[0].get(name) ?? null) !== null);
  return new Map(
    Object.entries({
      by: said[0].signers[0].party,
      number: said.length,
      devices: [...new Set(bodies.map((body) => written(body.get("device") ?? null)))],
      start: bodies[0].get("start") ?? null,
      end: bodies.at(-1).get("end") ?? null,
      minimum: lowest.get("minimum") ?? null,
      maximum: highest.get("maximum") ?? null,
      ...Object.fromEntries(agreed.map((name) => [name, bodies[0].get(name)])),
    }),
  );
}

function runOf(said) {
  if (said === null || said.kind !== READING || said.corrects || !isAsAgreed(said.body)) {
    return "";
  }
  return JSON.stringify([said.signers[0].party, ...["low", "high"].map((name) => written(said.body.get(name) ?? ""))]);
}

function isAsAgreed(body) {
  const [minimum, maximum] = ["minimum", "maximum"].map((name) => celsius(body.get(name)));
  return minimum !== null && maximum !== null && !leftRange(body);
}

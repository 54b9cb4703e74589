// ----------------------------------------------------------------------------------------------------------- steps

const ANSWER_STEP = 15;
const STEP_OF = { ...Object.fromEntries(Object.values(Check).map((check, at) => [check, at + 1])), [Check.ANSWER]: ANSWER_STEP };

function stepTable(report) {
  const [{ check, facts }] = report.claims;
  const fatal = report.events === null ? STEP_OF[check ?? facts.stopped] : null;
  const rows = texts().stepNames.map(([name, asks], step) => [`${step} ${name}`, asks, outcome(report, step, fatal)]);
  return table(texts().steps, [texts().step, texts().asks, texts().outcome], rows, "steps");
}

/** Return what became of a step. fatal: the step that ended the verification, or null. */
function outcome(report, step, fatal) {
  if (step === 0) {
    return texts().yours;
  }
  if (fatal !== null && step !== fatal) {
    return step < fatal ? badge(Verdict.KNOWN, texts().passed(null)) : texts().notReached;
  }
  if (fatal !== null && report.verdict === Verdict.NOT_CHECKED) {
    return badge(Verdict.NOT_CHECKED, texts().below);
  }
  if (step === ANSWER_STEP) {
    const claim = report.claims.find(({ about }) => about === "answer");
    return claim === undefined ? texts().nothing : badge(claim.verdict, texts().claimed[claim.facts.asShown ? "asShown" : FINDS[claim.verdict]]);
  }
  const failed = report.claims.filter((claim) => STEP_OF[claim.check] === step).length;
  if (failed > 0) {
    return badge(Verdict.FAILED, texts().failed(failed));
  }
  return step === 14 ? badge(Verdict.NOT_CHECKED, texts().below) : passedOutcome(report, step);
}

function passedOutcome(report, step) {
  if (step <= 4) {
    return badge(Verdict.KNOWN, texts().passed(null));
  }
  const unknown = report.claims.filter((claim) => claim.verdict === Verdict.UNKNOWN && claim.about.startsWith("event"));
  if (step === 13 && unknown.length > 0) {
    return badge(Verdict.UNKNOWN, texts().unknown(unknown.length));
  }
  const unchecked = report.claims.filter((claim) => claim.verdict === Verdict.NOT_CHECKED && (isOfIndex(claim) || isInPart(claim)));
  if (step === 11 && unchecked.length > 0) {
    return badge(Verdict.NOT_CHECKED, texts().unchecked(unchecked.length));
  }
  const checked = checkedBy(report, step);
  return checked > 0 ? badge(Verdict.KNOWN, texts().passed(checked)) : texts().nothing;
}

function isOfIndex({ about }) {
  return about.startsWith("tag ") || about.startsWith("status ");
}

/** Say whether a claim is that of a subject nothing more is shown than what is there. */
function isInPart({ about }) {
  return about.startsWith("part ");
}

/** Return how many claims a step from 5 on has looked at. */
function checkedBy(report, step) {
  if (step === 11 || step === 12) {
    const isAsked = step === 11 ? isOfIndex : (claim) => claim.about.startsWith("disclosure ");
    return report.claims.filter(isAsked).length;
  }
  const stopped = report.claims.filter((claim) => claim.about.startsWith("event ") && STEP_OF[claim.check] < step);
  return report.events.length - stopped.length;
}

// ---------------------------------------------------------------------------------------------------------- answer

/** Return the parts of the answer. answer: {report, files}; files: {label, name, sha256} for each that was chosen. */
function answerParts({ report, files }) {
  const failures = report.claims.filter((claim) => claim.verdict === Verdict.FAILED);
  const telling = tellingOf(report);
  return [
    summary(telling),
    ...(failures.length > 0 ? parts(failures, failureTable) : []),
    ...claimedParts(telling),
    ...glance(telling),
    ...(report.events === null ? [] : eventParts(telling)),
    element("h2", {}, texts().proof),
    element("p", {}, texts().term(texts().verdicts[report.verdict][0])),
    fileTable(files),
    ...(report.events === null && failures.length > 0 ? [] : openClaims(telling)),
    unfolding(texts().steps, () => stepTable(report)),
    unfolding(texts().claims(report.claims.length), () => parts(report.claims, (claims) => claimTable(telling, claims))),
  ];
}

function summary(telling) {
  const { report } = telling;
  const inPart = report.verdict === Verdict.NOT_CHECKED && withheldTold(telling) !== null;
  const [words, meaning] = inPart ? texts().inPart : [texts().headlines[report.verdict], texts().verdicts[report.verdict][1]];
  const [style, sign] = SIGNS[report.verdict];
  const terms = summaryFacts(telling).map(([term, said]) => element("div", {}, element("dt", {}, term), element("dd", {}, ...[said].flat())));
  return element(
    "div",
    { class: `summary ${style}` },
    element("h2", { id: "verdict", tabindex: "-1" }, element("span", { "aria-hidden": "true" }, `${sign} `), words),
    element("p", {}, meaning, ...(report.verdict === Verdict.FAILED ? [] : [" ", element("strong", {}, texts().record)])),
    ...(telling.untold === null ? standing(telling) : []),
    element("dl", {}, ...terms),
  );
}

/** Return what matters most about the subject as it is now: what whoever reads nothing else must have seen. */
function standing(telling) {
  const facts = standingFacts(telling.known).map((fact) => [...toldFact(telling, fact), ...references(fact.at)]);
  const count = breachesOf(telling).length;
  const lines = [...facts, ...(count === 0 ? [] : [[texts().brokenAtAll(count)]])];
  return lines.length === 0 ? [] : [element("div", { class: "stands" }, list(lines))];
}

function summaryFacts(telling) {
  const { report } = telling;
  if (report.manifest === null) {
    return [];
  }
  const checkpoint = report.claims.find((claim) => claim.about === "checkpoint").facts;
  return [
    [texts().subject, subjectName(telling)],
    [texts().log, foreign(checkpoint.origin)],
    [texts().size, String(checkpoint.size)],
    [texts().asOf, recordedWords(telling)],
    [texts().zone, texts().zoneOf(zoneTold(telling.home, page.language))],
    ...(withheldTold(telling) === null ? [] : [[texts().withheldAt, withheldTold(telling)]]),
    [texts().vouches, checkpoint.replayed.length > 0 ? foreign(texts().replayers(checkpoint.replayed, nounOf(telling))) : texts().nobody],
  ];
}

/** Return what the bundle withholds, as nodes: how many entries and where, and whom or what it shows in part; null of nothing. */
function withheldTold(telling) {
  const { manifest } = telling.report;
  if (manifest === null) {
    return null;
  }
  const [positions, part] = [withheldOf(manifest).map(({ position }) => position), partOf(manifest)];
  if (positions.length + part.length === 0) {
    return null;
  }
  const names = part.length === 0 ? "" : namesTold(telling, part, 0);
  return spoken(texts().withheldWords(positions.slice(0, FEW), positions.length, names));
}

/** Return what the subject is called, and its id; of a bundle that failed nothing but the id. */
function subjectName(telling) {
  const { report } = telling;
  const isNamed = report.verdict !== Verdict.FAILED && telling.names.called(report.subject, page.language) !== null;
  const id = element("small", {}, foreign(report.subject));
  return isNamed ? [element("strong", {}, ...called(telling, report.subject)), id] : foreign(report.subject);
}

/** Return by when all was recorded, in the local time of the newest event. */
function recordedWords(telling) {
  const { report } = telling;
  const { by, agree } = report.claims.find((claim) => claim.about === "recorded")?.facts ?? { by: null };
  if (by === null) {
    return texts().none;
  }
  const reader = readerOf(telling, telling.events.at(-1)?.rules ?? "");
  return agree ? element("time", { datetime: by }, ...unbroken(zoned(readInstant(by), reader))) : texts().clocks;
}

/** Return which files were verified and by what, so that a printed page says what it is about. */
function fileTable(files) {
  const rows = files.map(({ label, name, sha256 }) => [
    texts()[label],
    foreign(name),
    element("code", {}, sha256),
  ]);
  return table(texts().files, [texts().role, texts().file, "SHA-256"], rows, "claims");
}

function failureTable(failures) {
  const rows = failures.map((claim) => [
    badge(Verdict.FAILED, texts().stepNames[STEP_OF[claim.check]][0]),
    foreign(texts().aboutWords(claim.about)),
    findingText(claim.words),
  ]);
  return table(texts().failures, [texts().step, texts().about, texts().found], rows, "claims");
}

/** Return what the verifier found in the page's language; in English where there are no words for it. */
function findingText(words) {
  const told = texts().finding(words);
  return element("span", told === words ? { lang: "en" } : {}, foreign(told));
}

function claimTable(telling, claims) {
  const rows = claims.map((claim) => [
    badge(claim.verdict),
    aboutClaim(telling, claim),
    foreign(texts().claim(claim)),
  ]);
  return table(texts().claims(telling.report.claims.length), [texts().verdict, texts().about, texts().found], rows, "claims");
}

/** Return what a claim is about; of a subject with a name, its name too. */
function aboutClaim(telling, { about }) {
  const id = about.split(" ").at(-1);
  const name = (isOfIndex({ about }) || isInPart({ about })) && telling.report.verdict !== Verdict.FAILED ? telling.names.called(id, page.language) : null;
  const said = foreign(texts().aboutWords(about));
  return name === null ? said : [element("div", {}, ...spoken(nameOf(id, readerOf(telling, "")))), element("small", {}, said)];
}

function openClaims(telling) {
  const open = telling.report.claims.filter((claim) => claim.verdict === Verdict.NOT_CHECKED && !claim.beyond);
  const heads = [texts().verdict, texts().about, texts().found];
  const make = (claims) => {
    const rows = claims.map((claim) => [badge(claim.verdict), aboutClaim(telling, claim), foreign(texts().claim(claim))]);
    return table(texts().notChecked, heads, rows, "claims");
  };
  return open.length === 0 ? [] : [unfolding(texts().notCheckedOf(open.length), () => parts(open, make))];
}

  // A claimed answer: computed from the events that the bundle proves, before it is compared.

  const HERE_NOT = (what) => `the answer to ${what} is not computed here: \`vialog evidence ask\` computes it`;

  const WITHDRAWN = "consent.withdrawn/1"; // what it reaches the table does not say

  /** What is found of an answer before its rows are compared. Never leaves this part. */
  class Found extends Error {
    constructor(words, verdict = Verdict.NOT_CHECKED) {
      super(words);
      this.verdict = verdict;
    }
  }

  /**
   * Return what is found of the answer that a bundle claims: {words, verdict, claimed, rows}. claimed: the answer, null where it
   * cannot be read; rows: what follows, null where that cannot be computed.
   *
   * verification: behind all other steps. claims: what was found of the bundle before.
   */
  function checkAnswer(verification, claims) {
    const seen = { claimed: null, rows: null };
    try {
      return { ...agreeing(answered(verification, claims, seen), verification.opened.manifest), ...seen };
    } catch (error) {
      if (error instanceof Found) {
        return { words: error.message, verdict: error.verdict, ...seen };
      }
      throw error;
    }
  }

  /** Return what is said of an answer whose rows follow from what a bundle shows. count: of the rows. */
  function agreeing(count, manifest) {
    if (withheldOf(manifest).length + partOf(manifest).length === 0) {
      return { words: `what is claimed follows from the bundle, all rows of it: ${count}`, verdict: Verdict.KNOWN };
    }
    const bound = `it is not bound to what is withheld: ${withheldWords(manifest)}`;
    return { words: `it agrees as far as is shown, all rows of it: ${count}; ${bound}`, verdict: Verdict.NOT_CHECKED, asShown: true };
  }

  /** Return how many rows an answer has that agrees. */
  function answered({ opened, ...verification }, claims, seen) {
    const failed = claims.find(({ verdict }) => verdict === Verdict.FAILED);
    if (failed !== undefined) {
      throw new Found(`the bundle does not hold: ${failed.about}: ${failed.words}`);
    }
    const claimed = readClaimed(opened);
    seen.claimed = claimed;
    const { question, subject, asOf } = claimed;
    if (!Object.hasOwn(QUESTIONS, question)) {
      throw new Found(HERE_NOT(question));
    }
    if (!ASKED_ABOUT[question].includes(typeOf(subject))) {
      throw new Found(`${question} is not asked about ${subject}`);
    }
    if (asOf > opened.manifest.size) {
      throw new Found(`it is asked as of position ${asOf}, and the bundle proves the record up to ${opened.manifest.size}`);
    }
    const proven = new Proven(opened, verification, claims, asOf);
    checkNarrowed(claimed);
    try {
      const asked = askedOf(claimed, proven);
      proven.check();
      if (question === "ancestors" && asked.acts.some(({ kind }) => kind === WITHDRAWN)) {
        throw new Beyond("ancestors where a consent was withdrawn");
      }
      const editions = editionsOf(claimed, asked.acts);
      seen.rows = QUESTIONS[question](asked);
      return comparedAnswer(claimed, seen.rows, editions, (without) => QUESTIONS[question]({ ...asked, without }));
    } catch (error) {
      if (error instanceof Beyond) {
        throw new Found(HERE_NOT(error.message));
      }
      if (error instanceof Unreadable) {
        proven.check();
        throw new Found(`it rests on event ${error.position}, whose body is not of its form`);
      }
      throw error;
    }
  }

  /** Throw where an answer is narrowed by what the question does not take, or by no text. */
  function checkNarrowed({ question, parameters }) {
    for (const [name, value] of Object.entries(parameters)) {
      const isTaken = question === "descendants" && ["lot", "donor"].includes(name);
      if (!isTaken || typeof value !== "string" || value === "") {
        const problem = isTaken ? "is not a text, or is empty" : `is not what ${question} is narrowed by`;
        throw new Found(new Malformed("EVD-23", `$.parameters.${name}`, problem).message);
      }
    }
  }

  function readClaimed({ files, manifest }) {
    let claimed;
    try {
      claimed = parseAnswer(files.get("answer.json"));
    } catch (error) {
      if (!(error instanceof Malformed)) {
        throw error;
      }
      throw error.newer === "" ? new Found(error.message, Verdict.FAILED) : new Found(tooOld(error.newer));
    }
    if (claimed.log !== manifest.log) {
      throw new Found(`it is an answer of the log ${claimed.log}`, Verdict.FAILED);
    }
    return claimed;
  }

  /** Return what is asked, with the acts that it rests on; of the answer nothing else is read. told: where acts come from. */
  function askedOf({ question, subject, now, until, parameters, earlier }, told) {
    const whole = NEEDS[question](subject, told);
    const held = new Map([...whole].flatMap((tag) => told.about(tag)).map((act) => [act.position, act]));
    const acts = [...held.keys()].sort((one, other) => one - other).map((position) => held.get(position));
    const counting = until === null ? acts : countingOf(acts).filter(({ at }) => at <= until);
    const later = question === "whereabouts" ? told.later(subject) : [];
    const record = new ActRecord(counting, whole);
    return { subject, whole, acts, counting: record, later, now, until, narrowed: parameters, earlier, without: [] };
  }

  /** Return the rows that follow from acts that are all there are, or which answer is beyond the table; for tests. */
  function rowsByTable(question, subject, { acts, asOf, now, until, parameters, earlier }) {
    const mine = (tag, isLater) => acts.filter((act) => act.tags.includes(tag) && act.position > asOf === isLater);
    const told = { about: (tag) => mine(tag, false), later: (tag) => mine(tag, true) };
    try {
      const narrowed = Object.fromEntries(parameters);
      return QUESTIONS[question](askedOf({ question, subject, now, until, parameters: narrowed, earlier }, told));
    } catch (error) {
      if (error instanceof Beyond) {
        return error.message;
      }
      throw error;
    }
  }

  /** Return the editions that judged the acts, and those that are due: of their jurisdictions all that had begun, too. */
  function editionsOf({ jurisdiction, now }, acts) {
    const here = EFFECTS_TABLE.editions;
    if (Object.values(here).every((one) => one.jurisdiction !== jurisdiction)) {
      throw new Found(`no rules of ${jurisdiction} are here`);
    }
    const unknown = acts.find(({ rules }) => !Object.hasOwn(here, rules));
    if (unknown !== undefined) {
      throw new Found(`the edition ${unknown.rules} judged event ${unknown.position}, and is not here`);
    }
    const judged = [...new Set(acts.map(({ rules }) => rules))];
    const jurisdictions = [jurisdiction, ...judged.map((name) => here[name].jurisdiction)];
    const hasBegun = ([, one]) => jurisdictions.includes(one.jurisdiction) && one.since <= localDay(now, one.minutes);
    const begun = Object.entries(here).filter(hasBegun).map(([name]) => name);
    return { judged, due: sortedOnce([...judged, ...begun]) };
  }

  function localDay(instant, minutes) {
    return new Date(Date.parse(`${instant.slice(0, 19)}Z`) + minutes * 60000).toISOString().slice(0, 10);
  }

  function comparedAnswer(claimed, rows, { judged, due }, again) {
    const here = EFFECTS_TABLE.editions;
    const unknown = claimed.editions.find((one) => !Object.hasOwn(here, one));
    if (unknown !== undefined) {
      throw new Found(`it is claimed with the edition ${unknown}, which is not here`);
    }
    const named = claimed.editions.map((one) => here[one].jurisdiction);
    // Whoever claims may not have had an edition that judged nothing of it.
    const isFurther = (one) => !judged.includes(one) && !claimed.editions.includes(one) && named.includes(here[one].jurisdiction);
    const [editions, further] = [due.filter((one) => !isFurther(one)), due.filter(isFurther)];
    const found = differenceOf(claimed, { rows, editions });
    if (found !== "" && further.length > 0 && differenceOf(claimed, { rows: again(further), editions }) === "") {
      throw new Found(`it is claimed without the edition ${further[0]}, and other rows follow with it`);
    }
    if (found !== "") {
      throw new Found(found, Verdict.FAILED);
    }
    return rows.length;
  }

  /** The acts of a bundle up to a position, and those behind it; of a subject of which not all is proven none. */
  class Proven {
    constructor({ witnessed }, { held, events, unread }, claims, asOf) {
      this.byWord = witnessed.replayed.length === 0 && unread === null;
      this.verdicts = new Map(claims.map(({ about, verdict }) => [about, verdict]));
      Object.assign(this, { held, events, asOf, acts: new Map(), unproven: new Set(), unread: new Map(), of: new Map() });
      for (const [position, { entry }] of held) {
        for (const tag of entry.tags) {
          this.of.has(tag) || this.of.set(tag, []);
          this.of.get(tag).push(position);
        }
      }
    }

    about(tag) {
      return this.all(tag, (position) => position <= this.asOf);
    }

    later(tag) {
      return this.all(tag, (position) => position > this.asOf);
    }

    /** Throw where something that was asked for is not proven. */
    check() {
      if (this.unread.size > 0) {
        const position = Math.min(...this.unread.keys());
        throw new Found(`it rests on event ${position}, and cannot be computed: ${this.unread.get(position)}`);
      }
      if (this.unproven.size > 0) {
        const [first, ...others] = sortedOnce([...this.unproven]);
        const named = others.length > 0 ? `${first} and ${others.length} more` : first;
        throw new Found(`it rests on all events of ${named}, and the bundle does not prove that`);
      }
    }

    all(tag, isAsked) {
      const verdict = this.verdicts.get(`tag ${tag}`);
      if (verdict !== Verdict.KNOWN && !(verdict === Verdict.NOT_CHECKED && this.byWord)) {
        this.unproven.add(tag);
        return [];
      }
      const found = (this.of.get(tag) ?? []).filter(isAsked).map((position) => this.act(position));
      return found.filter((act) => act !== null);
    }

    act(position) {
      const { payload = null, verdict = Verdict.FAILED } = this.events.get(position) ?? {};
      if (payload === null || (verdict !== Verdict.KNOWN && verdict !== Verdict.UNKNOWN)) {
        this.unread.set(position, "its keys or signatures could not be checked");
      } else if (!EFFECTS_TABLE.kinds.includes(payload.kind)) {
        this.unread.set(position, tooOld(`the kind ${payload.kind}, which it does not know`));
      } else if (!this.acts.has(position)) {
        this.acts.set(position, actOf(this.held.get(position).entry, payload));
      }
      return this.acts.get(position) ?? null;
    }
  }

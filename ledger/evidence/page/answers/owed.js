
  // The answer to what is owed in a matter: each obligation as it stands at the instant that is asked for.

  function owed(asked) {
    const standing = owedOf(asked).map((one) => [one, owedStateAt(one, asked.now)]);
    return standing.filter(([, state]) => state !== null).map(([one, state]) => owedRow(one, state, asked));
  }

  /** Return how an obligation stands at an instant; null: it was not opened yet. */
  function owedStateAt(one, instant) {
    if (instant < one.step.act.at) {
      return null;
    }
    if (one.met !== null && one.met <= instant) {
      return "met";
    }
    if (one.lapsed !== null && one.lapsed <= instant) {
      return "lapsed";
    }
    if (pausedSince(one, instant) !== null) {
      return "paused";
    }
    return one.until !== null && one.until < instant ? "lapsed" : one.due === null ? "open" : "due";
  }

  /** Return since when the clock stands at an instant; null: it does not. */
  function pausedSince({ pauses }, instant) {
    return pauses.find(({ begun, ended }) => begun <= instant && (ended === null || instant < ended))?.begun ?? null;
  }

  function isOverdue(one, state, instant) {
    if (one.due === null || state === "met" || state === "lapsed") {
      return false;
    }
    const paused = pausedSince(one, instant);
    return one.due.at < instant && (paused === null || paused > one.due.at);
  }

  function owedRow(one, state, asked) {
    const { duty, step } = one;
    const ended = state === "met" ? one.met : state === "lapsed" ? one.lapsed : null;
    const edition = editionFor(one, asked);
    const own = [null, null, duty.clause ?? "", duty.confidence ?? null];
    const [, , clause, confidence] = edition?.terms[duty.law ?? duty.term] ?? own;
    const [since, due] = [moment(step.act.at), one.due === null ? null : one.due.written];
    const why = {
      ...whyOf(step.act),
      ...{ rests: one.id, clause, confidence: clause === "" ? null : confidence, edition: edition?.id ?? "", since, due },
      closed_by: ended !== null || state === "lapsed" ? [] : sortedOnce(kindsIn(duty.closes)),
    };
    return {
      ...{ concerns: one.concerns, owed_by: one.debtor, owed_to: one.creditor, state, since, due },
      ...{ overdue: isOverdue(one, state, asked.now), ended: ended === null ? null : moment(ended), why },
    };
  }

  // The form of answer.json; nothing that it claims is checked here.

  const ANSWER_FORMATS = ["vialog-answer/1", "vialog-answer/2", "vialog-answer/3", "vialog-answer/4", "vialog-answer/5"];
  // By question the forms that its answers may be of, by each of which other rows follow; others are of the first.
  const ANSWERED_IN = {
    balance: ANSWER_FORMATS.slice(0, 3),
    signatures: ANSWER_FORMATS.slice(3, 4),
    whereabouts: [ANSWER_FORMATS[0], ANSWER_FORMATS[4]],
  };
  const OF_STATEMENTS = ["signatures"];
  const ANSWER_MEMBERS = [
    ...["as_of", "at", "editions", "format", "jurisdiction", "log", "now", "parameters", "question", "rows", "subject"],
  ];
  const ORIGIN = /^[0-9A-Za-z][0-9A-Za-z._~:/-]{0,127}$/;
  const QUESTION = /^[a-z]+(?:-[a-z]+){0,9}$/;
  const PARAMETER = /^[a-z_]{1,32}$/;
  const EDITION = /^[a-z0-9-]{1,64}\/[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9a-f]{64}$/;
  const IN_ENTRIES = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;
  const [MOST_ROWS, MOST_BRACKETS, MOST_DEEP] = [65535, 400000, 16];
  const [FIRST_YEAR, LAST_YEAR] = [1900, 2999];

  function parseAnswer(data) {
    const value = oneForm(data);
    const said = readMembers(isPlain(value) ? new Map(Object.entries(value)) : value, "$", ANSWER_MEMBERS);
    const question = readForm(said.get("question"), "$.question", "EVD-23", QUESTION, "the name of a question");
    const forms = Object.hasOwn(ANSWERED_IN, question) ? ANSWERED_IN[question] : ANSWER_FORMATS.slice(0, 1);
    const form = said.get("format");
    if (!forms.includes(form)) {
      throw new Malformed("EVD-23", "$.format", `is not ${forms.join(" or ")}`);
    }
    const editions = readArray(said.get("editions"), "$.editions", 0, MOST_ROWS).map((one, at) => {
      return readForm(one, `$.editions[${at}]`, "EVD-23", EDITION, "an edition");
    });
    if (editions.some((one, at) => at > 0 && editions[at - 1] >= one)) {
      throw new Malformed("EVD-23", "$.editions", "is not in ascending order, each once");
    }
    return {
      log: readForm(said.get("log"), "$.log", "EVD-23", ORIGIN, "the origin of a log"),
      question,
      subject: subjectIn(said.get("subject"), question),
      asOf: positionIn(said.get("as_of")),
      now: instantIn(said.get("now"), "$.now"),
      until: said.get("at") === null ? null : instantIn(said.get("at"), "$.at"),
      jurisdiction: readForm(said.get("jurisdiction"), "$.jurisdiction", "EVD-23", /^[A-Z]{2}$/, "two capital letters"),
      parameters: parametersIn(said.get("parameters")),
      editions,
      rows: readArray(said.get("rows"), "$.rows", 0, MOST_ROWS).map((one, at) => plainIn(one, `$.rows[${at}]`)),
      earlier: form === forms.at(-1) ? null : ANSWER_FORMATS.indexOf(form) + 1,
    };
  }

  /** Return the value that some bytes write in the one form; what is too large or too deep is not made first. */
  function oneForm(data) {
    const text = decodeUtf8(data);
    if (text === null) {
      throw new Malformed("EVD-23", "$", "not UTF-8");
    }
    const found = /"format":"([a-z/0-9-]{1,64})"/.exec(text)?.[1] ?? "";
    if (!ANSWER_FORMATS.includes(found)) {
      const problem = `is not ${ANSWER_FORMATS.join(" or ")}`;
      throw new Malformed("EVD-23", "$.format", problem, newerFormat(found, ANSWER_FORMATS.at(-1)));
    }
    if (text.split(/[[{]/).length - 1 > MOST_BRACKETS || nestsTooDeep(text, MOST_DEEP)) {
      throw new Malformed("EVD-23", "$", `nests deeper than ${MOST_DEEP}, or has more than ${MOST_BRACKETS} brackets`);
    }
    let value;
    try {
      value = JSON.parse(text);
    } catch {
      value = undefined;
    }
    if (value === undefined || !isOfTexts(value)) {
      throw new Malformed("EVD-23", "$", "is not JSON of texts and whole numbers");
    }
    if (canonical(value) !== text) {
      throw new Malformed("EVD-23", "$", "is not written in its one form: member order, white space or escapes");
    }
    return value;
  }

  function isOfTexts(value) {
    if (Array.isArray(value)) {
      return value.every(isOfTexts);
    }
    if (isPlain(value)) {
      return Object.entries(value).every(([name, one]) => isOfTexts(name) && isOfTexts(one));
    }
    return typeof value === "string" ? !/\p{Surrogate}/u.test(value) : typeof value !== "number" || Number.isSafeInteger(value);
  }

  function plainIn(value, member) {
    if (!isPlain(value)) {
      throw new Malformed("EVD-23", member, "is not an object");
    }
    return value;
  }

  function parametersIn(value) {
    for (const [name, said] of Object.entries(plainIn(value, "$.parameters"))) {
      if (typeof said !== "string" && typeof said !== "number") {
        throw new Malformed("EVD-23", `$.parameters.${name}`, "is neither a text nor a number");
      }
      readForm(name, "$.parameters", "EVD-23", PARAMETER, "the name of a parameter");
    }
    return value;
  }

  function positionIn(value) {
    const position = readCount(value, "$.as_of");
    if (position < 1 || position > MAX_POSITION) {
      throw new Malformed("EVD-23", "$.as_of", `is not between 1 and ${MAX_POSITION}`);
    }
    return position;
  }

  function instantIn(value, member) {
    const text = readText(value, member);
    if (!IN_ENTRIES.test(text) || !isTime(text)) {
      throw new Malformed("EVD-23", member, "is not a time in UTC with six digits of a second");
    }
    const year = Number(text.slice(0, 4));
    if (year < FIRST_YEAR || year > LAST_YEAR) {
      throw new Malformed("EVD-23", member, `is not in the years ${FIRST_YEAR} to ${LAST_YEAR}`);
    }
    return text;
  }

  function subjectIn(value, question) {
    const text = readText(value, "$.subject");
    if (OF_STATEMENTS.includes(question) && !STATEMENT_ID.test(text)) {
      throw new Malformed("EVD-23", "$.subject", "is not the id of a statement");
    }
    if (!OF_STATEMENTS.includes(question) && !isTag(text)) {
      throw new Malformed("EVD-23", "$.subject", "is not the id of a subject");
    }
    return text;
  }

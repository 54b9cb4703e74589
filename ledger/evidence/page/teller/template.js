// ------------------------------------------------------------------------------------------------------- templates

// A text with places that members of a JSON object are put into; how they are written says ledger/words/template.py.

const PLACE = /\{([=#+?@!]?)([^{}:]*)(?::([^{}]*))?\}/y;
const PLAIN = /[^[\]{}|]+/y;
const STEP = /^([a-z_]+)(?:\(([a-z_]*)(!?=)([^()]*)\))?$/;
const READ = new Map();

/** Return a template that was read: texts, places {sigil, path, word} and choices {parts}. */
function readTemplate(text) {
  if (!READ.has(text)) {
    READ.set(text, readParts(text, 0)[0][0]);
  }
  return READ.get(text);
}

/** Read parts up to the bracket that closes them, or to the end; return them and where that is. */
function readParts(text, from) {
  const parts = [[]];
  let at = from;
  while (at < text.length && text[at] !== "]") {
    if (text[at] === "[") {
      const [inner, end] = readParts(text, at + 1);
      parts.at(-1).push({ parts: inner });
      at = end + 1;
    } else if (text[at] === "|") {
      parts.push([]);
      at += 1;
    } else {
      const pattern = text[at] === "{" ? PLACE : PLAIN;
      pattern.lastIndex = at;
      const [whole, sigil, path, word] = pattern.exec(text);
      parts.at(-1).push(pattern === PLAIN ? whole : { sigil, path: readPath(path), word: word ?? "" });
      at += whole.length;
    }
  }
  return [parts, at];
}

function readPath(text) {
  const steps = text === "" ? [] : text.split(/\.(?![^(]*\))/);
  return steps.map((one) => {
    const [, member, of, test, value] = STEP.exec(one);
    return { member, test: test ?? "", of: of ?? "", value: value ?? "" };
  });
}

/** Return a template as a text. tell: puts a place into words, null where it has none; missing: what then is said. */
function fill(template, tell, missing) {
  return fillOrNull(template, tell, missing) ?? "";
}

/** Return a template as a text; where a place outside of its brackets lacks its value null, or what is missing. */
function fillOrNull(template, tell, missing = null) {
  let told = "";
  for (const one of template) {
    const put = typeof one === "string" ? one : one.parts === undefined ? (tell(one) ?? missing) : fillChoice(one, tell);
    if (put === null) {
      return null;
    }
    told += put;
  }
  return told;
}

function fillChoice({ parts }, tell) {
  for (const part of parts) {
    const put = fillOrNull(part, tell);
    if (put !== null) {
      return put;
    }
  }
  return "";
}

/** Return the values that a path leads to. about: of a list that holds it, or a row about it, only that counts. */
function valuesAt(path, values, about = "") {
  let found = [values];
  for (const step of path) {
    const inner = found.filter((one) => one instanceof Map).map((one) => one.get(step.member));
    found = inner.flatMap((value) => own(listed(value, step), about)).filter((one) => passes(one, step));
  }
  return found;
}

function own(rows, about) {
  const mine = about === "" || rows.length < 2 ? [] : rows.filter((one) => isAbout(one, about));
  return mine.length > 0 ? mine : rows;
}

function isAbout(value, about) {
  return value instanceof Map ? [...value.values()].includes(about) : value === about;
}

function listed(value, { test, of, value: wanted }) {
  if (Array.isArray(value)) {
    return value.length === 0 && test === "=" && of === "" && wanted === "" ? [""] : value;
  }
  return value === undefined || value === null ? [] : [value];
}

function passes(value, { test, of, value: wanted }) {
  if (test === "") {
    return value !== null;
  }
  const tested = of === "" ? value : value instanceof Map ? value.get(of) : null;
  const isSame = !(tested instanceof Map || Array.isArray(tested)) && written(tested) === wanted;
  return isSame === (test === "=");
}

/** Return a value that is neither list nor object as it is written in JSON, a text without its quotes. */
function written(value) {
  return ["boolean", "number", "string"].includes(typeof value) ? String(value) : "";
}

/** Return a strict JSON value as indented text. */
function pretty(value, indent = "") {
  const inner = `${indent}  `;
  if (value instanceof Map && value.size > 0) {
    const members = [...value].map(([name, one]) => `${inner}${JSON.stringify(name)}: ${pretty(one, inner)}`);
    return `{\n${members.join(",\n")}\n${indent}}`;
  }
  if (Array.isArray(value) && value.length > 0) {
    return `[\n${value.map((one) => inner + pretty(one, inner)).join(",\n")}\n${indent}]`;
  }
  return value instanceof Map ? "{}" : JSON.stringify(value);
}

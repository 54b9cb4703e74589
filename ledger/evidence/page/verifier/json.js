// --------------------------------------------------------------------------------------------------- ids and times

const NAME = "[0-9A-Za-z](?:[0-9A-Za-z-]{0,62}[0-9A-Za-z])?";
const TAG = new RegExp(`^(?:(?:item|approval|consignment|party|site|case|permit):${NAME}|key:[0-9a-f]{64})$`);
const STATEMENT_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const WRITTEN_TIME = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d{3}|\.\d{6})?Z$/;

function isTag(text) {
  return TAG.test(text);
}

/** Say whether a text is a time in UTC in its one form, and a date of the calendar. */
function isTime(text) {
  const [, year, month, day, hour, minute, second] = (WRITTEN_TIME.exec(text) ?? []).map(Number);
  if (!(year >= 1 && month >= 1 && month <= 12 && hour < 24 && minute < 60 && second < 60)) {
    return false;
  }
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
  return day >= 1 && day <= days;
}

// ------------------------------------------------------------------------------------------- the members of JSON

// Values of JSON are null, true, false, numbers, strings, arrays, and a Map for an object: a Map keeps the members in
// the order written and knows no inherited names.

/** Return an object that has all required members and no others but the optional ones; grows: it may get further ones. */
function readMembers(value, member, required, optional = [], { grows = false } = {}) {
  const said = readObject(value, member);
  for (const name of said.keys()) {
    if (!required.includes(name) && !optional.includes(name)) {
      const path = memberPath(member, [name]);
      const newer = grows ? `the member ${path}, which it does not know` : "";
      throw new Malformed("STM-17", path, "is not a member that belongs here", newer);
    }
  }
  for (const name of required) {
    if (!said.has(name)) {
      throw new Malformed("STM-16", memberPath(member, [name]), "is missing");
    }
  }
  return said;
}

function readObject(value, member) {
  if (!(value instanceof Map)) {
    throw new Malformed("STM-18", member, "is not an object");
  }
  return value;
}

function readArray(value, member, least, most) {
  if (!Array.isArray(value)) {
    throw new Malformed("STM-18", member, "is not an array");
  }
  if (value.length < least || value.length > most) {
    throw new Malformed("STM-18", member, `has ${value.length} items, not ${least} to ${most}`);
  }
  return value;
}

function readText(value, member) {
  if (typeof value !== "string") {
    throw new Malformed("STM-18", member, "is not a text");
  }
  return value;
}

/** Return a text that a pattern matches; the pattern is anchored at both ends. */
function readForm(value, member, rule, pattern, words) {
  const text = readText(value, member);
  if (!pattern.test(text)) {
    throw new Malformed(rule, member, `is not ${words}`);
  }
  return text;
}

function readChoice(value, member, rule, choices) {
  const text = readText(value, member);
  if (!choices.includes(text)) {
    throw new Malformed(rule, member, `is none of ${choices.join(", ")}`);
  }
  return text;
}

function readCount(value, member) {
  if (!Number.isInteger(value)) {
    throw new Malformed("STM-18", member, "is not a whole number");
  }
  if (value < 0) {
    throw new Malformed("STM-44", member, "is negative");
  }
  return value;
}

/** Return where a member stands, like $.body.items[3].quantity; odd names are quoted, in ASCII, and cut. */
function memberPath(root, steps) {
  return root + steps.map(writeStep).join("");
}

function writeStep(step) {
  if (typeof step === "number") {
    return `[${step}]`;
  }
  if (/^[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(step)) {
    return `.${step}`;
  }
  const escaped = (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return `[${JSON.stringify([...step].slice(0, 64).join("")).replace(/[^ -~]/g, escaped)}]`;
}

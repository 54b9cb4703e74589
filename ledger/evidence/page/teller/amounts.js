// --------------------------------------------------------------------------------------------------------- amounts

// A number is a BigInt that counts steps of 10^-30, so that what is compared is compared exactly.

const DECIMAL = /^(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,9})?$/;
const PLACES = 30;
const ONE = 10n ** BigInt(PLACES);

/** Return the number that a plain decimal writes; null of another text. */
function readDecimal(text) {
  if (!DECIMAL.test(text)) {
    return null;
  }
  const [whole, fraction = ""] = text.split(".");
  return BigInt(whole + fraction.padEnd(PLACES, "0"));
}

/** Write a number without an exponent and without zeros at its end. */
function writeDecimal(number) {
  const digits = (number < 0n ? -number : number).toString().padStart(PLACES + 1, "0");
  const fraction = digits.slice(-PLACES).replace(/0+$/, "");
  return (number < 0n ? "-" : "") + digits.slice(0, -PLACES) + (fraction === "" ? "" : `.${fraction}`);
}

/** Return an amount in words: "1 vial", "2.5 mL". */
function amountWords(value, unit, reader) {
  const { unit: units, form } = WORDS[reader.language];
  const number = readDecimal(value);
  if (number === null) {
    return reader.quote(`${value} ${unit}`);
  }
  const isKnown = Object.hasOwn(units, unit);
  const [single, many = ""] = split(isKnown ? units[unit] : unit, "/");
  const told = number === ONE || many === "" ? single : many;
  return put(form.amount, { value: writeDecimal(number), unit: isKnown ? told : reader.quote(told) });
}

/** Return a text in two, at a mark; the second is missing where the mark is. */
function split(text, mark) {
  const at = text.indexOf(mark);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

/** Return a text with values put into its braces. */
function put(text, values) {
  return text.replace(/\{([a-z_]+)\}/g, (_, name) => values[name]);
}

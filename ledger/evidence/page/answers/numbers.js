  // Numbers are whole numbers over whole numbers, {n, d}, both BigInt and without a common divisor: nothing is ever rounded.

  const NUMBER = /^(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,9})?$/;
  const MOST_DIGITS = 28; // of a decimal; what needs more is written as a fraction

  function ratio(n, d = 1n) {
    let [one, other] = [n < 0n ? -n : n, d < 0n ? -d : d];
    while (other !== 0n) {
      [one, other] = [other, one % other];
    }
    const by = (one === 0n ? 1n : one) * (d < 0n ? -1n : 1n);
    return { n: n / by, d: d / by };
  }

  const ZERO = ratio(0n);
  const UNIT = ratio(1n);
  const plus = (one, other) => ratio(one.n * other.d + other.n * one.d, one.d * other.d);
  const minus = (one, other) => ratio(one.n * other.d - other.n * one.d, one.d * other.d);
  const times = (one, other) => ratio(one.n * other.n, one.d * other.d);
  const over = (one, other) => ratio(one.n * other.d, one.d * other.n);
  const compared = (one, other) => one.n * other.d - other.n * one.d;

  /** Return the number that a text writes; null of another text. */
  function readRatio(text) {
    if (typeof text !== "string" || !NUMBER.test(text)) {
      return null;
    }
    const [whole, fraction = ""] = text.split(".");
    return ratio(BigInt(whole + fraction), 10n ** BigInt(fraction.length));
  }

  /** Write a number as a decimal, or as a fraction where no decimal of 28 digits is exact; null of null. */
  function writeRatio(number) {
    if (number === null) {
      return null;
    }
    const { n, d } = number;
    let [rest, twos, fives] = [d, 0, 0];
    for (; rest % 2n === 0n; rest /= 2n) {
      twos += 1;
    }
    for (; rest % 5n === 0n; rest /= 5n) {
      fives += 1;
    }
    const places = Math.max(twos, fives);
    const digits = rest === 1n ? (((n < 0n ? -n : n) * 10n ** BigInt(places)) / d).toString() : "";
    if (digits === "" || digits.replace(/0+$/, "").length > MOST_DIGITS) {
      return d === 1n ? `${n}` : `${n}/${d}`;
    }
    const padded = digits.padStart(places + 1, "0");
    const decimal = places === 0 ? padded : `${padded.slice(0, -places)}.${padded.slice(-places)}`;
    return (n < 0n ? "-" : "") + decimal;
  }

  // Amounts are {number, unit}.

  const powersOf = (unit) => (Object.hasOwn(EFFECTS_TABLE.powers, unit) ? EFFECTS_TABLE.powers[unit] : [unit, 0]);
  const baseOf = (unit) => powersOf(unit)[0];
  const alike = (unit, other) => baseOf(unit) === baseOf(other);

  /** Return as much in another unit of the same dimension. */
  function into({ number, unit }, other) {
    const steps = powersOf(unit)[1] - powersOf(other)[1];
    const factor = steps < 0 ? ratio(1n, 10n ** BigInt(-steps)) : ratio(10n ** BigInt(steps));
    return { number: times(number, factor), unit: other };
  }

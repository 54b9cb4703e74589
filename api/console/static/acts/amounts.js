// Amounts at the bench: exact decimals with a unit, as the ledger writes them, and never numbers of the browser's.
//
// Units of one dimension are powers of ten of each other, as the ledger's own table has them, which came with the page.

const WRITTEN = /^\s*(0|[1-9][0-9]{0,17})(\.[0-9]{1,9})?\s*([A-Za-z]{1,16})\s*$/;
const PLACES = 9;
const MOST = 10n ** BigInt(18 + PLACES);
/** By unit the base unit of its dimension, and which power of ten of it the unit is; every other unit stands alone. */
const POWERS = JSON.parse(document.getElementById("bench").dataset.powers);

/** Return what somebody wrote as an amount; undefined where it is none. A micro sign stands for the u of the ledger's units. */
export function amount(written) {
  const [, whole, part = "", unit] = WRITTEN.exec((written ?? "").replace(/[µμ]/g, "u")) ?? [];
  return whole && { value: whole + part, unit };
}

export const shown = ({ value, unit }) => `${value} ${unit}`;

/** Return an exact number of billionths. */
function counted({ value }) {
  const [whole, part = ""] = value.split(".");
  return BigInt(whole + part.padEnd(PLACES, "0"));
}

/** Return an amount by its billionths; undefined where it has more digits than an amount is written with. */
function written(count, unit) {
  if (count >= MOST) return undefined;
  const digits = String(count).padStart(PLACES + 1, "0");
  const part = digits.slice(-PLACES).replace(/0+$/, "");
  return { value: digits.slice(0, -PLACES) + (part && `.${part}`), unit };
}

const baseOf = (unit) => POWERS[unit] ?? [unit, 0];

/** Say whether amounts in two units add up. */
export const alike = (unit, other) => baseOf(unit)[0] === baseOf(other)[0];

/** Return the same amount in another unit, exactly; undefined where that is of another dimension, or cannot be written in it. */
export function into(one, unit) {
  if (!alike(one.unit, unit)) return undefined;
  const steps = baseOf(one.unit)[1] - baseOf(unit)[1];
  const by = 10n ** BigInt(Math.abs(steps));
  if (steps >= 0) return written(counted(one) * by, unit);
  return counted(one) % by === 0n ? written(counted(one) / by, unit) : undefined;
}

/** Return amounts together, at least one, in the unit of the first; undefined where they do not add up in it. */
export function sum(amounts) {
  const [{ unit }] = amounts;
  const alikes = amounts.map((one) => into(one, unit));
  if (alikes.some((one) => !one)) return undefined;
  return written(alikes.reduce((total, one) => total + counted(one), 0n), unit);
}

/** Return what is left of an amount, in its unit; undefined where nobody knows it or the other is none in that unit, null where it is
 * not enough. */
export function left(held, taken) {
  const less = held && taken && into(taken, held.unit);
  if (!less) return undefined;
  const rest = counted(held) - counted(less);
  return rest < 0n ? null : written(rest, held.unit);
}

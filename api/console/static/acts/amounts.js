// Amounts at the bench: exact decimals with a unit, as the ledger writes them, and never numbers of the browser's.

const WRITTEN = /^\s*(0|[1-9][0-9]{0,17})(\.[0-9]{1,9})?\s*([A-Za-z]{1,16})\s*$/;
const PLACES = 9;

/** Return what somebody wrote as an amount; undefined where it is none. */
export function amount(written) {
  const [, whole, part = "", unit] = WRITTEN.exec(written ?? "") ?? [];
  return whole && { value: whole + part, unit };
}

export const shown = ({ value, unit }) => `${value} ${unit}`;

/** Return an exact number of billionths. */
function counted({ value }) {
  const [whole, part = ""] = value.split(".");
  return BigInt(whole + part.padEnd(PLACES, "0"));
}

function written(count, unit) {
  const digits = String(count).padStart(PLACES + 1, "0");
  const part = digits.slice(-PLACES).replace(/0+$/, "");
  return { value: digits.slice(0, -PLACES) + (part && `.${part}`), unit };
}

/** Return amounts together, at least one; undefined where they are not all of one unit. */
export function sum(amounts) {
  const [{ unit }] = amounts;
  if (amounts.some((one) => one.unit !== unit)) return undefined;
  return written(amounts.reduce((total, one) => total + counted(one), 0n), unit);
}

/** Return what is left of an amount; undefined where the units differ or nobody knows the amount, null where it is not enough. */
export function left(held, taken) {
  if (!held || taken?.unit !== held.unit) return undefined;
  const rest = counted(held) - counted(taken);
  return rest < 0n ? null : written(rest, held.unit);
}

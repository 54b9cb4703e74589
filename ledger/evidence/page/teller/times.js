// ----------------------------------------------------------------------------------------------------------- times

// Instants are milliseconds since 1970 and what is less than one, as digits: the engine's dates know no microseconds.

const INSTANT = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d):(\d\d))$/;

/** Return {at, micros} of an instant as RFC 3339 writes it, in whatever zone; null of what is none. */
function readInstant(text) {
  const found = INSTANT.exec(text);
  if (found === null) {
    return null;
  }
  const [year, month, day, hour, minute, second] = found.slice(1, 7).map(Number);
  const [sign, hours, minutes] = [found[8] === "-" ? -1 : 1, Number(found[9] ?? 0), Number(found[10] ?? 0)];
  if (!isTime(text.slice(0, 19) + "Z") || hours > 23 || minutes > 59) {
    return null;
  }
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  const at = date.getTime() - sign * (hours * 60 + minutes) * 60000;
  return isInCalendar(at) ? { at, micros: (found[7] ?? "").padEnd(6, "0").slice(0, 6) } : null;
}

/** Say whether an instant is of the years 1 to 9999. */
function isInCalendar(at) {
  const year = new Date(at).getUTCFullYear();
  return year >= 1 && year <= 9999;
}

/**
 * Return an instant in the local time of a reader, with UTC beside it unless the page names that zone once for all times.
 * exact: to the microsecond.
 */
function zoned({ at, micros }, { zone, language }, exact = false) {
  const { form } = WORDS[language];
  const plain = writeLocal(at, micros, exact);
  const local = at + zone.minutes * 60000;
  if (zone.minutes === 0 || !isInCalendar(local)) {
    return put(form.universal, { time: plain });
  }
  if (zone.isNamed) {
    return writeLocal(local, micros, exact);
  }
  const [day, time] = split(writeLocal(local, micros, exact), " ");
  const universal = plain.startsWith(`${day} `) ? plain.slice(day.length + 1) : plain;
  return put(form.zoned, { day, time, zone: zoneName(zone, language), universal });
}

function writeLocal(at, micros, exact) {
  const [day, time] = split(new Date(at).toISOString(), "T");
  const fraction = Number(micros) === 0 ? "" : `.${micros}`;
  return `${day} ${exact ? time.slice(0, 8) + fraction : time.slice(0, 5)}`;
}

const LATE = 60000; // from so many milliseconds on it is said that an act was recorded later than it happened

/** Return when an act happened and, where that was later, when it was recorded. */
function whenTold(occurred, recorded, reader) {
  const [happened, noted] = [occurred, recorded].map((text) => zoned(readInstant(text), reader));
  const isLate = readInstant(recorded).at - readInstant(occurred).at >= LATE;
  return isLate ? put(WORDS[reader.language].form.late, { occurred: happened, recorded: noted }) : happened;
}

function zoneName(zone, language) {
  const distance = distanceOf(zone);
  const { jurisdiction } = zone;
  return WORDS[language].form[`zone ${jurisdiction} ${distance}`] ?? `UTC${distance}`;
}

/** Return a local time with its distance from UTC, as what names it once has it: "Beijing (UTC+08:00)". */
function zoneTold(zone, language) {
  if (zone.minutes === 0) {
    return "UTC";
  }
  const [name, universal] = [zoneName(zone, language), `UTC${distanceOf(zone)}`];
  return name === universal ? name : put(WORDS[language].form.local, { zone: name, universal });
}

function distanceOf({ minutes }) {
  const [far, two] = [Math.abs(minutes), (number) => String(number).padStart(2, "0")];
  return `${minutes < 0 ? "-" : "+"}${two(Math.floor(far / 60))}:${two(far % 60)}`;
}

const UNIVERSAL = Object.freeze({ minutes: 0, jurisdiction: "" });

/** Return the local time of an edition of rules, by the name that entries give it; UTC of one that is not known here. */
function zoneOf(rules) {
  return Object.hasOwn(WORDS.editions, rules) ? WORDS.editions[rules].zone : UNIVERSAL;
}

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

/** Return an instant in the local time of a reader, with UTC beside it. exact: to the microsecond. */
function zoned({ at, micros }, { zone, language }, exact = false) {
  const { form } = WORDS[language];
  const plain = writeLocal(at, micros, exact);
  const local = at + zone.minutes * 60000;
  if (zone.minutes === 0 || !isInCalendar(local)) {
    return put(form.universal, { time: plain });
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

function zoneName({ minutes, jurisdiction }, language) {
  const [far, two] = [Math.abs(minutes), (number) => String(number).padStart(2, "0")];
  const distance = `${minutes < 0 ? "-" : "+"}${two(Math.floor(far / 60))}:${two(far % 60)}`;
  return WORDS[language].form[`zone ${jurisdiction} ${distance}`] ?? `UTC${distance}`;
}

const UNIVERSAL = Object.freeze({ minutes: 0, jurisdiction: "" });

/** Return the local time of an edition of rules, by the name that entries give it; UTC of one that is not known here. */
function zoneOf(rules) {
  return Object.hasOwn(WORDS.editions, rules) ? WORDS.editions[rules].zone : UNIVERSAL;
}

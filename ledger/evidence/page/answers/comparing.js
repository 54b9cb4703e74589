  // Two answers to one question, compared: the first row that differs, by its number, its member and its event.

  const MOST_SHOWN = 60; // of a longer value only so much is shown

  /** Return in words where an answer differs from what follows, and "" where it does not. */
  function differenceOf(claimed, due) {
    const missing = sortedOnce(due.editions.filter((one) => !claimed.editions.includes(one)));
    if (missing.length > 0) {
      return `the edition ${missing[0]} was in force or judged an event, and it is claimed without it`;
    }
    const more = sortedOnce(claimed.editions.filter((one) => !due.editions.includes(one)));
    if (more.length > 0) {
      return `it is claimed with the edition ${more[0]}, which neither was in force nor judged any event`;
    }
    return rowsDiffer(claimed.rows, due.rows);
  }

  function rowsDiffer(claimed, due) {
    const [rows, others] = [claimed.map(canonical), due.map(canonical)];
    const least = Math.min(rows.length, others.length);
    let [head, tail] = [0, 0];
    while (head < least && rows[head] === others[head]) {
      head += 1;
    }
    while (tail < least - head && rows.at(-1 - tail) === others.at(-1 - tail)) {
      tail += 1;
    }
    const [said, follows] = [rows.slice(head, rows.length - tail), others.slice(head, others.length - tail)];
    const number = head + 1;
    if (said.length === 0 && follows.length === 0) {
      return "";
    }
    if (said.length === 0) {
      return `row ${number} is left out: ${eventOf(due[head])}`;
    }
    if (follows.length === 0) {
      return `row ${number} does not follow: ${eventOf(claimed[head])}`;
    }
    if (said.slice().sort().join("\n") === follows.slice().sort().join("\n")) {
      return `row ${number} stands in another's place: ${eventOf(due[head])}`;
    }
    const [member, one, other] = memberDiffers(claimed[head], due[head], "");
    return `row ${number}: ${member} is claimed as ${one}, and ${other} follows: ${eventOf(due[head])}`;
  }

  /** Return the event that a row names as its reason. */
  function eventOf({ why }) {
    const position = isPlain(why) && Object.hasOwn(why, "position") ? why.position : null;
    if (typeof position === "boolean") {
      return position ? "event True" : "event False";
    }
    return typeof position === "number" ? `event ${position}` : "it names no event";
  }

  /** Return the first member in which two values differ, with the claimed and the following value in words. */
  function memberDiffers(said, due, path) {
    if (!isPlain(said) || !isPlain(due)) {
      return [path || "the row", shownValue(said, true), shownValue(due, false)];
    }
    const names = sortedOnce([...Object.keys(said), ...Object.keys(due)]);
    const of = (value, name) => (Object.hasOwn(value, name) ? value[name] : null);
    const isOther = (name) => {
      const both = Object.hasOwn(said, name) && Object.hasOwn(due, name);
      return !both || canonical(said[name]) !== canonical(due[name]);
    };
    const name = names.find(isOther);
    return memberDiffers(of(said, name), of(due, name), path === "" ? name : `${path}.${name}`);
  }

  function isPlain(value) {
    return typeof value === "object" && value !== null && !Array.isArray(value);
  }

  function shownValue(value, isSorted) {
    const text = [...spaced(value, isSorted)];
    return text.length <= MOST_SHOWN ? text.join("") : `${text.slice(0, MOST_SHOWN - 3).join("")}...`;
  }

  /** Write a value of JSON with a blank behind each comma and colon. */
  function spaced(value, isSorted) {
    if (Array.isArray(value)) {
      return `[${value.map((one) => spaced(one, isSorted)).join(", ")}]`;
    }
    if (!isPlain(value)) {
      return JSON.stringify(value);
    }
    const names = isSorted ? sortedOnce(Object.keys(value)) : Object.keys(value);
    return `{${names.map((name) => `${JSON.stringify(name)}: ${spaced(value[name], isSorted)}`).join(", ")}}`;
  }

  /** Write a value of JSON in the form of RFC 8785: by that two values are compared. */
  function canonical(value) {
    if (Array.isArray(value)) {
      return `[${value.map(canonical).join(",")}]`;
    }
    if (!isPlain(value)) {
      return JSON.stringify(value);
    }
    const members = sortedOnce(Object.keys(value)).map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`);
    return `{${members.join(",")}}`;
  }

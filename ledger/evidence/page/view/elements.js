// -------------------------------------------------------------------------------------------------------- elements

const SIGNS = {
  [Verdict.KNOWN]: ["known", "✓"],
  [Verdict.UNKNOWN]: ["unknown", "?"],
  [Verdict.NOT_CHECKED]: ["open", "–"],
  [Verdict.FAILED]: ["failed", "✗"],
};

/** Return an element with attributes and children; texts among the children become text nodes. */
function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) {
    made.setAttribute(attribute, value);
  }
  made.append(...children);
  return made;
}

/** Return a text from a bundle with whatever cannot be seen replaced; apart, so that its direction stays its own. */
function foreign(text) {
  return element("bdi", {}, visible(String(text)));
}

/** Return a text of several lines from a bundle. */
function foreignLines(text) {
  return element("bdi", {}, text.split("\n").map(visible).join("\n"));
}

// What a statement holds stands in a sentence between two characters that no text may hold; see quoted and spoken.
const [QUOTE, UNQUOTE] = ["\ufdd0", "\ufdd1"];

function quoted(text) {
  return /^[\d.:-]*$/.test(text) ? text : QUOTE + visible(text) + UNQUOTE;
}

const UNBROKEN = 20; // so many characters of a bundle's text stand in one line

/** Return a sentence as nodes: each text of a bundle in it apart, so that it cannot pass for one of the words. */
function spoken(sentence) {
  const parts = sentence.split(/[\ufdd0\ufdd1]/);
  return parts.flatMap((part, at) => (at % 2 === 1 ? [saidPart(part, parts[at - 1], parts[at + 1])] : unbroken(part)));
}

/** Return a text of a bundle between the words before and after it; beside a full-width mark it needs no gap. */
function saidPart(text, before, after) {
  const styles = [
    "said",
    ...(text.length > UNBROKEN ? [] : ["whole"]),
    ...(/(?:^|[，。；：、（）“”])$/.test(before) ? ["first"] : []),
    ...(/^(?:[，。；：、（）“”]|$)/.test(after) ? ["last"] : []),
  ];
  return element("bdi", { class: styles.join(" ") }, ...hyphened(text));
}

const HYPHENED = /([A-Za-z\d]+(?:-[A-Za-z\d]+)+)/;

/** Return words as nodes: each with a hyphen in it, such as SARS-CoV-2, in one line unless it is long. */
function hyphened(words) {
  const isWhole = (part, at) => at % 2 === 1 && part.length <= UNBROKEN;
  const parts = words.split(HYPHENED).map((part, at) => (isWhole(part, at) ? element("span", { class: "whole" }, part) : part));
  return parts.filter((one) => one !== "");
}

const WHOLE = Object.fromEntries(["en", "zh"].map((language) => {
  const units = Object.values(WORDS[language].unit).flatMap((one) => one.split("/"));
  const longest = units.sort((one, other) => other.length - one.length).join("|");
  const zones = Object.entries(WORDS[language].form).filter(([name]) => name.startsWith("zone ")).map(([, zone]) => zone).join("|");
  return [language, new RegExp(`((?:UTC )?\\d{4}-\\d\\d-\\d\\d(?: \\d\\d:\\d\\d)?(?: UTC)?|UTC \\d\\d:\\d\\d|\\d\\d:\\d\\d UTC|-?\\d+(?:\\.\\d+)? ?(?:${longest}|°C)(?![a-z])|UN \\d{4}|${zones})`)];
}));

/** Return words as nodes: each day, time and amount in one that stands in one line. */
function unbroken(words) {
  const parts = words.split(WHOLE[page.language]).flatMap((part, at) => (at % 2 === 1 ? [element("span", { class: "whole" }, part)] : linked(part)));
  return parts.flatMap((one) => (typeof one === "string" ? hyphened(one) : [one]));
}

const NUMBERED = /(no\. \d+(?:, \d+)*(?!\d)|第\d+(?:、\d+)*号)/;

/** Return words as nodes: the number of an event that is shown leads to it. */
function linked(words) {
  const shown = page.answer?.report.events ?? [];
  const isShown = (part) => shown.some(({ position }) => String(position) === part);
  const links = (numbers) => numbers.split(/(\d+)/).map((part) => (isShown(part) ? numberLink(part) : part));
  const wholeLinks = (part) => element("span", /[,、]/.test(part) ? {} : { class: "whole" }, ...links(part));
  return words.split(NUMBERED).map((part, at) => (at % 2 === 1 ? wholeLinks(part) : part));
}

function numberLink(position) {
  const link = element("a", { href: `#no-${position}` }, position);
  link.addEventListener("click", () => reveal(`no-${position}`));
  return link;
}

/** Unfold lists until what is looked for stands on the page, and let it be seen. */
function reveal(id) {
  for (let folded = closedLists(); document.getElementById(id) === null && folded.length > 0; folded = closedLists()) {
    for (const details of folded) {
      details.open = true;
      details.dispatchEvent(new Event("toggle")); // the browser's own comes too late
    }
  }
  const found = document.getElementById(id);
  for (let around = found; around !== null; around = around.parentElement) {
    if (around instanceof HTMLDetailsElement) {
      around.open = true;
    }
  }
  found?.scrollIntoView();
}

function closedLists() {
  return document.querySelectorAll("#answer details.listed:not([open])");
}

function visible(line) {
  // The two joiners are let through: some scripts cannot be written without them. What is for private use is not.
  return line
    .replace(UNFIT, (char) => (/[\u200c\u200d]/.test(char) ? char : "\ufffd"))
    .replace(/[\ue000-\uf8ff\u{f0000}-\u{10ffff}]/gu, "\ufffd");
}

function badge(verdict, words = null) {
  const [style, sign] = SIGNS[verdict];
  const said = words ?? texts().verdicts[verdict][0];
  return element("span", { class: `badge ${style}` }, element("span", { "aria-hidden": "true" }, sign), ` ${said}`);
}

function list(items) {
  return element("ul", {}, ...items.map((item) => element("li", {}, ...[item].flat())));
}

/** Return a table; each row is an array of cells, each cell a node, a text or an array of them. */
function table(caption, heads, rows, style) {
  // The roles repeat what the elements say: on narrow screens their display changes, and with it their meaning.
  const head = heads.map((text) => element("th", { scope: "col", role: "columnheader" }, text));
  const body = rows.map((cells) => {
    const made = cells.map((cell, at) => element("td", { role: "cell", "data-head": heads[at] }, ...[cell].flat()));
    return element("tr", { role: "row" }, ...made);
  });
  return element(
    "table",
    { class: style, role: "table" },
    element("caption", {}, caption),
    element("thead", { role: "rowgroup" }, element("tr", { role: "row" }, ...head)),
    element("tbody", { role: "rowgroup" }, ...body),
  );
}

const [SHOWN, FOLDED] = [100, 500]; // so many of a long list are shown at once, and so many in each folded part of it

/** Return the parts of a list that may be long. make: returns the part that shows some of its items. */
function parts(items, make) {
  const shown = items.length > SHOWN + FOLDED / 10 ? SHOWN : items.length;
  const starts = Array.from({ length: Math.ceil((items.length - shown) / FOLDED) }, (_, at) => shown + at * FOLDED);
  const folded = starts.map((from) => {
    const some = items.slice(from, from + FOLDED);
    return unfoldingList(unfolding(texts().fromTo(from + 1, from + some.length, items.length), () => make(some)));
  });
  return [make(items.slice(0, shown)), ...folded];
}

/** Return a folded part of the page. make: what it holds, made when it is opened first, for there may be thousands. */
function unfolding(summary, make) {
  const details = element("details", {}, element("summary", {}, summary));
  details.addEventListener("toggle", () => details.append(...[make()].flat()), { once: true });
  return details;
}

/** Return a folded part as one of a list, which is opened to show what somebody is led to. */
function unfoldingList(details) {
  details.classList.add("listed");
  return details;
}

function writtenTime(text) {
  return element("time", { datetime: text }, text.replace("T", " ").replace("Z", " UTC").replace(".000000", ""));
}

// A manifest: the service reads it and says what it comes to; all its statements are signed here and handed in together.

import { able, base64, keyAmong } from "../keys.js";
import { NotSigned } from "../outside.js";
import { broken, filled, reasons, word } from "./rows.js";
import { fail, show } from "./sections.js";
import { digest, disclosed, isMine, list, read, remember, rows, signed } from "./statement.js";

const at = (id) => document.getElementById(id);
const SECTIONS = ["wrong", "preview", "signing", "recorded", "failed"];
let key;
let told;
let acknowledged = {};

function cells(row, name, values) {
  for (const one of values) row.appendChild(document.createElement(name)).textContent = one;
  for (const one of row.children) one.className = name === "th" ? "govuk-table__header" : "govuk-table__cell";
  return row;
}

const table = (into, lines) => into.replaceChildren(...lines.map((one) => cells(document.createElement("tr"), "td", one)));

/** Send the manifest to be told: what it comes to, or what is wrong with it. */
async function ask() {
  for (const id of SECTIONS) at(id).hidden = true;
  const [file] = at("file").files;
  if (!file) return fail(word("no-file"));
  if (file.size > Number(at("manifest").dataset.most)) return fail(word("too-large"));
  const [mapping] = at("mapping").files;
  const fixed = Object.fromEntries([...document.querySelectorAll("[data-fixed]")].map((one) => [one.dataset.fixed, one.value.trim()]));
  const sent = {
    name: file.name, manifest: await encoded(file), mapping: mapping ? await mapping.text() : "", fixed, acknowledges: acknowledged, role: at("role").value,
  };
  const headers = { "Content-Type": "application/json", "Accept-Language": document.documentElement.lang };
  try {
    const answer = await fetch("/manifest/told", { method: "POST", headers, body: JSON.stringify(sent) });
    const said = await answer.json();
    if (!answer.ok) return fail(said.detail || said.title);
    told = said;
  } catch {
    return fail(word("lost"));
  }
  await tell();
}

/** Return a file in base64; a piece at a time, since a function takes only so many arguments. */
async function encoded(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const pieces = [];
  for (let start = 0; start < bytes.length; start += 30_000) pieces.push(base64(bytes.subarray(start, start + 30_000)));
  return pieces.join("");
}

async function tell() {
  at("role-asked").hidden = told.roles.length < 2;
  if (!at("role").value) at("role").replaceChildren(at("role").options[0], ...told.roles.map(([code, name]) => new Option(name, code)));
  at("problems").replaceChildren();
  if (told.problems.length) {
    table(at("problems"), told.problems);
    at("more-problems").textContent = told.more ? filled("more-problems", { number: told.more }) : "";
    return show("wrong");
  }
  at("comes-to").textContent = filled("comes-to", told);
  at("read-as").textContent = told.encoding ? filled("read-as", told) : "";
  at("passed").textContent = told.passed.map(([lines, why]) => `${lines}: ${why}`).join("; ");
  at("unused").textContent = told.unused.length ? filled("unused", { list: told.unused.join(", ") }) : "";
  at("columns").replaceChildren(cells(document.createElement("tr"), "th", told.columns));
  for (const one of at("columns").querySelectorAll("th")) one.scope = "col";
  table(at("first"), told.first);
  at("preview").hidden = false;
  if (told.too_many) return fail(word("too-many"));
  if (!told.role) return fail(word(told.roles.length ? "which-role" : "no-role"));
  if (!(await areMine())) return fail(word("other"));
  statements();
}

/** Say whether every statement is what it is told to be, and for this log and this key alone. */
async function areMine() {
  key = undefined;
  for (const one of told.statements) {
    one.read = read(one.payload);
    key ??= able() ? await keyAmong(one.read.said.signers.map((signer) => signer.key)) : undefined;
    if (!key || !isMine(one.read.said, at("manifest").dataset.log, key) || one.read.said.signers.length > 1) return false;
    if ((await digest(one.read.bytes)) !== one.digest) return false;
    await disclosed(one.read.said, one.disclosures);
  }
  return true;
}

function statements() {
  at("statements").replaceChildren(...told.statements.map((one) => {
    const made = at("statement-of").content.firstElementChild.cloneNode(true);
    made.querySelector("summary span").textContent = one.lines;
    made.querySelector(".console-said").textContent = one.sentence;
    made.querySelector("code").textContent = one.digest.match(/.{8}/g).join(" ");
    made.addEventListener("toggle", async () => {
      if (made.querySelector("dl").children.length) return;
      rows(made.querySelector("dl"), await disclosed(one.read.said, one.disclosures));
      list(made.querySelector("dl"), one.read.said);
    });
    return made;
  }));
  const refused = told.statements.filter((one) => one.refused);
  if (refused.length) {
    table(at("problems"), refused.map((one) => [one.wrong || one.lines, "", one.refused]));
    at("more-problems").textContent = "";
    return show("wrong");
  }
  const breaches = told.statements.flatMap((one) => one.breaches);
  const open = new Set(breaches.filter((one) => !one.reason).map((one) => one.rule));
  at("breaches").replaceChildren(...broken(breaches.slice(0, 50), open));
  at("again").hidden = !open.size;
  at("sign").hidden = open.size > 0;
  show("signing");
}

async function sign() {
  at("failed").hidden = true;
  at("sign").disabled = true;
  try {
    const lines = [];
    for (const one of told.statements) lines.push((one.signed ??= await signed(key, one.read.bytes, [], one.disclosures)));
    const headers = { "Content-Type": "application/jsonl", "Accept-Language": document.documentElement.lang };
    const answer = await fetch("/v1/statements/batch?together=true", { method: "POST", headers, body: lines.join("\n"), credentials: "omit" });
    const written = await answer.text();
    const said = answer.headers.get("Content-Type")?.startsWith("application/problem") ? [JSON.parse(written)] : written.trim().split("\n").map((one) => JSON.parse(one));
    if (answer.status === 201) return done(said);
    const wrong = said.filter((one) => one.problem).map((one) => `${told.statements[one.line - 1].lines}: ${one.problem.detail ?? one.problem.title}`);
    fail(wrong.join("\n") || said[0].detail || said[0].title);
  } catch (error) {
    fail(error instanceof NotSigned ? error.message : word("lost"));
  }
  at("sign").disabled = false;
}

function done(said) {
  remember(Math.max(...said.map((one) => one.position)));
  at("signing").hidden = true;
  at("said").textContent = filled("recorded", told);
  at("entries").replaceChildren(...said.map((one) => {
    const row = document.createElement("li");
    const link = Object.assign(document.createElement("a"), { className: "govuk-notification-banner__link", href: `/entries/${one.position}`, textContent: filled("position", one) });
    row.append(link);
    return row;
  }));
  show("recorded");
}

at("say").addEventListener("submit", (event) => {
  event.preventDefault();
  acknowledged = {};
  ask();
});
at("again").addEventListener("click", () => {
  const given = reasons(at("breaches"));
  if (!given) return fail(word("no-reason"));
  acknowledged = { ...acknowledged, ...Object.fromEntries(given.map(({ rule, reason }) => [rule, reason])) };
  ask();
});
at("sign").addEventListener("click", sign);

// Signing in with the key of this browser or one outside of it, and bringing that key into the log. Nothing is signed unseen.

import {
  able, base64, forgetKey, fromBase64, isKept, leaveOutside, makeKey, outsideKey, signature, storedKey, useOutside,
} from "./keys.js";
import { openKeys } from "./outside.js";

const SIGN_IN = "application/vnd.vialog.sign-in+json";
const STATEMENT = "application/vnd.vialog.statement+json";
/** As in acts/rows.js: 2026-11-27 13:00:00. */
const AS_ON_PAGES = "sv";
const at = (id) => document.getElementById(id);
const here = at("here");
const { origin, log, next } = here.dataset;
let key;
let challenge;
let enrolment;

const text = (bytes) => new TextDecoder("utf-8", { fatal: true }).decode(bytes);

function show(id, shown = true) {
  at(id).hidden = !shown;
}

function tell(why) {
  at("why").textContent = why;
  show("failed");
  at("failed").focus();
}

async function post(path, body) {
  const answer = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body });
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.detail ?? said.title);
  return said;
}

/** Do something when a button is pressed; what goes wrong is told, and the button can be pressed again. */
function on(id, act) {
  at(id).addEventListener("click", async () => {
    show("failed", false);
    at(id).disabled = true;
    try {
      await act();
    } catch (error) {
      tell(error.message);
    }
    at(id).disabled = false;
  });
}

async function refresh() {
  key = (await outsideKey()) ?? (await storedKey());
  const outside = Boolean(key?.outside);
  for (const id of ["title-outside", "outside", "leave-outside"]) show(id, outside);
  for (const id of ["title-mine", "made-here", "remove"]) show(id, !outside);
  show("none", !key);
  show("one", Boolean(key));
  show("asked", false);
  if (!key) return;
  at("thumbprint").textContent = key.thumbprint.match(/.{8}/g).join(" ");
  at("made").textContent = outside ? "" : new Date(key.made).toLocaleString(AS_ON_PAGES);
  const kept = await isKept();
  show("kept", kept && !outside);
  show("loose", !kept && !outside);
  const { thumbprint, alg, spki } = key;
  const name = `key-${thumbprint.slice(0, 8)}.json`;
  const said = JSON.stringify({ key: `key:${thumbprint}`, thumbprint, alg, spki });
  at("file").textContent = name;
  at("public").download = name;
  at("public").href = URL.createObjectURL(new Blob([said], { type: "application/json" }));
}

/** Take a challenge only if it is a sign-in, here, now, with this key, and says so in its own words. */
function isOurs(payload) {
  const said = JSON.parse(text(payload));
  const purpose = `Sign in at ${origin} to the log ${log}. This records nothing, and counts once.`;
  const right = said.origin === origin && said.log === log && said.key === key.thumbprint && said.purpose === purpose;
  return right && origin === location.origin;
}

on("make", async () => {
  await makeKey();
  await refresh();
  at("begin").focus();
});

on("look", async () => {
  at("offers").replaceChildren();
  const keys = await openKeys();
  show("offers-are", keys.length > 0);
  for (const one of keys) {
    const offer = at("offer").content.firstElementChild.cloneNode(true);
    offer.querySelector("code").textContent = one.thumbprint.match(/.{8}/g).join(" ");
    offer.querySelector("button").addEventListener("click", async () => {
      await useOutside(one);
      at("program").open = false;
      await refresh();
      at("begin").focus();
    });
    at("offers").append(offer);
  }
});

on("leave", async () => {
  await leaveOutside();
  await refresh();
});

on("begin", async () => {
  const said = await post("/v1/challenges", JSON.stringify({ key: key.thumbprint }));
  const payload = fromBase64(said.payload);
  if (said.payloadType !== SIGN_IN || !isOurs(payload)) throw new Error(at("why-other").textContent);
  challenge = payload;
  at("until").textContent = new Date(said.expires).toLocaleTimeString(AS_ON_PAGES);
  at("bytes").textContent = text(payload);
  show("asked");
  at("asked").focus();
});

on("sign", async () => {
  const signed = await signature(key, SIGN_IN, challenge);
  const envelope = { payload: base64(challenge), payloadType: SIGN_IN, signatures: [signed] };
  await post("/v1/sessions", JSON.stringify(envelope));
  location.assign(next);
});

at("enrolment").addEventListener("change", async () => {
  show("failed", false);
  show("enrol", false);
  try {
    const said = JSON.parse(await at("enrolment").files[0].text());
    const payload = JSON.parse(text(fromBase64(said.envelope.payload)));
    const [first, second] = payload.signers;
    const mine = payload.kind === "key.enrolled/1" && payload.log === log && payload.signers.length === 2;
    const bound = payload.body.spki === key.spki && second.key === key.thumbprint;
    if (!mine || !bound || said.envelope.payloadType !== STATEMENT) throw new Error();
    const named = (id) => (said.names?.[id] ? `${said.names[id]} (${id})` : id);
    at("enrol-log").textContent = payload.log;
    at("enrol-party").textContent = named(payload.body.party);
    at("enrol-person").textContent = payload.body.person;
    at("enrol-by").textContent = `${named(first.party)} · ${first.person}`;
    enrolment = said;
    show("enrol");
    at("enrol").focus();
  } catch {
    tell(at("why-enrolment").textContent);
  }
});

on("record", async () => {
  const { envelope, disclosures = [] } = enrolment;
  const signed = await signature(key, STATEMENT, fromBase64(envelope.payload));
  const whole = { ...envelope, signatures: [...envelope.signatures.slice(0, 1), signed] };
  await post("/v1/statements", JSON.stringify({ envelope: whole, disclosures }));
  show("enrol", false);
  at("recorded").firstElementChild.hidden = false;
});

on("forget", async () => {
  await forgetKey();
  await refresh();
  at("make").focus();
});

show("elsewhere", location.origin !== origin);
if (able()) await refresh();
else show("unable");
show("here");

"use strict";
/*
 * Verifies an evidence bundle offline, with the same steps, rules and answers as the command line's verifier. Touches
 * no page, no file and no network: it can be run under any engine that has WebCrypto with Ed25519.
 *
 *     verifyBundle(bundle, policy, trust) -> Promise<report>
 *
 * bundle: the zip's bytes, from anybody. policy: the text or bytes of the verifier's own policy file; trust: of their
 * own trust file, or null, and then no signer is known. Each is a Uint8Array, or a string for policy and trust.
 *
 * report: {verdict, exit, subject, claims, manifest, checkpoint, events}. A claim is {about, verdict, check, words,
 * facts, beyond}; check is null unless the claim failed; beyond is true of what no bundle can show, which does not
 * count. exit is 0 all verified and known, 5 what was checked holds but something claimed could not be checked, 3 intact
 * but not by known signers alone, 4 failed. subject, manifest, checkpoint and events are for showing; null when steps 1 to 4 failed.
 *
 * Never throws for what a bundle holds: whatever is wrong with it is a verdict. Throws Malformed when the policy or the
 * trust is not one, and EngineUnfit when this browser cannot verify: it then gives no verdict at all.
 *
 * The steps, in their order, as docs/formats.md, section 24, has them; the code repeats the numbers. Steps 1 to 4 end
 * the verification when they fail. Steps 5 to 10 are taken for each event by ascending position; an event that fails
 * one is carried no further, and the next event is taken. All failures are reported.
 *
 *    0  policy and trust  come from the verifier; a bundle that holds a file of either kind fails step 1
 *    1  form              the zip is in its one form; each file is one that the format names
 *    2  manifest          in its one form, and lists exactly the evidence that is there
 *    3  checkpoint        believed under the policy: signed by the log, cosigned by the quorum; of the manifest's log
 *                         and size
 *    4  state             the state entry is the last leaf under the checkpoint; it tells the root of the index
 *    5  entry             the bytes that the manifest lists, in their one form, of their position; an event; time does
 *                         not go back, up to the state entry
 *    6  inclusion         the hash of these very bytes stands at that position under the checkpoint
 *    7  statement         envelope and payload in their one form, for this log, recorded once, one signature a signer
 *    8  tags              the header's tags and status are those of the payload and of what it corrects or voids, as far
 *                         as the bundle shows; one of them is listed in the manifest
 *    9  key               each signer's key is enrolled before by an event of the bundle, for that party and person, by
 *                         the operator or its own party, is admissible, not revoked before, and its whole history is
 *                         claimed; where an event of an unknown kind may say something of it, that is not checked
 *    10 signature         each signature verifies over the signed bytes
 *    11 completeness      of each tag claimed to be complete, and of each status, the index knows exactly the bundle's
 *                         events; the subject is complete, and what it rests on is listed. Whether the index leaves
 *                         none out is not checked, unless a mirror replayed the log
 *    12 disclosure        its digest stands in the payload of its event, of which no other one discloses the same name
 *    13 trust             who signed is known to the verifier: else the event is intact, but its signer is unknown
 *    14 not checked       what no bundle can show is named, so that nobody takes it for verified
 *    15 answer            an answer that the bundle claims follows from these events, which are all that it rests on; to
 *                         other questions than answers knows it is not checked
 *
 * Nothing here rests on the engine's own version of Unicode, and whatever differs from the command line's answers is a
 * mistake in one of the two.
 */

const Verdict = Object.freeze({
  KNOWN: "verified and known",
  UNKNOWN: "intact but signer unknown",
  NOT_CHECKED: "not checked",
  FAILED: "failed",
});

const Check = Object.freeze({
  FORM: "form",
  MANIFEST: "manifest",
  CHECKPOINT: "checkpoint",
  STATE: "state",
  ENTRY: "entry",
  INCLUSION: "inclusion",
  STATEMENT: "statement",
  TAGS: "tags",
  KEY: "key",
  SIGNATURE: "signature",
  COMPLETENESS: "completeness",
  DISCLOSURE: "disclosure",
  ANSWER: "answer",
});

const EXITS = { [Verdict.KNOWN]: 0, [Verdict.UNKNOWN]: 3, [Verdict.FAILED]: 4, [Verdict.NOT_CHECKED]: 5 };
const WORST = [Verdict.FAILED, Verdict.UNKNOWN, Verdict.NOT_CHECKED]; // the worst first

// ------------------------------------------------------------------------------------------- 7 statement: envelope

// DSSE 1.0.2 in one fixed form: read, written again and compared, so that one signature fits one envelope.

const PAYLOAD_TYPE = "application/vnd.vialog.statement+json";
const MOST_SIGNATURES = 8;
const THUMBPRINT = /^[0-9a-f]{64}$/;
const THUMBPRINT_WORDS = "a whole thumbprint, 64 lower-case hex digits";

function parseEnvelope(data) {
  const said = readMembers(parseStrict(data, "envelope"), "envelope", ["payload", "payloadType", "signatures"]);
  if (readText(said.get("payloadType"), "envelope.payloadType") !== PAYLOAD_TYPE) {
    throw new Malformed("STM-20", "envelope.payloadType", `is not ${PAYLOAD_TYPE}`);
  }
  const payload = readSigned(said.get("payload"), "envelope.payload");
  const listed = readArray(said.get("signatures"), "envelope.signatures", 0, SIZE_LIMIT);
  if (listed.length < 1 || listed.length > MOST_SIGNATURES) {
    const problem = `${listed.length} signatures, not 1 to ${MOST_SIGNATURES}`;
    throw new Malformed("STM-22", "envelope.signatures", problem);
  }
  const signatures = listed.map((one, at) => readSignature(one, `envelope.signatures[${at}]`));
  if (!equalBytes(utf8(writeEnvelope(payload, signatures)), data)) {
    const problem = "is not written in the one fixed form: member order, escapes or white space";
    throw new Malformed("STM-24", "envelope", problem);
  }
  return { payload, signatures };
}

function readSignature(value, member) {
  const said = readMembers(value, member, ["keyid", "sig"]);
  return {
    keyid: readForm(said.get("keyid"), `${member}.keyid`, "STM-23", THUMBPRINT, THUMBPRINT_WORDS),
    sig: readSigned(said.get("sig"), `${member}.sig`),
  };
}

function readSigned(value, member) {
  const bytes = decodeBase64(readText(value, member));
  if (bytes === null) {
    throw new Malformed("STM-21", member, "is not canonical base64 in the standard alphabet, padded");
  }
  return bytes;
}

function writeEnvelope(payload, signatures) {
  const written = signatures.map((one) => `{"keyid":"${one.keyid}","sig":"${encodeBase64(one.sig)}"}`);
  const parts = [`"payload":"${encodeBase64(payload)}"`, `"payloadType":"${PAYLOAD_TYPE}"`];
  return `{${parts.join(",")},"signatures":[${written.join(",")}]}`;
}

/** Return the bytes that are signed: DSSE's pre-authentication encoding. */
function signedBytes(payload) {
  return concat(utf8(`DSSEv1 ${utf8(PAYLOAD_TYPE).length} ${PAYLOAD_TYPE} ${payload.length} `), payload);
}

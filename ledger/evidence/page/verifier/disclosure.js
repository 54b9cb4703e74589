// --------------------------------------------------------------------------------------------------- 12 disclosure

/** Return the name and value that a disclosure discloses. RFC 9901, its encoding alone. */
function readDisclosure(text, member) {
  const written = decodeBase64url(text);
  if (written === null) {
    throw new Malformed("STM-60", member, "is not canonical base64url without padding");
  }
  const parts = readArray(parseStrict(written, member, FREE_TEXT), member, 3, 3);
  const words = "a salt of at least 128 bits in base64url";
  readForm(parts[0], `${member}[0]`, "STM-62", /^[0-9A-Za-z_-]{22,128}$/, words);
  const name = readText(parts[1], `${member}[1]`);
  if (["", "_sd", "..."].includes(name)) {
    throw new Malformed("STM-61", `${member}[1]`, "is empty or reserved and names nothing");
  }
  return { name, value: parts[2] };
}

// --------------------------------------------------------------------------------------------------------- 0 trust

// root <thumbprint>              the operator's root key, and with it whatever is enrolled under it
// key <party:…> <thumbprint>     a party's key, known from elsewhere

const MAX_TRUST = 1000000;

function parseTrust(data) {
  const trust = { roots: new Set(), keys: new Map() };
  for (const [where, words] of readRules(data, "EVD-06", MAX_TRUST)) {
    readTrustLine(trust, words, where);
  }
  return trust;
}

function readTrustLine(trust, words, where) {
  const thumbprint = words.at(-1);
  const isNew = THUMBPRINT.test(thumbprint) && !trust.roots.has(thumbprint) && !trust.keys.has(thumbprint);
  if (isNew && words.length === 2 && words[0] === "root") {
    trust.roots.add(thumbprint);
  } else if (isNew && words.length === 3 && words[0] === "key" && words[1].startsWith("party:") && isTag(words[1])) {
    trust.keys.set(thumbprint, words[1]);
  } else {
    throw new Malformed("EVD-06", where, "not a root or a party's key, or the key stands above");
  }
}

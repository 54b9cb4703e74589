// ------------------------------------------------------------------------------------------------- answers, computed

// An answer that a bundle claims, computed again by the table of effects (EFFECTS_TABLE, put here by scripts/seal_page) from
// what the bundle proves, and then compared: the same as ledger/evidence/answers, file by file. docs/formats.md, section 25.
const answers = (() => {

/** The rules for a deployment that counts only roles that Muster granted, made of the ones that count all claims. Pure. */

/** The one line by which they differ, in `counts(role, revoked)`. */
const BY_CLAIMS = '      return !(role in revoked.withdrawn);\n';
const BY_ROSTER = "      return !(role in revoked.withdrawn) && role in revoked.get('granted', []);\n";

const NOTE_BY_CLAIMS = '(MUSTER_ROLES=claims: of those that a token carries, all others do.)';
const NOTE_BY_ROSTER = '(MUSTER_ROLES=roster: nor does one that Muster did not grant.)';

/** Fails where the line is not there exactly once: rules that let more in than they say would be the worst of all. */
export const rosterRulesFrom = (rules: string): string => {
  for (const part of [BY_CLAIMS, NOTE_BY_CLAIMS]) {
    if (rules.split(part).length !== 2) throw new Error(`not once in firestore.rules: ${part.trim()}`);
  }
  return rules
    .replace(
      "rules_version = '2';\n",
      "// Made of firestore.rules by `npm run docs`; change that one.\nrules_version = '2';\n",
    )
    .replace(BY_CLAIMS, BY_ROSTER)
    .replace(NOTE_BY_CLAIMS, NOTE_BY_ROSTER);
};

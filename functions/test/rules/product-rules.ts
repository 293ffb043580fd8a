/**
 * A product's rules with Muster's in one file, as `docs/operations.md` says how. The product has functions of the same names
 * that mean something else, and collections that are called as Muster's are without the prefix.
 */
import { markedIn, musterRules } from './rules-files';

/** Each would open or close something of Muster's if it were meant there. */
const FUNCTIONS = `
    function revocation() { return { 'validAfter': timestamp.value(0), 'withdrawn': [] }; }
    function isOngoing(revoked) { return true; }
    function isSignedIn() { return true; }
    function isClaimed(role) { return true; }
    function isStaff() { return request.auth.token.get('shopkeeper', false) == true; }
    function isAuditor() { return true; }
    function canReadRecords() { return true; }
    function isParticipant(drill) { return true; }
    function policyNow() { return {}; }
    function isPolicy(policy) { return true; }
    function hasEnded(restriction) { return true; }
    function allows(what) { return what == 'orders'; }
    function writable() { return false; }`;

/** The product's own, whose rules ask the product's own functions. */
export const PRODUCT_COLLECTIONS = ['drills', 'audit', 'requests', 'policy', 'incidents', 'staff'] as const;

const matches = PRODUCT_COLLECTIONS.map(
  (name) => `
    match /${name}/{id} {
      allow read: if isStaff();
      allow create: if isSignedIn() && allows(request.resource.data.what);
      match /events/{event} { allow read, write: if isStaff(); }
    }`,
).join('');

const block = (content: string): string => `  match /databases/{database}/documents {${content}
  }
`;

const fileOf = (content: string): string => `rules_version = '2';
service cloud.firestore {
${content}
}
`;

/** The whole of Muster's block, marks included, as a host copies it. */
const muster = (): string => markedIn(musterRules(), 'muster');

export const OWN_BLOCK = 'before it, with functions in a block of their own';
export const WHOLE_FILE = 'after it, with functions for the whole file';

/** Wherever a product has its functions, and whichever of the two comes first. */
export const WITH_PRODUCT: Record<string, () => string> = {
  [OWN_BLOCK]: () => fileOf(block(FUNCTIONS + matches) + muster()),
  [WHOLE_FILE]: () => fileOf(`${muster()}\n${FUNCTIONS}\n${block(matches)}`),
};

/** Everyone who may knock at the rules, as tokens; and what `revocations` holds about them. */
import { Timestamp } from 'firebase/firestore';

/** When everyone below signed in: seconds are all that a token says. */
export const SIGNED_IN = 1_774_947_600;
const signInPlus = (ms: number) => Timestamp.fromMillis(SIGNED_IN * 1000 + ms);

interface Knocker {
  /** The token's payload; none for someone without a token. */
  token?: Record<string, unknown>;
  revocation?: { validAfter: Timestamp; withdrawn: string[] };
}

const signedIn = (uid: string, claims: Record<string, unknown> = {}) => ({ sub: uid, auth_time: SIGNED_IN, ...claims });

export const roles = {
  nobody: {},
  'token without a uid': { token: { auth_time: SIGNED_IN, staff: true } },
  'uid with a slash': { token: signedIn('uid/slash', { staff: true }) },
  'token without any claim': { token: { sub: 'uid-bare' } },
  'revoked token without any claim': {
    token: { sub: 'uid-bare-revoked' },
    revocation: { validAfter: signInPlus(0), withdrawn: [] },
  },
  member: { token: signedIn('uid-member') },
  'member whose claim is a text': { token: signedIn('uid-text', { staff: 'true', auditor: 1, admin: {} }) },
  'revoked member': {
    token: signedIn('uid-member-revoked'),
    revocation: { validAfter: signInPlus(500), withdrawn: [] },
  },
  participant: { token: signedIn('uid-participant') },
  'revoked participant': {
    token: signedIn('uid-participant-revoked'),
    revocation: { validAfter: signInPlus(1), withdrawn: [] },
  },
  staff: { token: signedIn('uid-staff', { staff: true }) },
  'revoked staff': {
    token: signedIn('uid-staff-revoked', { staff: true }),
    revocation: { validAfter: signInPlus(1), withdrawn: [] },
  },
  'staff signed in again': {
    token: signedIn('uid-staff-again', { staff: true }),
    revocation: { validAfter: signInPlus(0), withdrawn: [] },
  },
  'staff withdrawn': {
    token: signedIn('uid-staff-withdrawn', { staff: true }),
    revocation: { validAfter: signInPlus(-60_000), withdrawn: ['staff'] },
  },
  auditor: { token: signedIn('uid-auditor', { auditor: true }) },
  'auditor withdrawn': {
    token: signedIn('uid-auditor-withdrawn', { auditor: true }),
    revocation: { validAfter: signInPlus(-60_000), withdrawn: ['auditor'] },
  },
  admin: { token: signedIn('uid-admin', { admin: true }) },
  'admin withdrawn, staff kept': {
    token: signedIn('uid-admin-lessened', { admin: true, staff: true }),
    revocation: { validAfter: signInPlus(-60_000), withdrawn: ['admin'] },
  },
  'admin withdrawn with staff': {
    token: signedIn('uid-admin-withdrawn', { admin: true, staff: true }),
    revocation: { validAfter: signInPlus(-60_000), withdrawn: ['staff', 'admin'] },
  },
  'member with a damaged revocation': {
    token: signedIn('uid-damaged', { staff: true }),
    revocation: { validAfter: 'yesterday' as never, withdrawn: [] },
  },
} as const satisfies Record<string, Knocker>;

export type RoleName = keyof typeof roles;
export const roleNames = Object.keys(roles) as RoleName[];

const knockerOf = (name: RoleName): Knocker => roles[name];
export const tokenOf = (name: RoleName) => knockerOf(name).token;
export const revocationOf = (name: RoleName) => knockerOf(name).revocation;
/** `uid-nobody` for who has none: what such a caller would have to write into a note. */
export const uidOf = (name: RoleName): string => {
  const sub = tokenOf(name)?.['sub'];
  return typeof sub === 'string' ? sub : 'uid-nobody';
};

/** Who reads records: staff and auditors, and nobody else. */
export const RECORD_READERS: readonly RoleName[] = [
  'staff',
  'staff signed in again',
  'auditor',
  'admin',
  'admin withdrawn, staff kept',
];

/** Who has a session that was not ended. */
export const SIGNED_IN_ROLES: readonly RoleName[] = [
  ...RECORD_READERS,
  'token without any claim',
  'member',
  'member whose claim is a text',
  'participant',
  'staff withdrawn',
  'auditor withdrawn',
  'admin withdrawn with staff',
];

/** Who is refused, whatever is asked: one table for every operation and every route. */
import { generateKeyPairSync } from 'node:crypto';
import { Timestamp, type Firestore } from '@google-cloud/firestore';
import type { Auth } from 'firebase-admin/auth';
import { MAY_CALL, type Caller } from '@muster/contract/operations';
import { role } from '@muster/contract/staff';
import type { ReasonCode } from '@muster/contract/errors';
import { claimsOf, macToken, signedToken, unsignedToken } from './tokens';

export interface RefusedCaller {
  caller: string;
  /** The whole Authorization header. */
  authorization: string | undefined;
  code: 'UNAUTHENTICATED' | 'PERMISSION_DENIED';
  reason: ReasonCode;
  /** The sentence that tells which it was. */
  message: RegExp;
  /** For what is asked by these alone; always, unless set. */
  when?: Caller[];
  /** Refused by the callable protocol itself, before Muster sees it: no reason there. */
  protocolRefuses?: boolean;
}

/** Users of one run of a test; each uid begins with the run's mark. */
export interface People {
  /** The Authorization header of someone who may call. */
  entitled(who: Caller): string;
  refused: RefusedCaller[];
}

const NOT_VALID = /not a valid ID token/u;
const EVERY_ROLE = Object.fromEntries(role.options.map((name) => [name, true]));

/** Makes the users in the Auth emulator, and their revocations in Firestore. */
export const makePeople = async (auth: Auth, firestore: Firestore, project: string, mark: string): Promise<People> => {
  const uidOf = (name: string) => `${mark}-${name}`;
  const names = [...role.options, 'member', 'agent', 'disabled', 'deleted', 'ended', 'revoked', 'withdrawn'];
  await Promise.all(names.map((name) => auth.createUser({ uid: uidOf(name) })));
  await Promise.all([
    auth.updateUser(uidOf('disabled'), { disabled: true }),
    auth.deleteUser(uidOf('deleted')),
    auth.revokeRefreshTokens(uidOf('revoked')),
    firestore.doc(`muster_revocations/${uidOf('ended')}`).set({ validAfter: Timestamp.now(), withdrawn: [] }),
    firestore
      .doc(`muster_revocations/${uidOf('withdrawn')}`)
      .set({ validAfter: Timestamp.fromMillis(0), withdrawn: role.options }),
    // An admin lets it do everything; no role comes with that.
    firestore.doc(`muster_delegations/dlg_${mark.replaceAll(/[^a-z0-9]/gu, '')}`).set({
      ...{ owner: uidOf('admin'), agent: uidOf('agent'), capabilities: ['muster', 'shipping'], scope: null },
      ...{ reason: 'does everything for me', grantedAs: ['admin', 'staff'] },
      ...{ grantedAt: Timestamp.now(), sessionAt: Timestamp.now() },
      expiresAt: Timestamp.fromMillis(Date.now() + 3_600_000),
      ...{ revokedAt: null, revokedBy: null, revokeReason: null },
    }),
  ]);

  const claims = (name: string, over: Record<string, unknown> = {}) =>
    claimsOf(project, uidOf(name), { ...EVERY_ROLE, ...over });
  const bearer = (token: string) => `Bearer ${token}`;
  const plain = (name: string, roles: Record<string, unknown>) =>
    bearer(unsignedToken(claimsOf(project, uidOf(name), roles)));
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const now = Math.floor(Date.now() / 1000);

  const badToken = (caller: string, token: string, message = NOT_VALID): RefusedCaller => ({
    caller,
    authorization: bearer(token),
    code: 'UNAUTHENTICATED',
    reason: 'BAD_TOKEN',
    message,
  });
  const noToken = (caller: string, authorization: string | undefined, protocolRefuses = true): RefusedCaller => ({
    caller,
    authorization,
    code: 'UNAUTHENTICATED',
    reason: 'NO_TOKEN',
    message: /No token/u,
    protocolRefuses,
  });
  const roleMissing = (caller: string, authorization: string, when: Caller[]): RefusedCaller => ({
    caller,
    authorization,
    code: 'PERMISSION_DENIED',
    reason: 'ROLE_MISSING',
    message: /needs the role/u,
    when,
  });

  return {
    entitled: (who) => {
      const [name] = who === 'signed-in' ? MAY_CALL.staff : MAY_CALL[who];
      return plain(name, { [name]: true });
    },
    refused: [
      noToken('no token', undefined, false),
      noToken('basic authentication', `Basic ${Buffer.from('staff:secret').toString('base64')}`),
      noToken('a token without its scheme', unsignedToken(claims('staff'))),
      badToken('garbage', 'garbage'),
      { ...badToken('three words of garbage', 'a.b.c'), protocolRefuses: true },
      badToken(
        'an expired token',
        unsignedToken(claims('staff', { iat: now - 7200, exp: now - 3600 })),
        /has expired/u,
      ),
      badToken('another audience', unsignedToken(claims('staff', { aud: 'demo-other' }))),
      badToken('another issuer', unsignedToken(claims('staff', { iss: `https://accounts.google.com/${project}` }))),
      badToken('another project', unsignedToken({ ...claimsOf('demo-other', uidOf('staff')), ...EVERY_ROLE })),
      badToken(
        'a forged signature',
        signedToken(claims('staff'), privateKey, { alg: 'RS256', typ: 'JWT', kid: 'forged' }),
      ),
      badToken('a shared secret', macToken(claims('staff'), 'secret', { alg: 'HS256', typ: 'JWT' })),
      badToken('"None" instead of "none"', unsignedToken(claims('staff'), { alg: 'None', typ: 'JWT' })),
      badToken('no algorithm and a signature', unsignedToken(claims('staff'), undefined, 'AAAA')),
      badToken('no subject', unsignedToken(claims('staff', { sub: undefined }))),
      badToken(
        'a subject that is a path',
        unsignedToken(claims('staff', { sub: `${mark}/staff` })),
        /user of this token|not a valid/u,
      ),
      badToken('no time of sign-in', unsignedToken(claims('staff', { auth_time: undefined }))),
      badToken('a sign-in that is to come', unsignedToken(claims('staff', { auth_time: now + 86_400 }))),
      { ...badToken('a deleted user', unsignedToken(claims('deleted')), /does not exist/u), reason: 'USER_DELETED' },
      {
        caller: 'a disabled user',
        authorization: bearer(unsignedToken(claims('disabled'))),
        code: 'UNAUTHENTICATED',
        reason: 'USER_DISABLED',
        message: /disabled/u,
      },
      {
        caller: 'a session that Firebase Auth ended',
        authorization: bearer(unsignedToken(claims('revoked'))),
        code: 'UNAUTHENTICATED',
        reason: 'SESSION_REVOKED',
        message: /session was ended/u,
      },
      {
        caller: 'a session that Muster ended',
        authorization: bearer(unsignedToken(claims('ended'))),
        code: 'UNAUTHENTICATED',
        reason: 'SESSION_REVOKED',
        message: /session was ended/u,
      },
      {
        caller: 'an anonymous account, whatever roles it claims',
        authorization: bearer(
          unsignedToken(claims('staff', { firebase: { identities: {}, sign_in_provider: 'anonymous' } })),
        ),
        code: 'PERMISSION_DENIED',
        reason: 'ANONYMOUS_ACCOUNT',
        message: /anonymous/u,
      },
      roleMissing('an agent of an admin, by their delegation', plain('agent', {}), [
        'staff',
        'staff-or-auditor',
        'admin',
        'recorder',
      ]),
      roleMissing('withdrawn roles', bearer(unsignedToken(claims('withdrawn'))), [
        'staff',
        'staff-or-auditor',
        'admin',
        'recorder',
      ]),
      roleMissing('a member', plain('member', {}), ['staff', 'staff-or-auditor', 'admin', 'recorder']),
      roleMissing(
        'claims that are not "true"',
        plain('member', { staff: 'true', admin: 1, auditor: {}, recorder: 'yes' }),
        ['staff', 'staff-or-auditor', 'admin', 'recorder'],
      ),
      roleMissing('an auditor', plain('auditor', { auditor: true }), ['staff', 'admin', 'recorder']),
      roleMissing('staff that is no admin', plain('staff', { staff: true }), ['admin', 'recorder']),
      roleMissing('an admin that is no recorder', plain('admin', { admin: true }), ['recorder']),
      roleMissing('a recorder', plain('recorder', { recorder: true }), ['staff', 'staff-or-auditor', 'admin']),
    ],
  };
};

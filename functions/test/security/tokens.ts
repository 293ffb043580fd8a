/** ID tokens as Firebase Auth would issue them, and as it never would. */
import { createHmac, sign, type KeyObject } from 'node:crypto';

export type Claims = Record<string, unknown>;

const HOUR = 3600;

/** What a good token of `uid` says; `over` replaces or, with undefined, removes claims. Signed in an hour ago. */
export const claimsOf = (project: string, uid: string, over: Claims = {}): Claims => {
  const now = Math.floor(Date.now() / 1000);
  return {
    iss: `https://securetoken.google.com/${project}`,
    aud: project,
    sub: uid,
    user_id: uid,
    email: `${encodeURIComponent(uid)}@example.com`,
    email_verified: true,
    auth_time: now - HOUR,
    iat: now - 60,
    exp: now + HOUR,
    firebase: { identities: {}, sign_in_provider: 'password' },
    ...over,
  };
};

/** The Auth emulator's own kind: no signature at all. */
export const unsignedToken = (claims: Claims, header: Claims = { alg: 'none', typ: 'JWT' }, signature = ''): string =>
  `${encoded(header)}.${encoded(claims)}.${signature}`;

export const signedToken = (claims: Claims, key: KeyObject, header: Claims): string => {
  const content = `${encoded(header)}.${encoded(claims)}`;
  return `${content}.${sign('sha256', Buffer.from(content), key).toString('base64url')}`;
};

/** Signed with a shared secret; with a public certificate as the "secret" it is the classic confusion of keys. */
export const macToken = (claims: Claims, secret: string, header: Claims): string => {
  const content = `${encoded(header)}.${encoded(claims)}`;
  return `${content}.${createHmac('sha256', secret).update(content).digest('base64url')}`;
};

const encoded = (part: Claims): string => Buffer.from(JSON.stringify(part)).toString('base64url');

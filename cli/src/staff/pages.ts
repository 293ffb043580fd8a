import type { ResponseOf } from '@muster/contract';
import type { Page } from '../output/page';

const held = (roles: readonly string[]): string => (roles.length === 0 ? 'no role of Muster' : roles.join(', '));

/** What somebody has changed past Muster is never taken over in silence. */
const drifted = ({ gone, unknown }: ResponseOf<'staff-grant'>['drift'], { ink }: Page): string[] => [
  ...(gone.length > 0
    ? [
        ink.warn(
          `Taken in Firebase Auth by another hand, and not given back: ${gone.join(', ')}. Grant it anew if it is meant.`,
        ),
      ]
    : []),
  ...(unknown.length > 0
    ? [
        ink.warn(
          `Set in Firebase Auth by another hand, granted by nobody here: ${unknown.join(', ')}. Find out who did.`,
        ),
      ]
    : []),
];

export const roleGranted = ({ uid, roles, changed, drift }: ResponseOf<'staff-grant'>, page: Page): string =>
  [
    changed
      ? `${page.ink.good('Granted')}: ${uid} has now ${held(roles)}. A new token carries it: sign in again to use it at once.`
      : `Nothing was changed: ${uid} has it already (${held(roles)}).`,
    ...drifted(drift, page),
  ].join('\n');

export const roleRevoked = ({ uid, roles, changed, drift }: ResponseOf<'staff-revoke'>, page: Page): string =>
  [
    changed
      ? `${page.ink.good('Revoked')}: ${uid} has now ${held(roles)}, and every session of this user is over.`
      : `Nothing was changed: ${uid} did not have it (${held(roles)}).`,
    ...drifted(drift, page),
  ].join('\n');

export const sessionsRevoked = ({ uid, known, endedAt }: ResponseOf<'sessions-revoke'>, { ink }: Page): string =>
  [
    `${ink.good('Ended')}: every session of ${uid} that began before ${secondOf(endedAt)} UTC is over.`,
    known
      ? 'Who knows the password can sign in again, with the same roles: muster staff revoke takes a role.'
      : ink.warn('Firebase Auth knows no such user: was the uid meant? Tokens that it has given out are refused.'),
  ].join('\n');

const secondOf = (iso: string): string => iso.slice(0, 19).replace('T', ' ');

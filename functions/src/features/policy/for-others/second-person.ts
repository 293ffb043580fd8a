/** The two-person rule (MUSTER_TWO_PERSON): ending a restriction, or letting somebody through it, takes two, beginning one never does. */
import type { Role } from '@muster/contract/staff';
import { MusterError } from '@muster/core/errors';
import type { EndRequest } from '../activation-document';
import { fallsWithSessions, isWithdrawn, revocationAt } from '@muster/guard/revocation';
import type { Work } from '@muster/core/storage/work';

/** How long a request to end something waits for its second person. */
export const REQUEST_LASTS_MS = 24 * 60 * 60 * 1000;

/** What a first person asked for, of an ending as of an exemption. */
export type FirstRequest = Pick<EndRequest, 'by' | 'at'>;

/** The request that still counts: whoever made it may have been revoked since, and is nobody's first person then. */
export const standingRequest = async <Request extends FirstRequest>(
  work: Pick<Work, 'read'>,
  request: Request | null,
): Promise<Request | null> => {
  if (!request) return null;
  const revoked = await work.read(revocationAt(request.by));
  return fallsWithSessions(request.at, revoked) || isWithdrawn('staff', revoked) ? null : request;
};

export interface Asking {
  by: string;
  roles: readonly Role[];
  at: Date;
  breakGlass: boolean;
}

/** `ask`: noted, another person must do the same. `break_glass`: done alone by an admin, and marked. */
export const secondPerson = (
  twoPersons: boolean,
  standing: FirstRequest | null,
  { by, roles, at, breakGlass }: Asking,
): 'proceed' | 'ask' | 'break_glass' => {
  if (!twoPersons) return 'proceed';
  if (breakGlass) {
    if (roles.includes('admin')) return 'break_glass';
    throw new MusterError(
      'PERMISSION_DENIED',
      'Breaking the glass needs the role admin; you are signed in without it.',
      {
        reason: 'ROLE_MISSING',
        next: 'Ask another staff member to restore it with you, or an admin to break the glass.',
      },
    );
  }
  if (!standing || at.getTime() - standing.at.getTime() > REQUEST_LASTS_MS) return 'ask';
  if (standing.by !== by) return 'proceed';
  throw needsSecondPerson(
    `You asked for this at ${standing.at.toISOString()}; nobody may approve what they asked for themselves.`,
  );
};

export const needsSecondPerson = (
  what: string,
  next = 'Another staff member makes the same call. If nobody can be reached, an admin makes it with breakGlass.',
): MusterError => new MusterError('CONFLICT', `${what} Nothing was changed.`, { reason: 'SECOND_PERSON_NEEDED', next });

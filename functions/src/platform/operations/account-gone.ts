/** What Firebase Auth says of an account that is no more, noted where the guard looks: it asks Firebase Auth nothing. */
import { MusterError } from '@muster/core/errors';
import { errorFields } from '@muster/core/log';
import { Meter } from '@muster/core/meter';
import { logicalName } from '@muster/core/storage/paths';
import type { Work } from '@muster/core/storage/work';
import { revocationAt, withGone, withSessionsEnded, type Revocation } from '@muster/guard/revocation';
import type { Standing } from '../adapters/staff-directory';
import type { Adapters } from './adapters';
import { changed, commitChange, unchanged, type Decision } from './change';

/**
 * Whether nothing is to be noted. Who was disabled is often deleted later: what they delegated ends with that, for whoever comes
 * under the same uid is enabled.
 */
export const isNoted = (revoked: Revocation | undefined, standing: Standing): boolean => {
  const { goneSince, validAfter } = revoked ?? {};
  if (!goneSince || !validAfter) return standing === 'enabled';
  return standing === 'disabled' || (standing === 'deleted' && validAfter >= goneSince);
};

/**
 * Stages what is known of an account now. Who is disabled may be enabled again, and what they delegated stands again then; who
 * is deleted comes back as somebody else, though it be under the same uid: all of their sessions end with it.
 */
export const noteStanding = async (
  work: Work,
  uid: string,
  standing: Standing,
  now: Date,
): Promise<Decision<boolean>> => {
  const address = revocationAt(uid);
  const before = await work.read(address);
  if (isNoted(before, standing)) return unchanged(false);
  if (standing === 'enabled') work.write(address, withGone(before));
  else work.write(address, withGone(standing === 'deleted' ? withSessionsEnded(before, now) : before, now));
  return changed(true, {
    action: standing === 'enabled' ? 'accounts.returned' : 'accounts.gone',
    target: logicalName(address.path),
    metadata: { standing },
  });
};

const STANDING: Partial<Record<string, Standing>> = { USER_DISABLED: 'disabled', USER_DELETED: 'deleted' };

/** Notes that Firebase Auth refused a caller because the account is gone. Never throws: whoever was refused hears that. */
export const noteRefusedAccount = async (
  deps: Pick<Adapters, 'store' | 'clock' | 'log' | 'appendEntry' | 'ids'>,
  error: unknown,
  { uid, correlationId }: { uid: string; correlationId: string },
): Promise<void> => {
  const standing = error instanceof MusterError ? STANDING[error.details.reason] : undefined;
  if (!standing) return;
  const now = deps.clock();
  const envelope = { actor: () => ({ type: 'system' as const, id: 'firebase-auth' }), correlationId, now };
  try {
    await commitChange(deps, new Meter(), envelope, (work) => noteStanding(work, uid, standing, now));
  } catch (failure) {
    deps.log.error('an account is gone, and that could not be noted', { uid, ...errorFields(failure) });
  }
};

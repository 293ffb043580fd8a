import { MusterError } from '@muster/core/errors';
import { uid as uidSchema } from '@muster/contract/values';
import { idFrom } from '@muster/core/ids';
import { logicalName } from '@muster/core/storage/paths';
import { revocationAt, withGone, withSessionsEnded } from '@muster/guard/revocation';
import { changed, type Memory } from '../../platform/operations/change';
import { defineChange } from '../../platform/operations/define-change';
import type { StaffDirectory } from '../../platform/adapters/staff-directory';

/**
 * `sessions-revoke`. Never forbidden by policy: it contains. From its commit on every session of the user that was begun
 * before is over, whatever Firebase Auth still says. Anyone of staff may end anyone's, an admin's and one's own too: nobody
 * is locked out by it, because no role is withdrawn, and who signs in again goes on. Reads own and the user's revocation;
 * writes revocation, entry.
 */
export const revokeSessions = defineChange('sessions-revoke', {
  guarded: false,
  cost: { reads: 2, writes: 2 },
  reads: ({ uid }) => [revocationAt(recordedAs(uid))],
  async decide({ work, now, directory, memory }, { uid, reason }) {
    const known = await isKnown(directory, memory, { uid });
    const address = revocationAt(recordedAs(uid));
    const open = withSessionsEnded(await work.read(address), now);
    const ended = known ? open : withGone(open, now);
    work.write(address, ended);
    const endedAt = ended.validAfter.toISOString();
    return changed(
      { changed: true as const, uid, known, endedAt },
      {
        action: 'sessions.revoked',
        target: logicalName(address.path),
        rationale: reason,
        metadata: {
          sessionsEndedAt: endedAt,
          ...(recordedAs(uid) === uid ? {} : { uid }),
          ...(known ? {} : { unknownToAuth: true }),
        },
      },
    );
  },
  async afterwards({ directory }, { uid, known }) {
    if (!known) return;
    try {
      await directory.endSessions(uid);
    } catch (error) {
      throw new MusterError(
        'UNAVAILABLE',
        'All sessions are refused here, but Firebase Auth still renews their tokens.',
        { reason: 'AUTH_NOT_UPDATED', next: 'Make the same call again; it finishes what is missing.' },
        { cause: error },
      );
    }
  },
});

/**
 * Nobody is answered by a uid that is no name of a document: there is nothing to refuse here, and that it was ended is kept under
 * a name made of it.
 */
const recordedAs = (user: string): string => uidSchema.safeParse(user).data ?? idFrom('uid', user);

/**
 * Asked once, however often the work is decided again. A Firebase Auth that does not answer must keep nobody's sessions
 * alive: the user counts as known then, so that Firebase Auth is told afterwards, or the caller hears that it was not.
 */
const isKnown = async (directory: StaffDirectory, memory: Memory, who: { uid: string }): Promise<boolean> => {
  const remembered = memory.get('known');
  if (remembered !== undefined) return remembered === 'yes';
  const known = await directory.find(who).then(
    (person) => person !== undefined,
    () => true,
  );
  memory.set('known', known ? 'yes' : 'no');
  return known;
};

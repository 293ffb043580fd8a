import * as z from 'zod';
import { collections } from '@muster/core/storage/paths';
import { parsedRevocation, revocationAt } from '@muster/guard/revocation';
import { isNoted, noteStanding } from '../../platform/operations/account-gone';
import { unchanged } from '../../platform/operations/change';
import type { Job, JobContext } from '../../platform/operations/job';
import { MOST_ASKED, type Standing } from '../../platform/adapters/staff-directory';

/** Delegations in one look. */
const PAGE = 300;

/** Of a delegation, no more than this is asked: a damaged one has no say, and the guard lets it through nothing. */
const ofOwner = z.looseObject({ owner: z.string(), expiresAt: z.date() });

/**
 * `delegations-owners`: whether who has delegated something that stands is still there. The guard asks Firebase Auth nothing; so
 * this is how long an account that was disabled or deleted outside of Muster may be acted for at the most: 15 minutes, and as long
 * as the run takes. Reads each standing delegation, and the revocation of each owner; one that is back is let through again.
 */
export const sweepOwners: Job = {
  name: 'delegations_owners',
  schedule: '*/15 * * * *',
  quiet: true,
  cost: { reads: 1, writes: 0, readsPerRow: 4, writesPerRow: 2 },
  async run(context) {
    const owners = await standingOwners(context);
    const found = { owners: owners.length, gone: 0, returned: 0 };
    for (let first = 0; first < owners.length; first += MOST_ASKED) {
      const asked = owners.slice(first, first + MOST_ASKED);
      for (const [uid, standing] of await movedAmong(context, asked)) {
        const noted = await context.change(uid, (work) => noteStanding(work, uid, standing, context.now));
        if (noted) found[standing === 'enabled' ? 'returned' : 'gone'] += 1;
      }
    }
    return found;
  },
};

const standingOwners = async ({ change, now }: JobContext): Promise<string[]> => {
  const owners = new Set<string>();
  let place: { after?: { values: Date[]; id: string } } = {};
  for (;;) {
    const page = await change('look', async (work) =>
      unchanged(
        await work.find({
          collection: collections.delegations,
          schema: ofOwner,
          where: [
            { field: 'revokedAt', is: '==', value: null },
            { field: 'expiresAt', is: '>', value: now },
          ],
          orderBy: [{ field: 'expiresAt', direction: 'asc' }],
          limit: PAGE,
          ...place,
        }),
      ),
    );
    for (const { data } of page) owners.add(data.owner);
    const last = page.at(-1);
    if (page.length < PAGE || !last) return [...owners];
    place = { after: { values: [last.data.expiresAt], id: last.id } };
  }
};

/** Of whom Firebase Auth says something else than what is known here. */
const movedAmong = async (
  { directory, read }: JobContext,
  uids: readonly string[],
): Promise<[uid: string, standing: Standing][]> => {
  const accounts = new Map((await directory.findAll(uids)).map((account) => [account.uid, account]));
  const work = read();
  await work.prefetch(uids.map(revocationAt));
  return uids.flatMap((uid): [string, Standing][] => {
    const account = accounts.get(uid);
    const standing = account === undefined ? 'deleted' : account.disabled ? 'disabled' : 'enabled';
    return isNoted(parsedRevocation(work.seen(revocationAt(uid))), standing) ? [] : [[uid, standing]];
  });
};

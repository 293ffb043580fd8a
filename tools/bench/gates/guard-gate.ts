/** Muster under the same loop as any other gate: one that asks memory and then writes, one that writes under the guard. */
import { randomBytes } from 'node:crypto';
import { initializeApp } from 'firebase-admin/app';
import { createGuard, MusterError } from '@muster/guard';

const REQUEST = { capability: 'shipping.commit', actor: 'bench-bot' };
const app = initializeApp({ projectId: process.env['GCLOUD_PROJECT'] ?? '' });
const guard = createGuard({ app });

export const open = async (collection: string) => {
  await guard.watch();
  const cached = process.env['MUSTER_GATE'] === 'cached';
  let denied = false;
  const { openFirestoreWrite } = (await import(`${process.cwd()}/tools/bench/gates/firestore-write.mjs`)) as {
    openFirestoreWrite: (collection: string) => Promise<{ write: () => Promise<void>; close: () => Promise<void> }>;
  };
  const plain = await openFirestoreWrite(collection);
  return {
    allowed: () => (cached ? guard.cached(REQUEST).allowed : !denied),
    write: async () => {
      if (cached) return plain.write();
      try {
        await guard.run(REQUEST, async (work) => {
          work.create(`${collection}/${randomBytes(10).toString('hex')}`, { writtenAt: new Date() });
        });
      } catch (error) {
        if (!(error instanceof MusterError) || error.details.reason !== 'BLOCKED_BY_KILL_SWITCH') throw error;
        denied = true;
      }
    },
    close: async () => {
      guard.close();
      await plain.close();
    },
  };
};

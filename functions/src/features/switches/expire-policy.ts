import { changed, unchanged } from '../../platform/change';
import { policyAsStored, policyAt } from '../../platform/guard';
import type { Job } from '../../platform/job';
import { expireMode, readablePolicy } from './degraded-mode';
import { modeExited } from './policy-audit';

/** `policy-expire`: ends a mode whose time has come. It binds no one any more; this makes it history. */
export const expirePolicy: Job = {
  name: 'policy_expire',
  schedule: '*/5 * * * *',
  cost: { reads: 2, writes: 3 },
  async run({ now, change }) {
    let malformed = 0;
    const ended = await change('expire', async (work) => {
      const before = readablePolicy(await work.read(policyAsStored()));
      // Guarded writes are refused by now; this run must not say that all is well.
      malformed = before ? 0 : 1;
      const after = before && expireMode(before, now);
      if (!before || !after) return unchanged(false);
      work.write(policyAt(), after);
      const { name, until } = before.mode;
      return changed(true, modeExited(name, { reason: 'expired', details: undefined, until }));
    });
    return { expired: ended ? 1 : 0, malformed };
  },
};

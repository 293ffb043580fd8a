import type { Job } from '../../../platform/operations/job';
import { moveSalts } from './move-salts';
import { sealWaiting } from './seal';

/** Cloud Scheduler knows no shorter time than a minute; an entry should wait less. */
const AGAIN_AFTER_MS = 30_000;
/** No batch begins later than this after its pass did: two passes and the wait stay within the function's 60 s with room. */
const PASS_TAKES_MS = 10_000;
/** Nor does a tile of salts that are moved (ADR 13), between the two. */
const MOVING_TAKES_MS = 3_000;

/** `audit-sealing`: seals what waits, twice in its minute, so that nothing waits longer than half of one. Rows are the entries that it touches. */
export const sealEachMinute: Job = {
  name: 'audit_sealing',
  schedule: '* * * * *',
  quiet: true,
  cost: { reads: 12, writes: 12, readsPerRow: 1, writesPerRow: 1 },
  async run({ change, clock, log, keepLog, salts, signer, wait }) {
    const pass = () =>
      sealWaiting({ keepLog, clock, log, salts, signer: signer() }, new Date(clock().getTime() + PASS_TAKES_MS));
    const first = await pass();
    const movedUntil = new Date(clock().getTime() + MOVING_TAKES_MS);
    const saltsMoved = first.saltsLeft ? await moveSalts({ keepLog, change, clock, log }, movedUntil) : 0;
    await wait(AGAIN_AFTER_MS);
    const second = await pass();
    // Every commit was lost to others, who sealed nothing either: something stands where the log would go on.
    if (second.left && first.sealed + second.sealed === 0) log.critical('audit entries wait, and none could be sealed');
    return { sealed: first.sealed + second.sealed, saltsMoved, malformed: second.malformed };
  },
};

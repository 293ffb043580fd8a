import { defineSteps } from '../../../platform/operations/define-steps';
import { logHeadAt, toTreeHead } from './log-documents';
import { sealWaiting } from './seal';

/** It answers after this, whatever is left; who wants all of it asks again. */
const TAKES_MS = 8_000;

/**
 * `audit-seal`: seals what waits now, instead of within the minute. It changes no entry and leaves none: what it did is the
 * head that it answers. Rows are the entries sealed.
 */
export const sealNow = defineSteps('audit-seal', {
  cost: { reads: 10, writes: 6, readsPerRow: 1, writesPerRow: 1 },
  async run({ clock, log, keepLog, salts, signer, read }) {
    const until = new Date(clock().getTime() + TAKES_MS);
    const { sealed, left } = await sealWaiting({ keepLog, clock, log, salts, signer: signer() }, until);
    const work = read();
    const head = await work.read(logHeadAt());
    return { sealed, left, head: head && head.note !== '' ? toTreeHead(head) : null };
  },
});

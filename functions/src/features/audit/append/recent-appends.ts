/** How often one caller has appended lately: what keeps a product that runs wild from flooding the log. */
import * as z from 'zod';
import { documentAt } from '@muster/core/storage/documents';
import { MusterError } from '@muster/core/errors';
import { paths } from '@muster/core/storage/paths';
import { APPENDS_A_MINUTE } from '@muster/contract/audit/append';
import { withAnother as timesWith } from '../../../platform/operations/recent-times';

/** `muster_auditAppends/{uid}`: the times of its last entries, oldest first. Of one caller, so that no two wait for each other. */
export const recentAppends = z.strictObject({ times: z.array(z.date()).max(APPENDS_A_MINUTE) });
export type RecentAppends = z.infer<typeof recentAppends>;
export const recentAppendsAt = (uid: string) => documentAt(paths.auditAppends(uid), recentAppends);

/** The times with this one more; refuses the 61st within any minute, and says when there will be room. */
export const withAnother = (recent: RecentAppends | undefined, now: Date): RecentAppends => ({
  times: timesWith(recent?.times ?? [], now, APPENDS_A_MINUTE, tooMany),
});

const tooMany = (at: Date): MusterError =>
  new MusterError(
    'RATE_LIMITED',
    `You have appended ${APPENDS_A_MINUTE} entries within a minute, which is the most. This one was not written.`,
    {
      reason: 'RATE_LIMITED',
      tryAgainAt: at.toISOString(),
      next: `Try again at ${at.toISOString()} or later, with the same requestId.`,
    },
  );

/** Legal holds: while one stands, no entry comes to its end. */
import * as z from 'zod';
import { documentAt } from '@muster/core/storage/documents';
import { MusterError } from '@muster/core/errors';
import { paths } from '@muster/core/storage/paths';
import type { legalHold } from '@muster/contract/audit/log';

/** `muster_auditLog/holds`: one document, so that the end of an entry rests on it (law 2). */
export const holdsDocument = z.strictObject({
  holds: z.record(z.string(), z.strictObject({ reason: z.string(), by: z.string(), since: z.date() })),
});
export type HoldsDocument = z.infer<typeof holdsDocument>;
export const holdsAt = () => documentAt(paths.auditHolds(), holdsDocument);

const MOST_HOLDS = 50;

export const toHolds = (stored: HoldsDocument | undefined): z.infer<typeof legalHold>[] =>
  Object.entries(stored?.holds ?? {})
    .map(([id, { since, ...rest }]) => ({ id, ...rest, since: since.toISOString() }))
    .toSorted((one, other) => (one.since < other.since ? 1 : -1));

export const refuseTooMany = (stored: HoldsDocument | undefined): void => {
  if (Object.keys(stored?.holds ?? {}).length < MOST_HOLDS) return;
  throw new MusterError('CONFLICT', `There are ${MOST_HOLDS} legal holds, which is all that can stand at once.`, {
    reason: 'TOO_MANY',
    next: 'One of them keeps every entry already. Release what is over (audit-release) before you place another.',
  });
};

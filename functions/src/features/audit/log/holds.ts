/** Legal holds, and what has come to its end: while a hold stands, no entry does. */
import * as z from 'zod';
import { documentAt } from '@muster/core/storage/documents';
import { MusterError } from '@muster/core/errors';
import { paths } from '@muster/core/storage/paths';
import type { Keeping } from '@muster/tlog/leaf';
import type { legalHold } from '@muster/contract/audit/log';

/** `muster_auditLog/holds`: one document, so that the end of an entry rests on it (law 2). */
export const holdsDocument = z.strictObject({
  holds: z.record(z.string(), z.strictObject({ reason: z.string(), by: z.string(), since: z.date() })),
  /** In days, as an entry has said it last; 0 before the first. */
  retentionDays: z.int().min(0).default(0),
  /** What is below comes to its end a week after, unless a hold is placed or the retention is changed meanwhile. */
  announced: z
    .strictObject({ below: z.int().min(0), at: z.date() })
    .nullable()
    .default(null),
  /** What is below has come to its end. It never becomes less. */
  endedBelow: z.int().min(0).default(0),
});
export type HoldsDocument = z.infer<typeof holdsDocument>;
export const holdsAt = () => documentAt(paths.auditHolds(), holdsDocument);

/** Before anything was stored. */
export const NOTHING_HELD: HoldsDocument = { holds: {}, retentionDays: 0, announced: null, endedBelow: 0 };

/** What an entry says of it. */
export const keepingOf = ({ holds, announced, endedBelow }: HoldsDocument, retentionDays: number): Keeping => ({
  retentionDays,
  holds: Object.keys(holds).length,
  announcedBelow: announced?.below ?? null,
  endedBelow,
});

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

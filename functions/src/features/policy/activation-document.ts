import * as z from 'zod';
import { activationEnd, activationView, type ActivationView } from '@muster/contract/policy';
import { documentAt } from '@muster/core/storage/documents';
import { paths } from '@muster/core/storage/paths';
import type { denials } from '@muster/guard/refusal-counter';

const renewal = z.strictObject({ at: z.date(), by: z.string(), reason: z.string(), until: z.date().nullable() });

/** Renewals kept in the record, the latest ones; the audit has every one. */
const MOST_RENEWALS = 100;

/** `muster_activations/{id}`: one restriction from its beginning to its end. What the ledger answers from. */
export const activationDocument = z.strictObject({
  kind: activationView.shape.kind,
  name: z.string(),
  /** Whether it stands; `muster_policy/current` is rebuilt from those that do. */
  on: z.boolean(),
  since: z.date(),
  until: z.date().nullable(),
  by: z.string(),
  reason: z.string(),
  renewals: z.array(renewal),
  endedAt: z.date().nullable(),
  endedBy: z.string().nullable(),
  end: activationEnd.nullable(),
  endReason: z.string().nullable(),
  /** The first of two persons who are needed to end it (MUSTER_TWO_PERSON), and whether there is one, to be found by. */
  endRequest: z.strictObject({ by: z.string(), at: z.date(), reason: z.string() }).nullable().default(null),
  endAsked: z.boolean().default(false),
});
export type EndRequest = NonNullable<z.infer<typeof activationDocument>['endRequest']>;
export type ActivationDocument = z.infer<typeof activationDocument>;
export type ActivationEnd = z.infer<typeof activationEnd>;

export const activationAt = (id: string) => documentAt(paths.activation(id), activationDocument);

/** What begins or renews a restriction. */
export interface Order {
  reason: string;
  until: Date | null;
  by: string;
  at: Date;
}

const NOBODY_ASKS = { endRequest: null, endAsked: false } as const;

export const begun = (kind: ActivationDocument['kind'], name: string, order: Order): ActivationDocument => ({
  kind,
  name,
  on: true,
  since: order.at,
  until: order.until,
  by: order.by,
  reason: order.reason,
  renewals: [],
  endedAt: null,
  endedBy: null,
  end: null,
  endReason: null,
  ...NOBODY_ASKS,
});

/** Asked to be ended by the first of two persons. */
export const endAskedOf = (before: ActivationDocument, endRequest: EndRequest): ActivationDocument => ({
  ...before,
  endRequest,
  endAsked: true,
});

/** Renewed, and nobody's request to end it stands any more. */
export const renewed = (before: ActivationDocument, { at, by, reason, until }: Order): ActivationDocument => ({
  ...before,
  until,
  renewals: [...before.renewals, { at, by, reason, until }].slice(-MOST_RENEWALS),
  ...NOBODY_ASKS,
});

/** How a restriction ended, by whom and why. */
export interface Ending {
  end: ActivationEnd;
  by: string;
  reason: string | null;
  at: Date;
}

export const ended = (before: ActivationDocument, { end, by, reason, at }: Ending): ActivationDocument => ({
  ...before,
  on: false,
  endedAt: at,
  endedBy: by,
  end,
  endReason: reason,
  ...NOBODY_ASKS,
});

/** A row of the ledger. One that nobody ended yet, and whose time has come, is told as ended then. */
export const toActivationView = (
  id: string,
  found: ActivationDocument,
  denied: z.infer<typeof denials> | undefined,
  now: Date,
): ActivationView => {
  const expired = found.endedAt === null && found.until !== null && found.until <= now;
  const endedAt = expired ? found.until : found.endedAt;
  return {
    id,
    kind: found.kind,
    name: found.name,
    since: found.since.toISOString(),
    until: found.until?.toISOString() ?? null,
    by: found.by,
    reason: found.reason,
    renewals: found.renewals.map(({ at, until, ...one }) => ({
      at: at.toISOString(),
      until: until?.toISOString() ?? null,
      ...one,
    })),
    endedAt: endedAt?.toISOString() ?? null,
    endedBy: found.endedBy,
    end: expired ? 'expired' : found.end,
    endReason: found.endReason,
    durationMs: Math.max(0, (endedAt ?? now).getTime() - found.since.getTime()),
    denied: denied ?? { total: 0, byCapability: {} },
  };
};

import * as z from 'zod';
import { capabilityName } from '@muster/contract/capabilities';
import type { ExemptionView } from '@muster/contract/exemptions';
import { documentAt } from '@muster/core/storage/documents';
import { paths } from '@muster/core/storage/paths';
import { REQUEST_LASTS_MS } from '../policy/for-others/second-person';

/**
 * `muster_exemptions/{id}`: who let whom pass what, and why. The record alone lets nobody pass: what binds is in the
 * restrictions of `muster_policy/current`, and ends with them. Changed once at most, when it is revoked.
 */
export const exemptionDocument = z.strictObject({
  owner: z.string(),
  capability: capabilityName,
  justification: z.string(),
  /** Null while it waits for a second person. */
  grantedBy: z.string().nullable(),
  requestedBy: z.string().nullable().default(null),
  grantedAt: z.date(),
  until: z.date(),
  from: z.array(z.strictObject({ activation: z.string().nullable(), name: z.string() })),
  revokedAt: z.date().nullable(),
  revokedBy: z.string().nullable(),
  revokeReason: z.string().nullable(),
});
export type ExemptionDocument = z.infer<typeof exemptionDocument>;

export const exemptionAt = (id: string) => documentAt(paths.exemption(id), exemptionDocument);

/** Whether it still waits for a second person. */
export const isWaiting = ({ grantedBy, revokedAt, grantedAt }: ExemptionDocument, now: Date): boolean =>
  grantedBy === null && revokedAt === null && now.getTime() - grantedAt.getTime() <= REQUEST_LASTS_MS;

export const toExemptionView = (id: string, found: ExemptionDocument, now: Date): ExemptionView => {
  const waits = found.grantedBy === null;
  const isOver = found.until <= now || (waits && !isWaiting(found, now));
  const lapsed = isOver ? ('expired' as const) : waits ? ('waiting' as const) : ('active' as const);
  return {
    id,
    owner: found.owner,
    capability: found.capability,
    justification: found.justification,
    grantedBy: found.grantedBy,
    requestedBy: found.requestedBy,
    grantedAt: found.grantedAt.toISOString(),
    until: found.until.toISOString(),
    from: found.from,
    revokedAt: found.revokedAt?.toISOString() ?? null,
    revokedBy: found.revokedBy,
    state: found.revokedAt === null ? lapsed : 'revoked',
  };
};

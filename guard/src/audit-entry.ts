import * as z from 'zod';
import { auditAction, auditActorType, auditOutcome, type AuditRow } from '../../functions/src/contract/audit';
import { documentAt, type Stored } from './documents';
import { paths } from './paths';

/** `audit/{id}` as stored. Never changed after its commit. */
export const auditEntry = z.strictObject({
  at: z.date(),
  actorType: auditActorType,
  actorId: z.string(),
  action: auditAction,
  /** Every prefix of `action`: what lets a query by any prefix read no more than it returns. */
  actionPrefixes: z.array(z.string()),
  rationale: z.string().nullable(),
  target: z.string(),
  outcome: auditOutcome,
  correlationId: z.string(),
  exercise: z.boolean(),
  metadata: z.record(z.string(), z.unknown()),
});
export type AuditEntry = z.infer<typeof auditEntry>;

export const auditEntryAt = (id: string) => documentAt(paths.auditEntry(id), auditEntry);

/** An entry as answered: the index of prefixes is Muster's own business. */
export const toAuditRow = ({ id, data }: Pick<Stored<AuditEntry>, 'id' | 'data'>): AuditRow => {
  const { actionPrefixes: _, at, ...rest } = data;
  return { id, at: at.toISOString(), ...rest };
};

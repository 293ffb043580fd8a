import * as z from 'zod';
import { auditAction, auditActorType, auditOutcome, type AuditRow } from '@muster/contract/audit/entry';
import { severity } from '@muster/contract/values';
import { documentAt, type Stored } from '../storage/documents';
import { paths } from '../storage/paths';

/** Retention and legal holds as they stand with an entry; places are of leaves. */
export const keeping = z.strictObject({
  retentionDays: z.int(),
  holds: z.int(),
  announcedBelow: z.int().nullable(),
  endedBelow: z.int(),
});

/** `muster_audit/{id}` as stored. Never changed after its commit, but for its place in the log and its end. */
export const auditEntry = z.strictObject({
  /** Of its leaf (tlog/src/leaf.ts). Entries of 0.1.0, and of a guard of that release, do not say it. */
  v: z.union([z.literal(1), z.literal(2)]).default(1),
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
  // Entries of 0.1.0 do not have what has a default here; sealing gives it to them before it seals them.
  severity: severity.nullable().default(null),
  drillId: z.string().nullable().default(null),
  incidentId: z.string().nullable().default(null),
  ip: z.string().nullable().default(null),
  sessionId: z.string().nullable().default(null),
  callerRequestId: z.string().nullable().default(null),
  exercise: z.boolean(),
  metadata: z.record(z.string(), z.unknown()),
  /** What an entry of the log's own keeping says of it (tlog/src/leaf.ts), for whoever checks an export; null in all others. */
  keeping: keeping.nullable().default(null),
  /** The beginnings of the words of `rationale`, as `actionPrefixes` are those of `action`. */
  words: z.array(z.string()).default([]),
  /** Only in entries of before: salts are made by sealing, and stand where no client reads (ADR 13). Empty once it was moved there. */
  salt: z.string().optional(),
  /** Its place in the log, given once by sealing; null until then. */
  leafIndex: z.int().min(0).nullable().default(null),
  /** When the database deletes it; null until its time of retention is over. */
  musterExpireAt: z.date().nullable().default(null),
});
export type AuditEntry = z.infer<typeof auditEntry>;

export const auditEntryAt = (id: string) => documentAt(paths.auditEntry(id), auditEntry);

/** An entry as answered: what it is found by, its salt and its end are Muster's own business. */
export const toAuditRow = ({ id, data }: Pick<Stored<AuditEntry>, 'id' | 'data'>): AuditRow => {
  const {
    v: _v,
    actionPrefixes: _,
    words: _words,
    salt: _salt,
    keeping: _keeping,
    musterExpireAt: _end,
    at,
    ...rest
  } = data;
  return { id, at: at.toISOString(), ...rest };
};

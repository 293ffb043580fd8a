/** The audit log: what an entry is, and how it is asked for. */
import * as z from 'zod';
import * as v from './values';

/** Dotted and lower-case: `studio_ops.drill_event`. At most 80 characters, because each prefix of it is indexed. */
export const auditAction = z
  .string()
  .regex(/^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$/u)
  .max(80);

export const auditOutcome = z.enum(['success', 'failed', 'refused']);

/** `staff` and `member` are signed-in people, `system` a schedule, `operator` someone with the project's own credentials. */
export const auditActorType = z.enum(['staff', 'member', 'system', 'operator']);

export const auditRow = z.strictObject({
  id: v.auditEntryId,
  at: v.instant,
  actorType: auditActorType,
  actorId: z.string(),
  action: auditAction,
  rationale: z.string().nullable(),
  target: z.string(),
  outcome: auditOutcome,
  correlationId: z.string(),
  exercise: z.boolean(),
  metadata: z.record(z.string(), z.unknown()),
});
export type AuditRow = z.infer<typeof auditRow>;

export const queryAudit = {
  request: z
    .strictObject({
      actionPrefix: z
        .string()
        .max(80)
        .regex(/^[a-z0-9_.]*$/u, 'lower-case letters, digits, "_" and "."')
        .optional(),
      actorId: v.text(128).optional(),
      target: v.text(300).optional(),
      outcome: auditOutcome.optional(),
      correlationId: v.text(128).optional(),
      from: v.instant.optional(),
      to: v.instant.optional(),
      limit: v.limit,
      cursor: v.cursor.optional(),
    })
    .refine((input) => !input.from || !input.to || Date.parse(input.from) < Date.parse(input.to), {
      path: ['to'],
      error: 'a time after "from"',
    }),
  response: z.strictObject({ entries: z.array(auditRow), nextCursor: v.cursor.nullable() }),
};

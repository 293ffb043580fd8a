import * as z from 'zod';
import type { ActionView } from '../../contract/actions';
import { capabilityName, CATALOG, classIn } from '../../contract/capabilities';
import { documentAt } from '../../../../guard/src/documents';
import { paths } from '../../../../guard/src/paths';

/** As stored; that a proposal is over by time is nowhere written, because nothing happens then. */
export const storedStatus = z.enum(['proposed', 'approved', 'rejected', 'executed']);

/** `actions/{id}`: one proposal, from its request to its end. Its class is the catalog's, as of now, and is not stored. */
export const actionDocument = z.strictObject({
  capability: capabilityName,
  actor: z.string(),
  owner: z.string(),
  delegation: z.string().nullable(),
  scope: z.string().nullable(),
  rationale: z.string(),
  /** As JSON, because Firestore takes neither lists in lists nor every name of a field. */
  input: z.string(),
  status: storedStatus,
  /** When the session began in which it was proposed: whoever ends that ends what was proposed in it. */
  sessionAt: z.date(),
  requestedAt: z.date(),
  expiresAt: z.date(),
  decidedAt: z.date().nullable(),
  decidedBy: z.string().nullable(),
  decisionReason: z.string().nullable(),
  executedAt: z.date().nullable(),
  executedBy: z.string().nullable(),
});
export type Action = z.infer<typeof actionDocument>;

export const actionAt = (id: string) => documentAt(paths.action(id), actionDocument);

/** What a proposal is at a time: `expired` when nobody rejected or executed it before its time was over. */
export const statusAt = (
  { status, expiresAt }: Pick<Action, 'status' | 'expiresAt'>,
  now: Date,
): ActionView['status'] => ((status === 'proposed' || status === 'approved') && expiresAt <= now ? 'expired' : status);

/** A proposal as answered. */
export const toActionView = (id: string, { sessionAt: _session, ...action }: Action, now: Date): ActionView => ({
  ...action,
  id,
  class: classIn(CATALOG, action.capability),
  input: JSON.parse(action.input) as ActionView['input'],
  status: statusAt(action, now),
  requestedAt: action.requestedAt.toISOString(),
  expiresAt: action.expiresAt.toISOString(),
  decidedAt: action.decidedAt?.toISOString() ?? null,
  executedAt: action.executedAt?.toISOString() ?? null,
});

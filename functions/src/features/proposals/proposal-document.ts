import * as z from 'zod';
import { storedProposalStatus, type ProposalView } from '@muster/contract/proposals';
import { capabilityName, CAPABILITY_CATALOG, classIn } from '@muster/contract/capabilities';
import { documentAt } from '@muster/core/storage/documents';
import { paths } from '@muster/core/storage/paths';

/** `muster_proposals/{id}`: one proposal, from its request to its end. Its class is the catalog's, as of now, and is not stored. */
export const proposalDocument = z.strictObject({
  capability: capabilityName,
  actor: z.string(),
  owner: z.string(),
  delegation: z.string().nullable(),
  scope: z.string().nullable(),
  /** Who asked: the actor itself, or the staff member who runs it. */
  proposedBy: z.string(),
  /** A word for people; nothing is decided on it. */
  ownerLabel: z.string().nullable(),
  rationale: z.string(),
  previewSummary: z.string().nullable(),
  expectedEffects: z.array(z.string()),
  /** Who granted the exemptions without which it could not have been proposed: nobody of them approves it. */
  exemptedBy: z.array(z.string()),
  /** As JSON, because Firestore takes neither lists in lists nor every name of a field. */
  input: z.string(),
  status: storedProposalStatus,
  /** When the session began in which it was proposed: whoever ends that ends what was proposed in it. */
  sessionAt: z.date(),
  requestedAt: z.date(),
  expiresAt: z.date(),
  decidedAt: z.date().nullable(),
  decidedBy: z.string().nullable(),
  decisionReason: z.string().nullable(),
  executedAt: z.date().nullable(),
  executedBy: z.string().nullable(),
  /** As JSON, like the input. */
  output: z.string().nullable(),
});
export type Proposal = z.infer<typeof proposalDocument>;

export const proposalAt = (id: string) => documentAt(paths.proposal(id), proposalDocument);

/** What a proposal is at a time: `expired` when nobody rejected or executed it before its time was over. */
export const statusAt = (
  { status, expiresAt }: Pick<Proposal, 'status' | 'expiresAt'>,
  now: Date,
): ProposalView['status'] =>
  (status === 'proposed' || status === 'approved') && expiresAt <= now ? 'expired' : status;

/** A proposal as answered. */
export const toProposalView = (
  id: string,
  { sessionAt: _session, exemptedBy: _granters, ...proposal }: Proposal,
  now: Date,
): ProposalView => ({
  ...proposal,
  id,
  class: classIn(CAPABILITY_CATALOG, proposal.capability),
  input: JSON.parse(proposal.input) as ProposalView['input'],
  status: statusAt(proposal, now),
  requestedAt: proposal.requestedAt.toISOString(),
  expiresAt: proposal.expiresAt.toISOString(),
  decidedAt: proposal.decidedAt?.toISOString() ?? null,
  executedAt: proposal.executedAt?.toISOString() ?? null,
  output: proposal.output === null ? null : (JSON.parse(proposal.output) as ProposalView['output']),
});

/** Proposals: what a person or an agent wants to do, which staff approves and which is done once at most. */
import * as z from 'zod';
import { capabilityClass, capabilityName } from './capabilities';
import * as v from './values';

/** A proposal that nobody executed is over after this time. */
export const PROPOSAL_LIFETIME_MS = 7 * 24 * 60 * 60 * 1000;

/** In levels of objects and lists, and in characters of JSON. */
const DEEPEST_INPUT = 20;
const LONGEST_INPUT = 8 * 1024;

/** Bounded before anything walks it, because what comes from outside may be nested without end. */
export const isPlainJson = (value: unknown, levels: number): boolean => {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return ['string', 'boolean', 'object'].includes(typeof value);
  return (
    levels > 0 &&
    !Object.hasOwn(value, '__proto__') &&
    Object.values(value).every((inner) => isPlainJson(inner, levels - 1))
  );
};

/** The product's own words for what is to be done: at most 8 KiB of JSON, kept as it is and handed back at execution. */
export const proposalInput = z
  .custom<Record<string, unknown>>(
    (value) =>
      typeof value === 'object' && !Array.isArray(value) && value !== null && isPlainJson(value, DEEPEST_INPUT),
    { error: `a JSON object, at most ${DEEPEST_INPUT} levels deep, without a key __proto__`, abort: true },
  )
  .refine((input) => JSON.stringify(input).length <= LONGEST_INPUT, 'at most 8 KiB as JSON')
  .meta({ type: 'object' });

/** `z.json()` with a name: it holds itself, so the description of the API has to refer to it. */
type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };
const jsonValue: z.ZodType<JsonValue> = z
  .lazy(() =>
    z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(jsonValue), z.record(z.string(), jsonValue)]),
  )
  .meta({ id: 'JsonValue' });

/** What came of it: any JSON that is as deep and as long as an input may be. */
export const proposalOutput = z
  .custom<JsonValue>((value) => value !== null && value !== undefined && isPlainJson(value, DEEPEST_INPUT), {
    error: `JSON, at most ${DEEPEST_INPUT} levels deep, without a key __proto__`,
    abort: true,
  })
  .refine((output) => JSON.stringify(output).length <= LONGEST_INPUT, 'at most 8 KiB as JSON')
  .meta({ description: 'any JSON but null' });

export const proposalStatus = z.enum(['proposed', 'approved', 'rejected', 'executed', 'expired']);
/** What is stored of it: that its time is over is nowhere written, because nothing happens then. */
export const storedProposalStatus = proposalStatus.exclude(['expired']);

export const proposalView = z.strictObject({
  id: v.proposalId,
  capability: capabilityName,
  class: capabilityClass,
  actor: z.string(),
  owner: z.string(),
  delegation: z.string().nullable(),
  scope: z.string().nullable(),
  /** Who proposed it: the actor itself, or the staff member who runs it. */
  proposedBy: z.string(),
  /** Whom it was said to be for, where no delegation says so: a word for people, which gives nothing. */
  ownerLabel: z.string().nullable(),
  rationale: z.string(),
  /** What its proposer says that it will do, in short and one by one; shown to who approves. */
  previewSummary: z.string().nullable(),
  expectedEffects: z.array(z.string()),
  input: z.record(z.string(), jsonValue),
  status: proposalStatus,
  requestedAt: v.instant,
  expiresAt: v.instant,
  decidedAt: v.instant.nullable(),
  decidedBy: z.string().nullable(),
  decisionReason: z.string().nullable(),
  executedAt: v.instant.nullable(),
  executedBy: z.string().nullable(),
  /** What came of it, as whoever executed it said then. */
  output: jsonValue.nullable(),
});
export type ProposalView = z.infer<typeof proposalView>;

/**
 * What a request says of its delegation. It can only weaken the request: whether the delegation holds is decided on
 * the stored one. With `id` it is that one; without, the one that `owner` granted to `actor` for this.
 */
export const carriedDelegation = z.looseObject({
  id: v.text(200).nullish(),
  actor: z.string().max(128).nullish(),
  owner: z.string().max(128).nullish(),
  expiresAt: v.instant.nullish(),
  revokedAt: v.instant.nullish(),
});

export const requestProposal = {
  request: z.strictObject({
    capability: capabilityName,
    rationale: v.justification,
    previewSummary: v.text(2000).optional(),
    expectedEffects: z.array(v.text(500)).max(20, 'at most 20 effects').default([]),
    input: proposalInput.default({}),
    /** An agent that you run, which is to do it; staff alone proposes for another than itself. The audit names both. */
    agent: v.uid.optional(),
    /** For whom it is to be done; left out, the caller itself, or the owner that `delegation` names. */
    owner: v.uid.optional(),
    /** A word for people of whom it is for; gives nothing. */
    ownerLabel: v.text(200).optional(),
    scope: v.text(200).optional(),
    delegation: z.union([v.delegationId, carriedDelegation]).optional(),
    requestId: v.requestId.optional(),
  }),
  response: z.strictObject({ proposal: proposalView }),
};

const decision = z.strictObject({
  proposalId: v.proposalId,
  reason: v.text(1000).optional(),
  requestId: v.requestId.optional(),
});
const decided = z.strictObject({ changed: z.boolean(), proposal: proposalView });

export const approveProposal = { request: decision, response: decided };
export const rejectProposal = { request: decision, response: decided };

/** Brings back what was rejected: it waits for an approval again, for as long as when it was proposed. */
export const reopenProposal = {
  request: z.strictObject({
    proposalId: v.proposalId,
    reason: v.justification,
    requestId: v.requestId.optional(),
  }),
  response: decided,
};

/**
 * Says that it is done now, once: whoever gets `changed: true` does it, with the proposal's `input`. `output` is kept, for
 * whoever looks at it later.
 */
export const executeProposal = {
  request: z.strictObject({
    proposalId: v.proposalId,
    /** The agent that does it, where the caller runs one: the proposal's own. */
    agent: v.uid.optional(),
    output: proposalOutput.optional(),
    requestId: v.requestId.optional(),
  }),
  response: decided,
};

/**
 * The same in the words of clients of before, who send them to the HTTP API. `actorId` who is not the caller is an agent that
 * the caller runs; `ownerUid` without a delegation is a label; `delegation` can only take away.
 */
export const formerProposal = z.strictObject({
  actorType: z.enum(['staff', 'agent']).optional(),
  actorId: v.uid,
  ownerUid: v.uid.nullish(),
  capabilityId: capabilityName,
  rationale: v.justification,
  previewSummary: v.text(2000).nullish(),
  requestInput: proposalInput.nullish(),
  expectedEffects: z.array(v.text(500)).max(20, 'at most 20 effects').nullish(),
  delegation: z
    .looseObject({
      delegationId: v.text(200).nullish(),
      agentUid: z.string().max(128).nullish(),
      ownerUid: z.string().max(128).nullish(),
      expiresAt: v.instant.nullish(),
      revokedAt: v.instant.nullish(),
    })
    .nullish(),
});

/** What clients of before send with an approval and a rejection; our own `reason` may stand in its place. */
export const formerDecision = z.strictObject({
  rationale: v.justification.optional(),
  reason: v.text(1000).optional(),
});

/** What clients of before send with an execution. `ownerUid` is a label: the proposal says whom it is for. */
export const formerExecution = z.strictObject({
  actorType: z.enum(['staff', 'agent']).optional(),
  actorId: v.uid.optional(),
  ownerUid: v.text(200).nullish(),
  output: proposalOutput.nullish(),
});

export const listProposals = {
  request: z.strictObject({
    status: storedProposalStatus.optional(),
    capability: capabilityName.optional(),
    actor: v.uid.optional(),
    limit: v.limit,
    cursor: v.cursor.optional(),
  }),
  response: z.strictObject({ proposals: z.array(proposalView), nextCursor: v.cursor.nullable() }),
};

/** What clients of before send, in our words. Pure. */
import type * as z from 'zod';
import type {
  executeProposal,
  formerDecision,
  formerExecution,
  formerProposal,
  requestProposal,
} from '@muster/contract/proposals';

type Former = z.output<typeof formerProposal>;
type Asked = z.input<typeof requestProposal.request>;

/** A request in either words, in ours. Theirs is told by its `capabilityId`, which ours does not have. */
export const proposalAsked = (body: Former | Asked): Asked => ('capabilityId' in body ? fromFormer(body) : body);

const fromFormer = ({ delegation, ownerUid, ...former }: Former): Asked => ({
  capability: former.capabilityId,
  agent: former.actorId,
  rationale: former.rationale,
  ...given('previewSummary', former.previewSummary),
  ...given('expectedEffects', former.expectedEffects),
  ...given('input', former.requestInput),
  // Whose it is said to be must be whom the request is for; without a delegation it is a word for people.
  ...(delegation
    ? { ...given('owner', ownerUid), delegation: carriedFrom(delegation) }
    : given('ownerLabel', ownerUid)),
});

const carriedFrom = ({ delegationId, agentUid, ownerUid, ...ends }: NonNullable<Former['delegation']>) => ({
  id: delegationId,
  actor: agentUid,
  owner: ownerUid,
  expiresAt: ends.expiresAt,
  revokedAt: ends.revokedAt,
});

/** An approval or a rejection. */
export const decisionAsked = ({ rationale, reason }: z.output<typeof formerDecision>) =>
  given('reason', rationale ?? reason);

/** An execution. What sort of actor it is, and a label of whom it is for, change nothing. */
export const executionAsked = ({
  actorId,
  output,
}: z.output<typeof formerExecution>): Pick<z.input<typeof executeProposal.request>, 'agent' | 'output'> => ({
  ...given('agent', actorId),
  ...given('output', output),
});

const given = <Name extends string, Value>(name: Name, value: Value | null | undefined) =>
  (value === null || value === undefined ? {} : { [name]: value }) as { [Key in Name]?: NonNullable<Value> };

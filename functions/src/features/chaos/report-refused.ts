import { actorOf, claimedRoles } from '../../platform/operations/actor';
import { defineRead } from '../../platform/operations/define-read';

/** Lets in who may report; what is reported is not stored by it. */
const mayReport = defineRead('chaos-refused', {
  cost: { reads: 1, writes: 0 },
  answer: async () => ({ recorded: true }),
});

/**
 * `chaos-refused`: counted where refusals are counted, so that a runner that refuses in a loop floods no audit: one entry
 * for the first of a minute, one for how many there were. Reads the revocation; what counting writes is not of its budget.
 */
export const reportRefusedChaos: typeof mayReport = {
  ...mayReport,
  async run(deps, call, raw) {
    const answer = await mayReport.run(deps, call, raw);
    const { experiment, reason } = mayReport.contract.request.parse(raw);
    const { identity, correlationId, callerRequestId } = call;
    await deps.refusals.record(
      {
        caller: identity.uid,
        callerType: actorOf(identity, claimedRoles(identity)).type,
        reason,
        capability: `runner/${experiment}`,
        correlationId,
        callerRequestId,
      },
      deps.clock(),
    );
    return answer;
  },
};

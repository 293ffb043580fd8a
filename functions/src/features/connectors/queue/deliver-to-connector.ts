import { defineSteps } from '../../../platform/operations/define-steps';
import { deliverWaiting } from './deliver-waiting';

/** So long, and one permit more, which fits into the 60 s of a function. */
const BUDGET_MS = 20_000;

/**
 * `connectors-deliver`. Never forbidden as a whole: what it writes outside is guarded write by write, for who queued it.
 * With nothing to do it reads revocation, policy, connector, queue, and the writes that wait.
 */
export const deliverToConnector = defineSteps('connectors-deliver', {
  cost: { reads: 16, writes: 0, readsPerRow: 6, writesPerRow: 4 },
  run: ({ change, ...context }, { connectorId }) =>
    deliverWaiting({ ...context, change: (_about, decide) => change(decide) }, connectorId, BUDGET_MS),
});

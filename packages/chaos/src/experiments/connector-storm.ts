import { chaos } from '@muster/contract';
import { action, inBackground, probe } from '../declaration';
import type { Experiment } from '../experiment';
import { BYSTANDER_ANSWERS, declared, GUARD_LETS, scopeFunctions, WARM_UP } from '../scope-functions';
import { HANGS_FOR_MS, newStorm } from '../storm';

const CONNECTORS = 6;
const WRITES = 5;
const STORM_SECONDS = 5;
/** Were the connectors asked, health would be slower by what they hang for. Half of it tells that from a busy backend. */
const HEALTH_SLOWER_BY_MS = HANGS_FOR_MS / 2;

/** Outside systems hang and fail, all at once: breakers open, writes wait, health answers, and all is delivered after. */
export const connectorStorm: Experiment = {
  name: 'connector-storm',
  declaration: declared({
    experiment: 'connector-storm',
    title: 'An outage of outside systems drags nothing down and loses nothing',
    description: `${CONNECTORS} connectors of the scope, simulated by the backend, hang or fail for ${STORM_SECONDS} s or, where the backend is slow, longer. Their breakers open, policy puts each offline, what is sent waits, and health is answered without waiting for them. Afterwards they come back by themselves, and everything is delivered, once and in order.`,
    tags: ['connectors', 'circuit-breaker', 'queue'],
    connectors: CONNECTORS,
    steady: {
      title: 'What is outside of the storm answers, and so does the health of connectors',
      probes: [BYSTANDER_ANSWERS, GUARD_LETS, probe('the health of connectors is answered', 'health_answers', true)],
    },
    method: [
      WARM_UP(['connectors-writes', 'audit-query']),
      action('register the connectors, well, and send to each', 'register', { writes: 1 }),
      probe('of these are up and have delivered', 'up', CONNECTORS),
      action('the storm begins: half of them hang, half of them fail', 'begin_storm', { seconds: STORM_SECONDS }),
      inBackground('ask for health all the time', 'ask_for_health'),
      action('probe all, again and again, until each is offline', 'probe_until_offline'),
      probe('of these are offline, their breakers open', 'offline', CONNECTORS),
      action('send to each', 'send', { writes: WRITES }),
      probe('writes that wait', 'waiting', CONNECTORS * WRITES),
      action('the storm ends; probe until each is back', 'probe_until_back'),
      probe('of these are back, their breakers closed', 'up', CONNECTORS),
      action('deliver what waits', 'deliver'),
      probe('writes that were not delivered once, in the order of their numbers', 'not_in_order', 0, {
        each: WRITES + 1,
      }),
      probe('writes that were let go more than once, as the audit tells', 'permitted_again', 0),
      probe('dead letters', 'dead', 0),
      action('ask for health no more', 'end_asking'),
      probe('by so many milliseconds health was slower in the storm, for 95 of 100 answers', 'health_slower', {
        type: 'range',
        range: [0, HEALTH_SLOWER_BY_MS],
      }),
    ],
    // Connectors and what waits for them are removed by the backend, which knows their names from the scope.
    rollbacks: [],
  }),
  bind: (run) => {
    const ids = Array.from({ length: CONNECTORS }, (_, index) => chaos.connectorIn(run.names.scope, index + 1));
    return { ...scopeFunctions(run), ...newStorm(run, ids) };
  },
};

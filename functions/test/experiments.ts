/** Experiments for tests: armed, with things in their scope that are to be undone. */
import { killedIn, LEASE_MS, type ExperimentView } from '@muster/contract/chaos';
import { armExperiment, rollBackLost } from '../src/features/chaos';
import { killCapability } from '../src/features/policy';
import { grantDelegation } from '../src/features/delegations';
import { runJob } from '../src/platform/operations/job';
import { activationAt, begun } from '../src/features/policy/activation-document';
import { as, START, type Backend } from './harness';
import type { Call } from '../src/platform/operations/operation';
import type { Watched } from './watched-backend';

export const later = (ms: number): Date => new Date(START.getTime() + ms);

/** When the schedule finds that nobody has continued it. */
export const LOST = later(LEASE_MS + 30_000);

export const arm = async (backend: Backend, input: object = {}, call: Call = as('staff')) => {
  const { experiment } = await backend.run(armExperiment, { experiment: 'kill-switch', ...input }, call);
  return experiment;
};

export const runSchedule = (backend: Backend, at: Date): Promise<void> => runJob(backend.deps, rollBackLost, at);

/** Everything that an experiment can leave behind, each laid out as its runner would have done it. */
export const leftovers = {
  kill: (backend: Backend, scope: string) =>
    backend.run(killCapability, { capability: killedIn(scope), reason: 'an experiment kills its own' }),
  'kill below': (backend: Backend, scope: string) =>
    backend.run(killCapability, { capability: `${killedIn(scope)}.write`, reason: 'an experiment kills its own' }),
  pause: (backend: Backend, scope: string) =>
    backend.run(killCapability, { capability: `connector.chaos-${scope}-1`, reason: 'an experiment pauses its own' }),
  outage: async ({ firestore, clock }: Backend, scope: string) => {
    const [id, activation] = [`chaos-${scope}-2`, 'act_outage234567'];
    const order = { reason: 'it answers with errors', until: null, by: 'muster', at: clock.now };
    await firestore.doc(activationAt(activation).path).set(begun('connector_offline', id, order));
    await firestore
      .doc('muster_policy/current')
      .update({ [`offline.${id}`]: { since: clock.now, reason: order.reason, activation } });
  },
  connectors: async ({ firestore }: Backend, scope: string) => {
    for (const number of [1, 2]) {
      await firestore.doc(`muster_connectors/chaos-${scope}-${number}`).set({ whatever: true });
      await firestore.doc(`muster_connectorQueues/chaos-${scope}-${number}`).set({ whatever: true });
      await firestore
        .doc(`muster_connectorWrites/cwr_${scope}${number}`)
        .set({ connectorId: `chaos-${scope}-${number}` });
    }
  },
  delegation: async (backend: Backend, scope: string) => {
    const { docs } = await backend.firestore.collection('muster_experiments').where('scope', '==', scope).get();
    const delegation = {
      agent: `chaos-${scope}`,
      capabilities: [killedIn(scope)],
      reason: 'an experiment delegates',
      expiresAt: later(3_600_000).toISOString(),
    };
    // In the scope of an experiment nobody else may.
    return backend.run(grantDelegation, delegation, as('staff', String(docs[0]?.get('by'))));
  },
} as const;
export type Leftover = keyof typeof leftovers;
export const LEFTOVERS = Object.keys(leftovers) as Leftover[];

/** Everything at once; waits until what follows from it is done. */
export const layOutAll = async (watched: Watched, { scope }: ExperimentView): Promise<void> => {
  for (const leftover of LEFTOVERS) await leftovers[leftover](watched.backend, scope);
  await watched.settle();
};

/** What there is of a scope that is not history: paths, and names in the policy. */
export const remainsOf = async ({ firestore }: Backend, scope: string): Promise<string[]> => {
  const policy = (await firestore.doc('muster_policy/current').get()).data() ?? {};
  const named = [...Object.keys(policy['killSwitches'] ?? {}), ...Object.keys(policy['offline'] ?? {})];
  const connectors = await Promise.all(
    ['muster_connectors', 'muster_connectorQueues', 'muster_connectorWrites'].map((name) =>
      firestore.collection(name).get(),
    ),
  );
  const delegations = await firestore.collection('muster_delegations').where('revokedAt', '==', null).get();
  const activations = await firestore.collection('muster_activations').where('on', '==', true).get();
  return [
    ...named,
    ...connectors.flatMap(({ docs }) => docs.map(({ ref }) => ref.path)),
    ...delegations.docs.map(({ ref }) => ref.path),
    ...activations.docs.map((one) => `activation of ${String(one.get('name'))}`),
  ].filter((name) => name.includes(scope) || name.startsWith('muster_delegations/'));
};

/** Ctrl-C, kill -9 and a lost network at each step of a run: after the next schedule nothing is restricted or half-armed. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Firestore } from 'firebase-admin/firestore';
import type { OperationName } from '@muster/contract';
import { proofSize } from '@muster/functions/test/proof-size';
import { fireAt, musterAt, newProject, type Deployed, type Project } from '../desk/deployed-backend';
import { interruptedRun, type Interrupted, type Interruption, type Runner, type Step } from './interrupted-run';

/** One run at a time each. A project has no more than five armed at once, and much of a run is waiting: so there are two projects. */
const PROJECTS = 2;
const LANES_OF_EACH = 4;
let projects: Project[];
let lanes: Lane[];

/** Who runs, and what is looked into afterwards. */
interface Lane extends Runner {
  firestore: Firestore;
}

beforeAll(async () => {
  projects = await Promise.all(Array.from({ length: PROJECTS }, newProject));
  const lanesOf = projects.map(async (project) => {
    const backend = await project.deploy('development');
    return Promise.all(Array.from({ length: LANES_OF_EACH }, () => newLane(project, backend)));
  });
  lanes = (await Promise.all(lanesOf)).flat();
});
afterAll(() => Promise.all(projects.map((project) => project.close())));

const newLane = async (project: Project, backend: Deployed): Promise<Lane> => ({
  ...(await project.person({ staff: true })),
  ...{ projectId: project.projectId, backend, firestore: project.suite.firestore },
});

const firstLane = (): Lane => {
  const [lane] = lanes;
  if (!lane) throw new Error('there is no lane');
  return lane;
};

const step = (
  experiment: string,
  phase: Step['phase'],
  state: Step['state'],
  name: string,
  call?: OperationName,
): Step => ({ ...{ experiment, phase, state, name }, ...(call === undefined ? {} : { call }) });

const AT_THE_BRAKE = step('kill-switch', 'method', 'begins', 'kill chaos.', 'policy-kill');
const BRAKED = step('kill-switch', 'method', 'ends', 'kill chaos.');

/** Every step before or after which there is something else to be undone, and those between them. */
const KILL_SWITCH = [
  step('kill-switch', 'arm', 'begins', 'chaos-arm', 'chaos-arm'),
  step('kill-switch', 'arm', 'ends', 'chaos-arm'),
  step('kill-switch', 'before', 'ends', 'security rules let a write'),
  step('kill-switch', 'method', 'begins', 'ask every operation once'),
  step('kill-switch', 'method', 'begins', 'workers write'),
  AT_THE_BRAKE,
  BRAKED,
  step('kill-switch', 'method', 'ends', 'the writers go on'),
  step('kill-switch', 'rollback', 'begins', 'restore chaos.', 'policy-restore'),
  step('kill-switch', 'rollback', 'ends', 'restore chaos.'),
  step('kill-switch', 'after', 'ends', 'the guard lets a write'),
  step('kill-switch', 'finish', 'begins', 'chaos-finish', 'chaos-finish'),
];
const RACES = [
  step('delegation-race', 'method', 'begins', 'delegate chaos.', 'delegations-grant'),
  step('delegation-race', 'method', 'ends', 'delegate chaos.'),
  step('delegation-race', 'method', 'ends', 'revoke the delegation'),
  step('delegation-race', 'rollback', 'begins', 'revoke every delegation', 'delegations-revoke'),
  step('delegation-race', 'rollback', 'ends', 'revoke every delegation'),
  step('session-revocation-race', 'method', 'ends', 'end every session'),
];
const STORM = [
  step('connector-storm', 'method', 'begins', 'register the connectors', 'connectors-register'),
  step('connector-storm', 'method', 'ends', 'register the connectors'),
  step('connector-storm', 'method', 'ends', 'probe all, again and again'),
  step('connector-storm', 'method', 'ends', 'send to each'),
  step('connector-storm', 'method', 'begins', 'deliver what waits', 'connectors-deliver'),
];

const armedBy = async ({ uid, firestore }: Lane) => {
  const { docs } = await firestore.collection('muster_experiments').where('by', '==', uid).get();
  return docs.filter((one) => one.get('status') === 'armed').map(({ id }) => id);
};

const newestOf = async ({ uid, firestore }: Lane) => {
  const { docs } = await firestore.collection('muster_experiments').where('by', '==', uid).get();
  return docs.toSorted((one, other) => other.createTime.toMillis() - one.createTime.toMillis())[0];
};

/** What there is of a scope that is not history. */
const remainsOf = async (scope: string, { firestore }: Lane): Promise<string[]> => {
  const policy = (await firestore.doc('muster_policy/current').get()).data() ?? {};
  const named = [policy['killSwitches'], policy['offline']].flatMap((all) => Object.keys((all as object) ?? {}));
  const connectors = await Promise.all(
    ['muster_connectors', 'muster_connectorQueues', 'muster_connectorWrites'].map((name) =>
      firestore.collection(name).get(),
    ),
  );
  const delegations = await firestore.collection('muster_delegations').where('agent', '==', `chaos-${scope}`).get();
  const activations = await firestore.collection('muster_activations').where('on', '==', true).get();
  return [
    ...named,
    ...connectors.flatMap(({ docs }) => docs.map((one) => `${one.ref.path} ${String(one.get('connectorId'))}`)),
    ...delegations.docs.filter((one) => one.get('revokedAt') === null).map(({ ref }) => `${ref.path} ${scope}`),
    ...activations.docs.map((one) => `activation of ${String(one.get('name'))}`),
  ].filter((name) => name.includes(scope));
};

let last = 0;
/** A time of its own for each run of the schedule: the same is run once. */
const newTime = (): Date => new Date((last = Math.max(Date.now(), last + 1)));

/**
 * The schedule when it is due for this experiment, and no other: at a time to come, every other experiment that runs in the
 * suite would have lost its runner too. Gives whether it is due again.
 */
const runSchedule = async (id: string, { firestore, backend }: Lane): Promise<boolean> => {
  const due = newTime();
  const experiment = firestore.doc(`muster_experiments/${id}`);
  const { status } = (await experiment.get()).data() ?? {};
  await experiment.update({ undoAt: due, ...(status === 'armed' ? { leaseUntil: due } : {}) });
  await fireAt(backend, 'chaos-rollback', due);
  return (await experiment.get()).get('undoAt') !== null;
};

/** All that is wrong after an interruption; empty is as it should be. */
const wrongAfter = async (at: Step, how: Interruption, desk: Lane): Promise<string[]> => {
  const before = (await newestOf(desk))?.id;
  const run = await interruptedRun(at, how, desk);
  await run.arrive();
  const wrong = wrongIn(run, how);
  const kept = await newestOf(desk);
  if (!kept || kept.id === before) return [...wrong, 'nothing was armed'];
  const scope = String(kept.get('scope'));
  if (how === 'Ctrl-C') {
    const early = await remainsOf(scope, desk);
    if (early.length > 0) wrong.push(`left before any schedule: ${early.join()}`);
    if (kept.get('status') === 'armed') wrong.push('armed before any schedule');
  }
  await runSchedule(kept.id, desk);
  const left = await remainsOf(scope, desk);
  const armed = await armedBy(desk);
  const due = await runSchedule(kept.id, desk);
  return [
    ...wrong,
    ...left.map((one) => `left: ${one}`),
    ...armed.map((one) => `armed: ${one}`),
    ...(due ? ['the schedule comes to no end'] : []),
  ];
};

const wrongIn = ({ exitCode, signal, told }: Interrupted, how: Interruption): string[] => {
  const ended = String(signal ?? exitCode);
  switch (how) {
    case 'Ctrl-C':
      return ended === '130' && told.includes('Interrupted: rolling back') ? [] : [`ended with ${ended}: ${told}`];
    case 'Ctrl-C twice':
      return ended === '130' && told.includes('undone by the backend within two minutes')
        ? []
        : [`ended with ${ended}`];
    case 'kill -9':
      return ended === 'SIGKILL' ? [] : [`ended with ${ended}`];
    case 'lost network':
      return ['7', '8'].includes(ended) && told.includes('No answer came') ? [] : [`ended with ${ended}: ${told}`];
    default:
      return ['interrupted in no known way'];
  }
};

/** What is wrong, by step; as many runs at once as there are lanes. */
const interruptEach = async (steps: readonly Step[], how: Interruption): Promise<Record<string, string[]>> => {
  const waiting = [...steps];
  const found: Record<string, string[]> = {};
  await Promise.all(
    lanes.map(async (desk) => {
      for (let at = waiting.shift(); at; at = waiting.shift()) {
        found[`${at.experiment}: ${at.phase} ${at.state} ${at.name}`] = await wrongAfter(at, how, desk);
      }
    }),
  );
  return Object.fromEntries(Object.entries(found).filter(([, wrong]) => wrong.length > 0));
};

/**
 * A runner that was killed undoes nothing, so `kill -9` comes at each step: what the backend is left with differs. Ctrl-C and a lost network
 * come at every second one, the one where the other does not, unless proofs run whole: what they find there is what `kill -9` leaves, and the way
 * back from it is the same from each step.
 */
const OF_TWO = proofSize({ test: 1, whole: 2 });
const AT: Record<'Ctrl-C' | 'kill -9' | 'lost network', (step: number) => boolean> = {
  'Ctrl-C': (at) => at % 2 < OF_TWO,
  'kill -9': () => true,
  'lost network': (at) => (at + 1) % 2 < OF_TWO,
};

describe.each(['Ctrl-C', 'kill -9', 'lost network'] as const)('%s', (how) => {
  const stepsOf = (steps: readonly Step[]) => steps.filter((_, index) => AT[how](index));

  test('at steps of kill-switch', async () => expect(await interruptEach(stepsOf(KILL_SWITCH), how)).toEqual({}));
  test('at steps of a race that leaves something', async () =>
    expect(await interruptEach(stepsOf(RACES), how)).toEqual({}));
  test('at steps of a storm that leaves something', async () =>
    expect(await interruptEach(stepsOf(STORM), how)).toEqual({}));
});

test('Ctrl-C a second time leaves at once, says who undoes it, and it is undone', async () => {
  expect(await interruptEach([BRAKED], 'Ctrl-C twice')).toEqual({});
});

test('a kill that was on its way for longer than its runner and its experiment lived is undone by the second look', async () => {
  const desk = firstLane();
  const run = await interruptedRun(AT_THE_BRAKE, 'kill -9', desk);
  const kept = await newestOf(desk);
  const [id, scope] = [kept?.id ?? '', String(kept?.get('scope'))];
  expect(await runSchedule(id, desk)).toBe(true);
  expect(await armedBy(desk)).toEqual([]);
  await run.arrive();
  expect(await remainsOf(scope, desk)).toContain(`chaos.${scope}`);
  await runSchedule(id, desk);
  expect(await remainsOf(scope, desk)).toEqual([]);
  expect(await runSchedule(id, desk)).toBe(false);
});

test('after all of that the next experiment is armed and passes', async () => {
  const run = ['chaos', 'run', 'policy-outage', '--journal', join(mkdtempSync(join(tmpdir(), 'muster-')), 'j.json')];
  const { projectId, backend, token } = firstLane();
  const { exitCode } = await musterAt({ projectId }, backend, token, run, { CHAOS_MODE: 'true' });
  expect(exitCode).toBe(0);
});

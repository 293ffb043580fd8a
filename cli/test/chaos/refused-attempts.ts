/** Attempts to run chaos where it must not be run, and what must have come of each: a refusal that is recorded, and nothing else. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Person, Project } from '../desk/deployed-backend';
import type { Ran } from '../desk/captured-run';

export const CHAOS = { CHAOS_MODE: 'true' };

/** Where a run, or a game day, may write what it has to say. */
export const journalIn = ({ projectId }: Project): string => join(tmpdir(), `${projectId}.journal.json`);
export const reportsIn = ({ projectId }: Project): string => join(tmpdir(), `${projectId}-gamedays`);

const DAY = ['gameday', '--json', '--only', 'kill-switch'];
export const runIn = (project: Project): string[] => [
  ...['chaos', 'run', 'kill-switch', '--json', '--journal', journalIn(project)],
];
/** A run, the same as a drill, and a game day: the guards are before all of them. */
export const waysIn = (project: Project): { way: 'run' | 'drill' | 'gameday'; args: string[] }[] => [
  { way: 'run', args: runIn(project) },
  { way: 'drill', args: [...runIn(project), '--drill', project.scenario] },
  { way: 'gameday', args: [...DAY, '--drill', project.scenario, '--out', reportsIn(project)] },
];

/** All that an experiment could have changed; history (audit, counts of refusals) aside. */
export const stateOf = async ({ suite: { firestore } }: Project) => {
  const policy = await firestore.doc('muster_policy/current').get();
  const counts = ['experiments', 'drills', 'delegations', 'connectors', 'activations', 'revocations'].map(
    async (name) => (await firestore.collection(`muster_${name}`).count().get()).data().count,
  );
  return { policy: policy.updateTime?.toMillis(), counts: await Promise.all(counts) };
};

/** What the audit has of somebody's attempts, and how many were counted. */
export const attemptsOf = async ({ suite: { firestore } }: Project, { uid }: Pick<Person, 'uid'>) => {
  const entries = await firestore.collection('muster_audit').where('actorId', '==', uid).get();
  const refusals = await firestore.collection('muster_refusals').where('caller', '==', uid).get();
  return {
    entries: entries.docs.map((one) => {
      const { reason, capability } = one.get('metadata') as { reason: string; capability: string };
      return [one.get('action'), one.get('outcome'), reason, capability];
    }),
    counted: refusals.docs.reduce((sum, one) => sum + (one.get('count') as number), 0),
  };
};
/** What there must be of one attempt: counted once, an entry of its own. */
export const once = (reason: string, capability: string) => ({
  entries: [['chaos.refused', 'refused', reason, capability]],
  counted: 1,
});

const failureIn = ({ stderr }: Ran) => {
  const last = stderr.trim().split('\n').at(-1) ?? '';
  const { error } = JSON.parse(last) as {
    error: { message: string; exitCode: number; details: { reason: string; next?: string } };
  };
  return { message: error.message, reason: error.details.reason, next: error.details.next ?? '' };
};

interface Said {
  exitCode: number;
  reason: string;
  why: string | RegExp;
  next: string | RegExp;
}

/** Tries it, and expects that nothing came of it but a refusal that says these. */
export const expectRefused = async (project: Project, attempt: () => Promise<Ran>, said: Said): Promise<void> => {
  const before = await stateOf(project);
  const ran = await attempt();
  expect({ exitCode: ran.exitCode, stdout: ran.stdout }).toEqual({ exitCode: said.exitCode, stdout: '' });
  const { message, reason, next } = failureIn(ran);
  expect(reason).toBe(said.reason);
  expect(message).toMatch(said.why);
  expect(next).toMatch(said.next);
  expect(await stateOf(project)).toEqual(before);
};

/** What every experiment asks: whether writes of the scope pass, and whether what is outside of it works. */
import type { OperationName, RequestOf } from '@muster/contract';
import { action, probe, type Action, type Declaration, type Probe } from './declaration';
import type { Experiment } from './experiment';
import { availabilityOf, duringFailure, type Attempt } from './measurements';
import { notApplicable, type Run } from './run/run-context';
import { mustBeDone, type Answered } from './target';
import type { Way } from './writers';

const FEWEST_ASKED = 8;
const RECOVERY_LIMIT_MS = 10_000;

export const BYSTANDER_ANSWERS = probe('an operation outside of the scope answers', 'bystander_answers', true);
export const GUARD_LETS = probe('the guard lets a write of the scope through', 'guarded_write_passes', true);
export const RULES_LET = probe('security rules let a write of the scope through', 'rules_write_passes', true);

/** Ends a run that hurts what it should not touch. */
export const BYSTANDERS_SUFFER: Probe = probe(
  'operations outside of the scope are available',
  'bystander_availability',
  { type: 'range', range: [0.5, 1] },
);

/** What is the same in every declaration. */
export const declared = (
  what: Pick<Declaration, 'title' | 'description' | 'tags' | 'method' | 'rollbacks'> &
    Pick<Declaration['extensions'][0], 'experiment'> & {
      connectors?: number;
      steady: Declaration['steady-state-hypothesis'];
    },
): Declaration => ({
  ...{ version: '1.0.0', title: what.title, description: what.description, tags: what.tags },
  'steady-state-hypothesis': what.steady,
  method: what.method,
  rollbacks: what.rollbacks,
  extensions: [
    {
      ...{ name: 'muster', experiment: what.experiment, connectors: what.connectors ?? 0 },
      ...{ 'stop-conditions': [BYSTANDERS_SUFFER], 'time-limit-seconds': 90 },
    },
  ],
});

export const guardedWay = (run: Run, refusal: string): Way => ({
  name: 'guard',
  refusal,
  write: (key) => guardedWrite(run, key),
});

export const guardedWrite = (run: Run, key: string): Promise<Answered<unknown>> =>
  run.target.call('chaos-write', { experimentId: run.experiment.id, key });

export const rulesWay = (run: Run): Way => ({
  name: 'rules',
  // All that rules ever say.
  refusal: 'PERMISSION_DENIED',
  write: (key) => run.target.writeByRules(run.experiment.id, key),
});

/** Nothing has to be started once it is measured: each is asked for what it must refuse as bad input. */
export const WARM_UP = (operations: readonly OperationName[]): Action =>
  action('ask every operation once, in vain, so that none has to be started later', 'warm_up', {
    operations: [...operations],
  });

/** Asks an operation that has nothing to do with the scope, and counts it. */
export const askBystander = async ({ target, measured, now }: Run): Promise<Answered<unknown>> => {
  const begunAt = now();
  const answered = await target.call('policy-get', {});
  const reason = answered.done ? null : answered.reason;
  measured.bystanders.push({ way: 'policy-get', begunAt, endedAt: now(), done: answered.done, reason });
  return answered;
};

/** What a probe answers of something that should be done, and why it was not. */
export const passes = (answered: Answered<unknown>) =>
  answered.done ? true : { value: false, reason: answered.reason, message: answered.message };

export const scopeFunctions = (run: Run): ReturnType<Experiment['bind']> => ({
  async warm_up({ operations: names }) {
    for (const name of Array.isArray(names) ? names : []) {
      await run.target.call(name as OperationName, { nothing: 'to do' } as never);
      await run.sleep(0);
    }
  },
  bystander_answers: async () => passes(await askBystander(run)),
  guarded_write_passes: async () => unlessLeft(run, () => guardedWrite(run, run.unique('steady'))),
  rules_write_passes: async () =>
    unlessLeft(run, () => run.target.writeByRules(run.experiment.id, run.unique('steady-rules'))),
  async bystander_availability() {
    const asked = duringFailure(run.measured.bystanders, run.measured);
    return availabilityOf(asked, FEWEST_ASKED) ?? notApplicable('too few were asked yet');
  },
});

/** Refusals that no waiting ends: all of chaos was stopped, or this experiment is over for the backend. */
const IN_VAIN: readonly (string | null)[] = ['CHAOS_STOPPED', 'WRONG_STATE'];

/** From the end of the failure until it works again; what did not recover in time is not measured. */
export const recovered = async (
  run: Run,
  since: number,
  works: () => Promise<readonly Attempt[]>,
): Promise<boolean> => {
  const { measured } = run;
  if (measured.failure) measured.failure.to ??= since;
  let again = false;
  await run.becomes(async () => {
    const attempts = await works();
    again = attempts.every(({ done }) => done);
    return again || attempts.some(({ reason }) => IN_VAIN.includes(reason));
  }, RECOVERY_LIMIT_MS);
  if (again) measured.recoveryMs = run.now() - since;
  return again;
};

const unlessLeft = async ({ measured }: Run, write: () => Promise<Answered<unknown>>) =>
  measured.leftToBackend === null ? passes(await write()) : notApplicable(measured.leftToBackend);

/** Ends the kill of the scope. Where that takes two persons, it is left to the backend, which needs none for a scope. */
export const restoreScope = async (run: Run, request: RequestOf<'policy-restore'>): Promise<boolean> => {
  const answered = await run.target.call('policy-restore', request);
  const needsAnother = answered.done
    ? answered.response.killSwitches.some(({ capability }) => capability === run.names.killed)
    : answered.reason === 'SECOND_PERSON_NEEDED';
  if (!needsAnother) mustBeDone('policy-restore', answered);
  else run.measured.leftToBackend = 'restoring takes a second person here; the backend restores it with the experiment';
  return !needsAnother;
};

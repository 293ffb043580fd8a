import { action, probe } from '../declaration';
import type { Experiment } from '../experiment';
import type { Run } from '../run/run-context';
import {
  BYSTANDER_ANSWERS,
  declared,
  GUARD_LETS,
  guardedWrite,
  recovered,
  restoreScope,
  scopeFunctions,
  WARM_UP,
} from '../scope-functions';
import { mustBeDone } from '../target';
import type { ResponseOf } from '@muster/contract/operations';

const AT_ONCE = 8;
const WEARS_OFF_MS = 5 * 60_000;

/** A request that is sent again, later or many times at once, changes nothing more. */
export const replay: Experiment = {
  name: 'replay',
  declaration: declared({
    experiment: 'replay',
    title: 'The same request again is the same as once',
    description:
      'A kill is restored, then its request is sent again, as somebody would who recorded it: it must not kill again. Its id with other words is refused. One request that is sent many times at once changes once, as the ledger and the audit tell.',
    tags: ['idempotency', 'replay', 'law-4'],
    steady: {
      title: 'Writes of the scope pass, and so does what is outside of it',
      probes: [BYSTANDER_ANSWERS, GUARD_LETS],
    },
    method: [
      WARM_UP(['policy-kill', 'policy-restore', 'policy-ledger', 'audit-query']),
      action('kill chaos.<scope>, then restore it', 'kill_and_restore'),
      probe('the same kill, sent again, is answered as the first time', 'again_is_answered', true),
      probe('activations of chaos.<scope> after it', 'activations', 1),
      probe('of these are on', 'activations', 0, { on: true }),
      probe('a write of the scope passes', 'guarded_write_passes', true),
      probe('the same id with other words is refused', 'other_words', 'REQUEST_ID_REUSED'),
      action(`kill chaos.<scope> once more, ${AT_ONCE} times at once`, 'kill_at_once', { times: AT_ONCE }),
      probe('answers to these that differ', 'answers_that_differ', 0),
      probe('activations of chaos.<scope> after them', 'activations', 2),
      probe('audit entries of these', 'entries_at_once', 1),
    ],
    rollbacks: [action('restore chaos.<scope>, and write until it passes', 'restore')],
  }),
  bind: (run) => {
    const { measured, names } = run;
    const first = killOf(run, 'first');
    const atOnce = killOf(run, 'at-once');
    const together = `${run.experiment.id}.at-once`;
    let firstAnswer: ResponseOf<'policy-kill'> | undefined;
    let answers: string[] = [];
    const count = (held: boolean) => {
      measured.fallbacks.due += 1;
      measured.fallbacks.activated += held ? 1 : 0;
      return held;
    };
    return {
      ...scopeFunctions(run),
      async kill_and_restore() {
        measured.moments.detected = run.now();
        const killed = await run.target.call('policy-kill', first);
        firstAnswer = mustBeDone('policy-kill', killed);
        measured.failure = { from: run.now(), to: null };
        measured.brakeMs = killed.ms;
        if (!(await restoreScope(run, restoreOf(run, 'first'))))
          throw new Error('restoring takes a second person here');
      },
      async again_is_answered() {
        const answered = await run.target.call('policy-kill', first);
        measured.moments.acknowledged = run.now();
        return count(
          answered.done &&
            answered.response.repeated === true &&
            withoutMark(answered.response) === withoutMark(firstAnswer),
        );
      },
      async activations({ on }) {
        const asked = { name: names.killed, ...(on === true ? { on } : {}) };
        return mustBeDone('policy-ledger', await run.target.call('policy-ledger', asked)).activations.length;
      },
      async other_words() {
        const answered = await run.target.call('policy-kill', { ...first, reason: `${first.reason}, in other words` });
        const reason = answered.done ? 'accepted' : answered.reason;
        count(reason === 'REQUEST_ID_REUSED');
        return reason;
      },
      async kill_at_once({ times }) {
        const attempts = await Promise.all(
          Array.from({ length: Number(times) }, () =>
            run.target.call('policy-kill', atOnce, { correlationId: together }),
          ),
        );
        answers = attempts.map((answered) => (answered.done ? withoutMark(answered.response) : answered.reason));
        measured.moments.contained = run.now();
      },
      async answers_that_differ() {
        const others = answers.filter((answer) => answer !== answers[0]);
        answers.slice(1).forEach((answer) => count(answer === answers[0]));
        return { value: others.length, others: [...new Set(others)].slice(0, 3) };
      },
      async entries_at_once() {
        const asked = { correlationId: together, outcome: 'success' as const, limit: 50 };
        return mustBeDone('audit-query', await run.target.call('audit-query', asked)).entries.length;
      },
      async restore() {
        const since = run.now();
        if (!(await restoreScope(run, restoreOf(run, 'at-once')))) return { leftToBackend: true };
        const writes = async () => [await run.attempt('guard', () => guardedWrite(run, run.unique('again')))];
        return { recovered: await recovered(run, since, writes), recoveryMs: measured.recoveryMs };
      },
    };
  },
};

/** The whole request, made once: what is sent again is the same, character by character. */
const killOf = (run: Run, which: string) => ({
  capability: run.names.killed,
  reason: `chaos experiment ${run.experiment.id}, ${which}`,
  until: run.backendTime(WEARS_OFF_MS),
  requestId: `${run.experiment.id}-kill-${which}`,
});

const restoreOf = ({ names, experiment }: Run, which: string) => ({
  ...{ capability: names.killed, reason: `chaos experiment ${experiment.id}, ${which}` },
  requestId: `${experiment.id}-restore-${which}`,
});

/** All but what says which of several same calls it was that did it. */
const withoutMark = (answer: ResponseOf<'policy-kill'> | undefined): string =>
  JSON.stringify({ ...answer, changed: undefined, repeated: undefined });

import { action } from '../declaration';
import type { Experiment } from '../experiment';
import { raceFunctions, raceMethod } from '../race';
import {
  BYSTANDER_ANSWERS,
  declared,
  GUARD_LETS,
  guardedWay,
  guardedWrite,
  recovered,
  restoreScope,
  RULES_LET,
  rulesWay,
  scopeFunctions,
} from '../scope-functions';

/** Should nothing else restore it, it wears off by itself. */
const WEARS_OFF_MS = 5 * 60_000;

/** A kill is acknowledged while automation writes, through the guard and through rules: nothing commits after it. */
export const killSwitch: Experiment = {
  name: 'kill-switch',
  declaration: declared({
    experiment: 'kill-switch',
    title: 'A kill that was acknowledged is not outrun',
    description:
      'Workers write through the guard and through security rules, without a pause. Their capability is killed. No write of either way commits after the kill did, each is refused for that reason, and what is outside of the scope goes on.',
    tags: ['kill-switch', 'race', 'law-2'],
    steady: {
      title: 'Writes of the scope pass, and so does what is outside of it',
      probes: [BYSTANDER_ANSWERS, GUARD_LETS, RULES_LET],
    },
    method: raceMethod({
      writes: 'workers write through the guard and through security rules',
      brake: 'kill chaos.<scope>',
      refusal: 'BLOCKED_BY_KILL_SWITCH',
      operations: ['policy-kill', 'policy-restore'],
    }),
    rollbacks: [action('restore chaos.<scope>, and write until both ways pass', 'restore')],
  }),
  bind: (run) => ({
    ...scopeFunctions(run),
    ...raceFunctions(run, {
      ways: [guardedWay(run, 'BLOCKED_BY_KILL_SWITCH'), rulesWay(run)],
      set: (correlationId) =>
        run.target.call(
          'policy-kill',
          {
            capability: run.names.killed,
            reason: `chaos experiment ${run.experiment.id}`,
            until: run.backendTime(WEARS_OFF_MS),
          },
          { correlationId },
        ),
    }),
    async restore() {
      const since = run.now();
      const asked = { capability: run.names.killed, reason: `chaos experiment ${run.experiment.id} is over` };
      if (!(await restoreScope(run, asked))) return { leftToBackend: true };
      const writes = () =>
        Promise.all([
          run.attempt('guard', () => guardedWrite(run, run.unique('again'))),
          run.attempt('rules', () => run.target.writeByRules(run.experiment.id, run.unique('again-rules'))),
        ]);
      return { recovered: await recovered(run, since, writes), recoveryMs: run.measured.recoveryMs };
    },
  }),
};

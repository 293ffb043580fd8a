/** A run as a drill: its events are stamped from what was measured, and say which experiment they are of. */
import { drills, type RequestOf, type ResponseOf } from '@muster/contract';
import type { Journal } from '../run/journal';
import type { Machine } from '../machine';
import { mustBeDone, type Target } from '../target';

/** The scenarios of the catalog that are meant for it. */
export const EXPERIMENT_SCENARIO = 'chaos-experiment';
export const GAME_DAY_SCENARIO = 'chaos-game-day';

/** What a drill is told of one run. */
export type Rehearsed = Pick<Journal, 'status' | 'deviated' | 'muster'> & { experiment: string };

interface Place {
  target: Target;
  machine: Machine;
}

/** In the environment that the backend says it is. */
export const beginDrill = async (
  { target, machine }: Place,
  scenarioId: string,
): Promise<ResponseOf<'drills-start'>['drill']> => {
  const { environment } = mustBeDone('chaos-status', await target.call('chaos-status', {}));
  const requestId = `chaos-drill-${machine.newId()}`;
  return mustBeDone('drills-start', await target.call('drills-start', { scenarioId, environment, requestId })).drill;
};

/** A drill in which nothing was run after all. */
export const cancelDrill = async ({ target, machine }: Place, drillId: string, reason: string): Promise<void> => {
  const requestId = `chaos-cancel-${machine.newId()}`;
  mustBeDone(
    'drills-cancel',
    await target.call('drills-cancel', { drillId, reason: reason.slice(0, 1000), requestId }),
  );
};

/** Records what was measured, and completes the drill. Throws `TargetRefusal` where the drill cannot take it. */
export const completeDrill = async (
  { target, machine }: Place,
  drillId: string,
  runs: readonly Rehearsed[],
): Promise<ResponseOf<'drills-complete'>['drill']> => {
  for (const event of eventsOf(runs)) {
    const asked = { drillId, requestId: `chaos-event-${machine.newId()}`, seenBy: 'muster chaos', ...event };
    mustBeDone('drills-recordEvent', await target.call('drills-recordEvent', asked));
  }
  const passed = runs.filter(hasPassed);
  const completed = await target.call('drills-complete', {
    drillId,
    outcome: passed.length === runs.length ? 'success' : passed.length === 0 ? 'failed' : 'partial',
    notes: runs.map(summary).join('\n').slice(0, 4000) || 'No experiment was run.',
    unresolvedRisks: runs.filter((run) => !hasPassed(run)).map((run) => summary(run).slice(0, 500)),
    requestId: `chaos-complete-${machine.newId()}`,
  });
  return mustBeDone('drills-complete', completed).drill;
};

const hasPassed = ({ status, deviated }: Rehearsed): boolean => status === 'completed' && !deviated;

const summary = ({ experiment, status, deviated, muster }: Rehearsed): string =>
  `${experiment} (${muster.experimentId}): ${deviated ? 'deviated' : status}${muster.reason ? `: ${muster.reason}` : ''}`;

type DrillEvent = Pick<RequestOf<'drills-recordEvent'>, 'type' | 'at' | 'note'>;

/** An exercise is detected and acknowledged with its first run, contained and resolved with its last. */
export const eventsOf = (runs: readonly Rehearsed[]): DrillEvent[] => {
  const firsts = { detected: runs, acknowledged: runs, contained: runs.toReversed(), resolved: runs.toReversed() };
  const milestones = drills.milestone.options.flatMap((type): DrillEvent[] => {
    const run = firsts[type].find(({ muster }) => muster.moments[type] !== undefined);
    const at = run?.muster.moments[type];
    const isResolved = type !== 'resolved' || runs.every(hasPassed);
    return run && at !== undefined && isResolved ? [{ type, at, note: `measured: ${nameOf(run)}` }] : [];
  });
  const observed = runs.map((run): DrillEvent => ({ type: 'observation', note: observation(run) }));
  return [...milestones, ...observed];
};

const nameOf = ({ experiment, muster }: Rehearsed): string => `${experiment} ${muster.experimentId}`;

const observation = (run: Rehearsed): string => {
  const { brakeMs, recoveryMs, fallbacks, bystanders } = run.muster.figures;
  return [
    summary(run),
    `brake ${brakeMs ?? '–'} ms, recovery ${recoveryMs ?? '–'} ms`,
    `fallbacks ${fallbacks.activated} of ${fallbacks.due}`,
    `bystanders failed ${bystanders.failed} of ${bystanders.tried}`,
  ].join('; ');
};

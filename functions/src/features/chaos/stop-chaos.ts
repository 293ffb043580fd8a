import * as z from 'zod';
import type { ResponseOf } from '@muster/contract/operations';
import { actorOf, claimedRoles, originOf } from '../../platform/operations/actor';
import { changed, commitChange, unchanged } from '../../platform/operations/change';
import { defineChange } from '../../platform/operations/define-change';
import type { Adapters } from '../../platform/operations/adapters';
import type { Call } from '../../platform/operations/operation';
import { errorFields } from '@muster/core/log';
import { Meter, type Cost } from '@muster/core/meter';
import { logicalName, paths } from '@muster/core/storage/paths';
import { chaosAsStored, chaosAt, readableChaos, standingStop } from './chaos-document';
import { armedExperiments, experimentAt, MOST_ARMED } from './experiment-document';
import { rolledBack, UNDO_READS, undoExperiment } from './undo-experiment';

/** The stop itself, which binds with its commit. Reads revocation and stop; writes it and its entry. */
const setStop = defineChange('chaos-stop', {
  guarded: false,
  cost: { reads: 2, writes: 2 },
  reads: () => [chaosAsStored()],
  async decide({ work, now, identity }, { reason }) {
    const stored = await work.read(chaosAsStored());
    const before = readableChaos(stored);
    // One that cannot be read stops as well, and says nothing: a person's stop takes its place.
    if (before?.stopped) return unchanged(answerOf(false, before.stopped));
    const stopped = { by: identity.uid, at: now, reason };
    work.write(chaosAt(), { stopped, lastArmed: before?.lastArmed ?? null });
    return changed(answerOf(true, stopped), {
      action: 'chaos.stopped',
      target: logicalName(paths.chaos()),
      rationale: reason,
      metadata: { lastArmed: before?.lastArmed ?? null },
    });
  },
});

const answerOf = (isChanged: boolean, { by, at, reason }: { by: string; at: Date; reason: string }) => ({
  changed: isChanged,
  stopped: { by, at: at.toISOString(), reason },
  rolledBack: [],
});

/**
 * `chaos-stop`. Never forbidden by policy. The stop binds first, in a commit of its own: nothing is armed, and nothing
 * written for an experiment, after it. Then each armed experiment is undone, each in its own commit, so that one that
 * cannot be undone keeps no other from it; the schedule does the rest.
 */
export const stopChaos: typeof setStop = {
  ...setStop,
  cost: {
    reads: 2 + MOST_ARMED + MOST_ARMED * (2 + UNDO_READS),
    writes: 2,
    readsPerRow: 20,
    writesPerRow: 20,
  },
  async run(deps, call, raw) {
    let spent: Cost = { reads: 0, writes: 0 };
    const answer = await setStop.run({ ...deps, onCost: (_, cost) => (spent = cost) }, call, raw);
    const meter = new Meter();
    const halted = await rollBackArmed(deps, call, meter);
    deps.onCost?.(setStop.name, { reads: spent.reads + meter.reads, writes: spent.writes + meter.writes });
    return { ...answer, rolledBack: halted };
  },
};

/** Only while the stop stands: a repeated request, after it was lifted, halts nobody. */
const rollBackArmed = async (
  deps: Adapters,
  call: Call,
  meter: Meter,
): Promise<ResponseOf<'chaos-stop'>['rolledBack']> => {
  const { identity, correlationId } = call;
  const armed = await deps.store.read(meter).find(armedExperiments(z.record(z.string(), z.unknown())));
  const actor = actorOf(identity, claimedRoles(identity));
  const halted: string[] = [];
  for (const { id } of armed) {
    const at = deps.clock();
    const halting = commitChange(
      deps,
      meter,
      { actor: () => actor, correlationId, now: at, from: originOf(call) },
      async (work) => {
        await work.prefetch([chaosAsStored(), experimentAt(id)]);
        const stop = standingStop(await work.read(chaosAsStored()));
        const before = await work.read(experimentAt(id));
        if (!stop || before?.status !== 'armed') return unchanged(false);
        const found = await undoExperiment(
          work,
          { id, before, by: identity.uid, at },
          { status: 'aborted', reason: `Chaos was stopped by ${stop.by}: ${stop.reason}` },
        );
        work.write(experimentAt(id), found.after);
        return changed(found.complete, rolledBack(id, found));
      },
    );
    try {
      if (await halting) halted.push(id);
    } catch (error) {
      deps.log.error('an armed experiment could not be undone; the schedule will', {
        experiment: id,
        correlationId,
        ...errorFields(error),
      });
    }
  }
  return halted;
};

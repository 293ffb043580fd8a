import type * as z from 'zod';
import type { recordDrillStatus as shapes } from '@muster/contract/drills';
import { changed } from '../../../platform/operations/change';
import type { Stored } from '@muster/core/storage/documents';
import { badInput } from '@muster/core/errors';
import { defineChange, type ChangeContext } from '../../../platform/operations/define-change';
import { collections } from '@muster/core/storage/paths';
import { scenarioAt } from '../../scenarios/for-others/scenario-reader';
import * as machine from '../drill';
import { statusEntry } from '../drill-audit';
import { drillAt, drillDocument, toDrillView, type Drill } from '../drill-document';
import { minutesToMs } from '../../../timeline/figures';
import { unknownDrill } from '../drill-errors';
import { stageMark } from '../stage-mark';

type Posted = z.output<typeof shapes.request>;

/** What a posted status comes to: the drill, and whether it is a new one. */
interface Recorded {
  id: string;
  drill: Drill;
  isNew: boolean;
}

/**
 * `POST /api/ops/drills`: existing clients know scenarios, not drill ids, so the drill is found by its scenario.
 * Their scenarios need not be in the catalog. Reads policy, revocation, scenario and the drill it is about.
 */
export const recordDrillStatus = defineChange('ops-recordDrillStatus', {
  guarded: 'muster.drills.record',
  cost: { reads: 5, writes: 3 },
  reads: ({ scenarioId }) => [scenarioAt(scenarioId)],
  async decide(context, input) {
    refuseMismatch(input);
    const { id, drill, isNew } = await RECORD[input.status](context, input);
    if (isNew) context.work.create(drillAt(id), drill);
    else context.work.write(drillAt(id), drill);
    return changed({ drill: toDrillView(id, drill) }, statusEntry(id, drill, input.status, input));
  },
});

/** An outcome belongs to a completed drill; `in_progress` says no more than that it was started. */
const refuseMismatch = ({ status, outcome }: Posted): void => {
  const fits = outcome === undefined || status === (outcome === 'in_progress' ? 'started' : 'completed');
  if (!fits) throw badInput([{ field: 'outcome', problem: `"${outcome}" does not go with status "${status}"` }]);
};

const RECORD: Record<Posted['status'], (context: ChangeContext, input: Posted) => Promise<Recorded>> = {
  async scheduled(context, input) {
    return { id: context.ids('drl'), isNew: true, drill: await planned(context, input) };
  },

  async started(context, input) {
    const { ids, now, limits } = context;
    const open = await openDrill(context, input.scenarioId, ['scheduled']);
    const id = open?.id ?? ids('drl');
    const eventId = ids('evt');
    stageMark(context, id, { type: 'started', eventId, at: now });
    const start = { startedAt: now, eventId, maxDrillMs: limits.maxDrillMs, now };
    return { id, isNew: !open, drill: machine.startDrill(open?.data ?? (await planned(context, input)), start) };
  },

  async completed(context, input) {
    const { ids, now } = context;
    const open = await openDrill(context, input.scenarioId, ['in_progress']);
    const id = open?.id ?? ids('drl');
    const completion: machine.Completion = {
      outcome: input.outcome === 'in_progress' ? undefined : input.outcome,
      endedAt: now,
      notes: input.notes,
      unresolvedRisks: input.unresolvedRisks,
      reportedTtrMs: input.mttrMinutes === undefined ? undefined : minutesToMs(input.mttrMinutes),
      attendance: undefined,
      checks: undefined,
    };
    stageMark(context, id, { type: 'completed', eventId: ids('evt'), at: now });
    const drill = open
      ? machine.completeDrill(open.data, completion, now)
      : machine.recordHeldOutside(await planned(context, input), completion, now);
    return { id, isNew: !open, drill };
  },

  async cancelled(context, input) {
    const open = await openDrill(context, input.scenarioId, ['in_progress', 'scheduled']);
    const before = open?.data ?? (await planned(context, input));
    const drill = machine.cancelDrill(before, input.notes ?? null, context.now);
    return { id: open?.id ?? context.ids('drl'), isNew: !open, drill };
  },
};

const planned = async ({ work, actor, now }: ChangeContext, { scenarioId }: Posted): Promise<Drill> =>
  machine.planDrill(
    {
      scenarioId,
      scenario: await work.read(scenarioAt(scenarioId)),
      severity: undefined,
      environment: undefined,
      participants: undefined,
      roles: undefined,
      dueAt: null,
    },
    actor.id,
    now,
  );

/**
 * The drill that a status is about: of the running ones the last started, of the planned ones the first due.
 * Whoever loses a race keeps the drill it was about to change, and is told what became of it, instead of
 * recording a second one.
 */
const openDrill = async (
  { work, memory }: ChangeContext,
  scenarioId: string,
  statuses: readonly ('scheduled' | 'in_progress')[],
): Promise<Pick<Stored<Drill>, 'id' | 'data'> | undefined> => {
  const chosen = memory.get('drill');
  if (chosen !== undefined) {
    const data = await work.read(drillAt(chosen));
    if (!data) throw unknownDrill();
    return { id: chosen, data };
  }
  for (const status of statuses) {
    const [found] = await work.find({
      collection: collections.drills,
      schema: drillDocument,
      where: [
        { field: 'scenarioId', is: '==', value: scenarioId },
        { field: 'status', is: '==', value: status },
      ],
      orderBy: [{ field: 'at', direction: status === 'in_progress' ? 'desc' : 'asc' }],
      limit: 1,
    });
    if (found) {
      memory.set('drill', found.id);
      return found;
    }
  }
  return undefined;
};

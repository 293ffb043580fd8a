import type { DocumentAddress } from '@muster/core/storage/documents';
import { changed } from '../../platform/operations/change';
import { defineChange, type ChangeContext } from '../../platform/operations/define-change';
import type { RequestOf } from '@muster/contract/operations';
import { scenarioAt } from '../scenarios/for-others/scenario-reader';
import { planDrill, startDrill as start } from './drill';
import { statusEntry } from './drill-audit';
import { drillAt, toDrillView, type Drill } from './drill-document';
import { unknownDrill, unknownScenario } from './drill-errors';
import { stageMark } from './stage-mark';

/** `drills-start`. Reads policy, revocation, and the drill or the scenario; writes drill, first event, entry. */
export const startDrill = defineChange('drills-start', {
  guarded: 'muster.drills.start',
  cost: { reads: 3, writes: 3 },
  reads: ({ drillId, scenarioId }): DocumentAddress<unknown>[] => [
    ...(drillId === undefined ? [] : [drillAt(drillId)]),
    ...(scenarioId === undefined ? [] : [scenarioAt(scenarioId)]),
  ],
  async decide(context, input) {
    const { work, ids, now, limits } = context;
    const id = input.drillId ?? ids('drl');
    const planned = await plannedDrill(context, input);
    const eventId = ids('evt');
    const startedAt = input.startedAt === undefined ? now : new Date(input.startedAt);
    const drill = start(planned, { startedAt, eventId, maxDrillMs: limits.maxDrillMs, now });
    if (input.drillId === undefined) work.create(drillAt(id), drill);
    else work.write(drillAt(id), drill);
    stageMark(context, id, { type: 'started', eventId, at: startedAt });
    return changed({ drill: toDrillView(id, drill) }, statusEntry(id, drill, 'started', { outcome: 'in_progress' }));
  },
});

const plannedDrill = async (
  { work, actor, now }: ChangeContext,
  { drillId, scenarioId = '', severity, environment, participants, roles }: RequestOf<'drills-start'>,
): Promise<Drill> => {
  if (drillId !== undefined) {
    const drill = await work.read(drillAt(drillId));
    if (!drill) throw unknownDrill();
    return drill;
  }
  const scenario = await work.read(scenarioAt(scenarioId));
  if (!scenario) throw unknownScenario(scenarioId);
  return planDrill({ scenarioId, scenario, severity, environment, participants, roles, dueAt: null }, actor.id, now);
};

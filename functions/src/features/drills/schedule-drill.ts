import { changed } from '../../platform/operations/change';
import { defineChange } from '../../platform/operations/define-change';
import { scenarioAt } from '../scenarios/for-others/scenario-reader';
import { planDrill } from './drill';
import { statusEntry } from './drill-audit';
import { drillAt, toDrillView } from './drill-document';
import { unknownScenario } from './drill-errors';

/** `drills-schedule`. Reads policy, revocation, scenario; writes the drill and its entry. */
export const scheduleDrill = defineChange('drills-schedule', {
  guarded: 'muster.drills.schedule',
  cost: { reads: 3, writes: 2 },
  reads: ({ scenarioId }) => [scenarioAt(scenarioId)],
  async decide({ work, actor, ids, now }, input) {
    const scenario = await work.read(scenarioAt(input.scenarioId));
    if (!scenario) throw unknownScenario(input.scenarioId);
    const { severity, environment, participants, roles } = input;
    const plan = { scenarioId: input.scenarioId, scenario, severity, environment, participants, roles };
    const drill = planDrill({ ...plan, dueAt: new Date(input.dueAt) }, actor.id, now);
    const id = ids('drl');
    work.create(drillAt(id), drill);
    return changed({ drill: toDrillView(id, drill) }, statusEntry(id, drill, 'scheduled'));
  },
});

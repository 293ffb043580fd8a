import { MusterError } from '@muster/core/errors';

export const unknownDrill = (): MusterError =>
  new MusterError('NOT_FOUND', 'There is no drill with this id.', {
    reason: 'UNKNOWN_DRILL',
    fields: [{ field: 'drillId', problem: 'no drill has this id' }],
    next: 'List the drills (drills-list) and copy the id.',
  });

export const unknownScenario = (scenarioId: string): MusterError =>
  new MusterError('NOT_FOUND', `The catalog has no scenario "${scenarioId}".`, {
    reason: 'UNKNOWN_SCENARIO',
    fields: [{ field: 'scenarioId', problem: 'no scenario of the catalog has this id' }],
    next: 'Look into the collection scenarios, or catalog/scenarios/ of the repository, for what there is.',
  });

export const unknownEvent = (): MusterError =>
  new MusterError('NOT_FOUND', 'This drill has no event with this id.', {
    reason: 'UNKNOWN_EVENT',
    fields: [{ field: 'supersedes', problem: 'no event of this drill has this id' }],
    next: 'Read the drill (drills-get) and copy the id of the event that is wrong.',
  });

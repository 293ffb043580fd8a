import { expectBadInputIsNamed, NEVER } from '../../../test/bad-input';
import { HOUR, SCENARIO_ID, START } from '../../../test/harness';
import { expectRequestIdsAreKept, givenAgain } from '../../../test/request-ids';
import { watchedBackend, type Watched } from '../../../test/watched-backend';
import { cancelDrill, completeDrill, getDrill, scheduleDrill, startDrill } from '.';

let watched: Watched;
beforeAll(async () => {
  watched = await watchedBackend();
});
afterAll(() => watched.backend.close());

const anHourAgo = new Date(START.getTime() - HOUR).toISOString();

const planned = async (): Promise<string> => {
  const { drill } = await watched.call(scheduleDrill, { scenarioId: SCENARIO_ID, dueAt: '2026-04-30T09:00:00Z' });
  return drill.id;
};

describe('starting a drill', () => {
  test('makes a planned one run from now', async () => {
    const drillId = await planned();
    const { drill } = await watched.call(startDrill, { drillId });
    expect(drill).toMatchObject({
      id: drillId,
      exercise: true,
      status: 'in_progress',
      startedAt: START.toISOString(),
      dueAt: '2026-04-30T09:00:00.000Z',
    });
    const { events } = await watched.call(getDrill, { drillId });
    expect(events).toMatchObject([{ type: 'started', at: START.toISOString(), recordedBy: 'uid-staff' }]);
  });

  test('from a scenario makes and starts one in one change', async () => {
    const { drill } = await watched.call(startDrill, {
      scenarioId: SCENARIO_ID,
      startedAt: anHourAgo,
      severity: 'P0',
      environment: 'development',
      participants: ['uid-member'],
      roles: { technicalLead: 'uid-lead' },
    });
    expect(drill).toMatchObject({
      status: 'in_progress',
      startedAt: anHourAgo,
      dueAt: null,
      severity: 'P0',
      environment: 'development',
      participants: ['uid-member', 'uid-lead'],
    });
    expect(watched.entry()).toMatchObject({
      action: 'studio_ops.drill_event',
      target: `drills/${drill.id}`,
      metadata: { status: 'started', outcome: 'in_progress', scenarioId: SCENARIO_ID, drillId: drill.id },
    });
  });

  test('that is running, completed or cancelled is refused with the state', async () => {
    const running = await planned();
    await watched.call(startDrill, { drillId: running });
    const completed = await planned();
    await watched.call(startDrill, { drillId: completed });
    await watched.call(completeDrill, { drillId: completed, outcome: 'success' });
    const cancelled = await planned();
    await watched.call(cancelDrill, { drillId: cancelled, reason: 'no time' });

    const states: unknown[] = [];
    for (const drillId of [running, completed, cancelled]) {
      const { code, details } = await watched.refused(startDrill, { drillId });
      states.push([code, details.reason, details['state']]);
    }
    expect(states).toEqual([
      ['CONFLICT', 'WRONG_STATE', 'in_progress'],
      ['CONFLICT', 'WRONG_STATE', 'completed'],
      ['CONFLICT', 'WRONG_STATE', 'cancelled'],
    ]);
  });

  test('that is not there is refused by the name of the field', async () => {
    expect(await watched.refused(startDrill, { drillId: 'drl_nosuchdrill' })).toMatchObject({
      code: 'NOT_FOUND',
      details: { reason: 'UNKNOWN_DRILL', fields: [{ field: 'drillId' }] },
    });
    expect(await watched.refused(startDrill, { scenarioId: 'no-such' })).toMatchObject({
      code: 'NOT_FOUND',
      details: { reason: 'UNKNOWN_SCENARIO', fields: [{ field: 'scenarioId' }] },
    });
  });

  test('names each field that is wrong', async () => {
    const drillId = await planned();
    await expectBadInputIsNamed(watched, startDrill, { drillId }, [
      ...NEVER,
      ['neither drill nor scenario', { drillId: undefined }, 'drillId'],
      ['both drill and scenario', { scenarioId: SCENARIO_ID }, 'drillId'],
      ['a drill id of another kind', { drillId: 'aud_abcdef' }, 'drillId'],
      ['a drill id with a slash', { drillId: 'drl_a/events/b' }, 'drillId'],
      ['a severity for a planned drill', { severity: 'P0' }, 'drillId'],
      ['participants for a planned drill', { participants: [] }, 'drillId'],
      ['a start that is not a time', { startedAt: 'now' }, 'startedAt'],
      ['a start in the future', { startedAt: new Date(START.getTime() + 60_001).toISOString() }, 'startedAt'],
      ['a start that is infinite', { startedAt: Number.POSITIVE_INFINITY }, 'startedAt'],
    ]);
  });

  test('is done once for one requestId', async () => {
    await expectRequestIdsAreKept(watched, startDrill, {
      one: { scenarioId: SCENARIO_ID },
      other: { scenarioId: SCENARIO_ID, severity: 'P3' },
      forAnotherUser: { scenarioId: SCENARIO_ID },
    });
  });

  test('again with its requestId returns the first answer though the drill has gone on', async () => {
    const request = { drillId: await planned(), requestId: 'start:went-on' };
    const first = await watched.call(startDrill, request);
    await watched.call(completeDrill, { drillId: request.drillId, outcome: 'success' });
    expect(await watched.call(startDrill, request)).toEqual(givenAgain(first));
  });
});

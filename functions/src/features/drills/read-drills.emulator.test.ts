import { expectBadInputIsNamed } from '../../../test/bad-input';
import { as, SCENARIO, SCENARIO_ID, START } from '../../../test/harness';
import { watchedBackend, type Watched } from '../../../test/watched-backend';
import {
  cancelDrill,
  completeDrill,
  flagOverdue,
  getDrill,
  listDrills,
  recordEvent,
  scheduleDrill,
  startDrill,
} from '.';
import { runJob } from '../../platform/operations/job';

const minute = (minutes: number) => new Date(START.getTime() + minutes * 60_000).toISOString();

let watched: Watched;
afterAll(() => watched.backend.close());

/** By name: two planned (one of another scenario, flagged overdue), one running, one completed, one cancelled. */
const ids: Record<string, string> = {};

beforeAll(async () => {
  watched = await watchedBackend();
  await watched.given('muster_scenarios/outage', SCENARIO);
  const scheduled = async (scenarioId: string, dueAt: string) =>
    (await watched.call(scheduleDrill, { scenarioId, dueAt })).drill.id;
  ids['planned'] = await scheduled(SCENARIO_ID, minute(600));
  ids['overdue'] = await scheduled('outage', minute(-600));
  ids['running'] = (await watched.call(startDrill, { scenarioId: SCENARIO_ID, startedAt: minute(-60) })).drill.id;
  ids['completed'] = (await watched.call(startDrill, { scenarioId: 'outage', startedAt: minute(-120) })).drill.id;
  await watched.call(completeDrill, { drillId: ids['completed'], outcome: 'success' });
  ids['cancelled'] = await scheduled(SCENARIO_ID, minute(300));
  await watched.call(cancelDrill, { drillId: ids['cancelled'], reason: 'why' });
  await runJob(watched.backend.deps, flagOverdue, START);
  await watched.settle();
});

const listed = async (input: object) => {
  const { drills, nextCursor } = await watched.call(listDrills, input, as('auditor'));
  const names = drills.map(({ id }) => Object.keys(ids).find((name) => ids[name] === id));
  return { names, nextCursor };
};

describe('a list of drills', () => {
  test.each<[string, object, string[]]>([
    ['all, the latest first', {}, ['planned', 'cancelled', 'running', 'completed', 'overdue']],
    ['one status', { status: 'scheduled' }, ['planned', 'overdue']],
    ['one scenario', { scenarioId: 'outage' }, ['completed', 'overdue']],
    ['what is overdue', { overdue: true }, ['overdue']],
    ['what is not', { overdue: false, scenarioId: 'outage' }, ['completed']],
    ['a time, its beginning in and its end out', { from: minute(-60), to: minute(600) }, ['cancelled', 'running']],
    [
      'all filters together',
      { status: 'in_progress', overdue: false, scenarioId: SCENARIO_ID, to: minute(0) },
      ['running'],
    ],
    ['nothing', { scenarioId: 'never-held' }, []],
  ])('gives %s', async (_, input, names) => {
    expect(await listed(input)).toEqual({ names, nextCursor: null });
  });

  test('goes on at the cursor, without a gap and without a repetition', async () => {
    const pages: unknown[] = [];
    let cursor: string | null | undefined;
    while (cursor !== null) {
      const page = await listed({ limit: 2, ...(cursor ? { cursor } : {}) });
      pages.push(page.names);
      cursor = page.nextCursor;
    }
    expect(pages).toEqual([['planned', 'cancelled'], ['running', 'completed'], ['overdue']]);
  });

  test('names each field that is wrong', async () => {
    await expectBadInputIsNamed(watched, listDrills, {}, [
      ['a status that is not one', { status: 'overdue' }, 'status'],
      ['overdue as text', { overdue: 'true' }, 'overdue'],
      ['a limit of 0', { limit: 0 }, 'limit'],
      ['a limit of 201', { limit: 201 }, 'limit'],
      ['half a limit', { limit: 1.5 }, 'limit'],
      ['a time that is not one', { from: 'monday' }, 'from'],
      ['a cursor with a slash', { cursor: 'a/b' }, 'cursor'],
      ['a cursor that is not ours', { cursor: 'abcd' }, 'cursor'],
      ['a key that is not in the contract', { severity: 'P0' }, 'severity'],
    ]);
  });
});

describe('one drill', () => {
  test('comes with its events in the order in which they happened, not in which they were told', async () => {
    const drillId = ids['running']!;
    await watched.call(recordEvent, { drillId, type: 'decision', at: minute(-10), note: 'second' });
    await watched.call(recordEvent, { drillId, type: 'decision', at: minute(-20), note: 'first' });
    const { events, moreEvents, drill } = await watched.call(getDrill, { drillId }, as('auditor'));
    expect(events.map(({ type, note }) => note ?? type)).toEqual(['started', 'first', 'second']);
    expect({ moreEvents, id: drill.id, exercise: drill.exercise }).toEqual({
      moreEvents: false,
      id: drillId,
      exercise: true,
    });
  });

  test('that has no events yet has an empty timeline', async () => {
    expect((await watched.call(getDrill, { drillId: ids['planned']! })).events).toEqual([]);
  });

  test('that is not there, or whose id is none, is refused by the field', async () => {
    expect(await watched.refused(getDrill, { drillId: 'drl_nosuch' }, as('auditor'))).toMatchObject({
      code: 'NOT_FOUND',
      details: { reason: 'UNKNOWN_DRILL', fields: [{ field: 'drillId' }] },
    });
    await expectBadInputIsNamed(watched, getDrill, { drillId: ids['planned'] }, [
      ['no drill', { drillId: undefined }, 'drillId'],
      ['a path', { drillId: 'drl_x/../../audit' }, 'drillId'],
      ['a key that is not in the contract', { events: true }, 'events'],
    ]);
  });

  test('with more than 500 events tells that there are more, and reads no more than that', async () => {
    const drillId = ids['running']!;
    const template = (
      await watched.backend.firestore.collection(`muster_drills/${drillId}/muster_events`).limit(1).get()
    ).docs[0]!;
    const batch = watched.backend.firestore.batch();
    for (let index = 0; index < 500; index += 1) {
      batch.set(
        watched.backend.firestore.doc(`muster_drills/${drillId}/muster_events/evt_many${index}`),
        template.data(),
      );
    }
    await batch.commit();
    await watched.settle();
    const { events, moreEvents } = await watched.call(getDrill, { drillId });
    expect({ events: events.length, moreEvents }).toEqual({ events: 500, moreEvents: true });
  });
});

import { expectBadInputIsNamed, NEVER } from '../../../../test/bad-input';
import { as, SCENARIO_ID, START } from '../../../../test/harness';
import { expectRequestIdsAreKept } from '../../../../test/request-ids';
import { watchedBackend, type Watched } from '../../../../test/watched-backend';
import { listDrillRows, listDrills, recordDrillStatus, recordEvent, scheduleDrill } from '..';

let watched: Watched;
beforeEach(async () => {
  watched = await watchedBackend();
});
afterEach(() => watched.backend.close());

const later = (minutes: number): void => {
  watched.backend.clock.now = new Date(watched.backend.clock.now.getTime() + minutes * 60_000);
};
const record = async (posted: object) =>
  (await watched.call(recordDrillStatus, { scenarioId: SCENARIO_ID, ...posted })).drill;
const drills = async () => (await watched.call(listDrills, {})).drills;

describe('a status that is recorded by its scenario', () => {
  test('"scheduled" plans a drill', async () => {
    expect(await record({ status: 'scheduled' })).toMatchObject({ status: 'scheduled', dueAt: null, severity: 'P1' });
  });

  test('"started" starts the planned drill of that scenario that is due first', async () => {
    await watched.call(scheduleDrill, { scenarioId: SCENARIO_ID, dueAt: '2026-06-01T00:00:00Z' });
    const { drill } = await watched.call(scheduleDrill, { scenarioId: SCENARIO_ID, dueAt: '2026-05-01T00:00:00Z' });
    expect(await record({ status: 'started', outcome: 'in_progress' })).toMatchObject({
      id: drill.id,
      status: 'in_progress',
      startedAt: START.toISOString(),
    });
  });

  test('"started" starts a new drill when none is planned', async () => {
    expect(await record({ status: 'started' })).toMatchObject({ status: 'in_progress', outcome: null });
    expect(await drills()).toHaveLength(1);
  });

  test('"completed" completes the running drill, not a planned one, with the figures of its events', async () => {
    await record({ status: 'scheduled', scenarioId: SCENARIO_ID });
    const { id } = await record({ status: 'started' });
    await record({ status: 'scheduled' });
    await watched.call(recordEvent, { drillId: id, type: 'detected' });
    later(30);
    await watched.call(recordEvent, { drillId: id, type: 'resolved' });
    expect(await record({ status: 'completed', outcome: 'success' })).toMatchObject({
      id,
      status: 'completed',
      outcome: 'success',
      figures: { ttr: { valueMs: 30 * 60_000, source: 'events' } },
    });
  });

  test('"completed" records a drill that was held outside when none runs, and claims no start', async () => {
    expect(await record({ status: 'completed', outcome: 'partial', mttrMinutes: 42 })).toMatchObject({
      status: 'completed',
      startedAt: null,
      outcome: 'partial',
      figures: { ttd: { valueMs: null }, ttr: { valueMs: 42 * 60_000, source: 'reported' } },
    });
  });

  test('"cancelled" cancels the running drill before a planned one, and the notes are the reason', async () => {
    await record({ status: 'scheduled' });
    const { id } = await record({ status: 'started' });
    const planned = await record({ status: 'scheduled' });
    expect(await record({ status: 'cancelled', notes: 'a real one' })).toMatchObject({
      id,
      cancelReason: 'a real one',
    });
    expect(await record({ status: 'cancelled' })).toMatchObject({ id: planned.id, status: 'cancelled' });
  });

  test('of one scenario leaves the drills of another alone', async () => {
    const { id } = await record({ status: 'started' });
    await record({ status: 'completed', scenarioId: 'another' });
    expect((await drills()).find((drill) => drill.id === id)?.status).toBe('in_progress');
  });

  test('may be of a scenario that the catalog has not', async () => {
    expect(await record({ status: 'scheduled', scenarioId: 'ours-alone' })).toMatchObject({
      scenarioId: 'ours-alone',
      title: 'ours-alone',
      severity: 'P2',
    });
  });

  test.each(['scheduled', 'started', 'completed', 'cancelled'])(
    '"%s" leaves one entry whose metadata carries every field that was posted',
    async (status) => {
      const posted = {
        scenarioId: SCENARIO_ID,
        status,
        ...(status === 'completed' ? { outcome: 'partial' } : { outcome: undefined }),
        notes: 'words',
        mttrMinutes: 12.5,
        unresolvedRisks: ['one', 'two'],
      };
      const { outcome, ...rest } = posted;
      const { id } = await record(outcome ? posted : rest);
      expect(watched.entry()).toMatchObject({
        action: 'studio_ops.drill_event',
        target: `drills/${id}`,
        exercise: true,
        metadata: { ...rest, outcome: outcome ?? null, drillId: id },
      });
    },
  );

  test('carries the MTTR that was posted also when events measured another one', async () => {
    const { id } = await record({ status: 'started' });
    await watched.call(recordEvent, { drillId: id, type: 'detected' });
    later(30);
    await watched.call(recordEvent, { drillId: id, type: 'resolved' });
    await record({ status: 'completed', outcome: 'success', mttrMinutes: 25 });
    expect(watched.entry().metadata).toMatchObject({
      mttrMinutes: 25,
      figures: { ttr: { valueMs: 30 * 60_000, source: 'events' } },
    });
  });

  test('names each field that is wrong', async () => {
    const valid = { scenarioId: SCENARIO_ID, status: 'completed', outcome: 'success' };
    await expectBadInputIsNamed(watched, recordDrillStatus, valid, [
      ...NEVER,
      ['no scenario', { scenarioId: undefined }, 'scenarioId'],
      ['an empty scenario', { scenarioId: '' }, 'scenarioId'],
      ['no status', { status: undefined }, 'status'],
      ['a status that is not one', { status: 'in_progress' }, 'status'],
      ['an outcome that is not one', { outcome: 'great' }, 'outcome'],
      ['an outcome of a running drill for a completed one', { outcome: 'in_progress' }, 'outcome'],
      ['an outcome of a completed drill for a started one', { status: 'started' }, 'outcome'],
      ['an MTTR as text', { mttrMinutes: '5' }, 'mttrMinutes'],
      ['an MTTR of more than a year', { mttrMinutes: 525_601 }, 'mttrMinutes'],
      ['risks that are no list', { unresolvedRisks: {} }, 'unresolvedRisks'],
      ['notes that are a number', { notes: 1 }, 'notes'],
    ]);
  });

  test('is recorded once for one requestId', async () => {
    await expectRequestIdsAreKept(watched, recordDrillStatus, {
      one: { scenarioId: SCENARIO_ID, status: 'completed', outcome: 'success' },
      other: { scenarioId: SCENARIO_ID, status: 'completed', outcome: 'failed' },
      forAnotherUser: { scenarioId: SCENARIO_ID, status: 'completed', outcome: 'success' },
    });
    expect(await drills()).toHaveLength(2);
  });
});

describe('the rows', () => {
  test('are one for each recorded status, newest first, with the fields as they were posted', async () => {
    await record({ status: 'scheduled' });
    later(1);
    await record({ status: 'started', outcome: 'in_progress' });
    later(1);
    const { id } = await record({
      status: 'completed',
      outcome: 'partial',
      notes: 'words',
      mttrMinutes: 42,
      unresolvedRisks: ['a risk'],
    });
    const { rows } = await watched.call(listDrillRows, {}, as('auditor'));
    expect(rows.map(({ status }) => status)).toEqual(['completed', 'started', 'scheduled']);
    expect(rows[0]).toEqual({
      id: expect.stringMatching(/^aud_/u),
      at: new Date(START.getTime() + 120_000).toISOString(),
      scenarioId: SCENARIO_ID,
      status: 'completed',
      outcome: 'partial',
      notes: 'words',
      mttrMinutes: 42,
      unresolvedRisks: ['a risk'],
    });
    expect(rows[1]).toMatchObject({ outcome: 'in_progress', notes: null, mttrMinutes: null, unresolvedRisks: [] });
    expect((await drills()).map((drill) => drill.id)).toEqual([id]);
  });

  test('are statuses alone: events, flags and modes are not among them', async () => {
    const { id } = await record({ status: 'started' });
    await watched.call(recordEvent, { drillId: id, type: 'observation' });
    expect((await watched.call(listDrillRows, {})).rows).toHaveLength(1);
  });

  test('are as many as asked for, and no more is read', async () => {
    for (let count = 0; count < 4; count += 1) {
      later(1);
      await record({ status: 'scheduled' });
    }
    expect((await watched.call(listDrillRows, { limit: 2 })).rows).toHaveLength(2);
    await expectBadInputIsNamed(watched, listDrillRows, {}, [
      ['a limit of 0', { limit: 0 }, 'limit'],
      ['a limit of 201', { limit: 201 }, 'limit'],
      ['a limit as text', { limit: '5' }, 'limit'],
      ['a key that is not in the contract', { actionPrefix: 'x' }, 'actionPrefix'],
    ]);
  });
});

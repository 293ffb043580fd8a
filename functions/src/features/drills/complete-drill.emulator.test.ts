import { expectBadInputIsNamed, NEVER } from '../../../test/bad-input';
import { HOUR, SCENARIO_ID, START } from '../../../test/harness';
import { expectRequestIdsAreKept } from '../../../test/request-ids';
import { watchedBackend, type Watched } from '../../../test/watched-backend';
import { cancelDrill, completeDrill, getDrill, recordEvent, scheduleDrill, startDrill } from '.';

let watched: Watched;
beforeAll(async () => {
  watched = await watchedBackend();
});
beforeEach(() => {
  watched.backend.clock.now = START;
});
afterAll(() => watched.backend.close());

const minute = (minutes: number) => new Date(START.getTime() + minutes * 60_000).toISOString();

/** A P1 drill that started at 09:00; it is 12:00 now. */
const running = async (): Promise<string> => {
  const { drill } = await watched.call(startDrill, { scenarioId: SCENARIO_ID });
  watched.backend.clock.now = new Date(START.getTime() + 3 * HOUR);
  return drill.id;
};

describe('completing a drill', () => {
  test('computes its figures against the targets of its severity: met, missed, not measured', async () => {
    const drillId = await running();
    await watched.call(recordEvent, { drillId, type: 'detected', at: minute(15) });
    await watched.call(recordEvent, { drillId, type: 'acknowledged', at: minute(20) });
    await watched.call(recordEvent, { drillId, type: 'contained', at: minute(134) });
    const { drill } = await watched.call(completeDrill, { drillId, outcome: 'partial' });
    expect(drill.figures).toEqual({
      ttd: { valueMs: 900_000, targetMs: 900_000, result: 'missed', source: 'events' },
      tta: { valueMs: 300_000, targetMs: 3_600_000, result: 'met', source: 'events' },
      ttc: { valueMs: 7_140_000, targetMs: 7_200_000, result: 'met', source: 'events' },
      ttr: { valueMs: null, targetMs: 28_800_000, result: 'not_measured', source: 'none' },
    });
  });

  test('keeps outcome, notes, risks, attendance and checks, and ends the timeline', async () => {
    const drillId = await running();
    const { drill } = await watched.call(completeDrill, {
      drillId,
      outcome: 'success',
      endedAt: minute(90),
      notes: 'all went well',
      unresolvedRisks: ['no second person', 'no alert'],
      mttrMinutes: 42.5,
      attendance: { invited: 6, attended: 5 },
      checks: { total: 18, passed: 18 },
    });
    expect(drill).toMatchObject({
      status: 'completed',
      outcome: 'success',
      endedAt: minute(90),
      notes: 'all went well',
      unresolvedRisks: ['no second person', 'no alert'],
      attendance: { invited: 6, attended: 5 },
      checks: { total: 18, passed: 18 },
      figures: { ttr: { valueMs: 2_550_000, result: 'met', source: 'reported' } },
    });
    const { events } = await watched.call(getDrill, { drillId });
    expect(events.at(-1)).toMatchObject({ type: 'completed', at: minute(90), recordedBy: 'uid-staff' });
  });

  test('leaves an entry with the fields that existing clients read, and the figures', async () => {
    const drillId = await running();
    const { drill } = await watched.call(completeDrill, {
      drillId,
      outcome: 'failed',
      notes: 'it went wrong',
      mttrMinutes: 30,
      unresolvedRisks: ['a risk'],
    });
    expect(watched.entry()).toMatchObject({
      action: 'studio_ops.drill_event',
      target: `drills/${drillId}`,
      exercise: true,
      outcome: 'success',
      metadata: {
        scenarioId: SCENARIO_ID,
        status: 'completed',
        outcome: 'failed',
        notes: 'it went wrong',
        mttrMinutes: 30,
        unresolvedRisks: ['a risk'],
        figures: drill.figures,
      },
    });
  });

  test('that is scheduled, completed or cancelled is refused with the state', async () => {
    const { drill: planned } = await watched.call(scheduleDrill, { scenarioId: SCENARIO_ID, dueAt: minute(999) });
    const completed = await running();
    await watched.call(completeDrill, { drillId: completed, outcome: 'success' });
    const cancelled = await running();
    await watched.call(cancelDrill, { drillId: cancelled, reason: 'why' });
    const states: unknown[] = [];
    for (const drillId of [planned.id, completed, cancelled]) {
      const { code, details } = await watched.refused(completeDrill, { drillId, outcome: 'success' });
      states.push([code, details.reason, details['state']]);
    }
    expect(states).toEqual([
      ['CONFLICT', 'WRONG_STATE', 'scheduled'],
      ['CONFLICT', 'WRONG_STATE', 'completed'],
      ['CONFLICT', 'WRONG_STATE', 'cancelled'],
    ]);
  });

  test('names each field that is wrong', async () => {
    const drillId = await running();
    await watched.call(recordEvent, { drillId, type: 'detected', at: minute(100) });
    await expectBadInputIsNamed(watched, completeDrill, { drillId, outcome: 'success' }, [
      ...NEVER,
      ['no drill', { drillId: undefined }, 'drillId'],
      ['no outcome', { outcome: undefined }, 'outcome'],
      ['an outcome of a running drill', { outcome: 'in_progress' }, 'outcome'],
      ['an end that is not a time', { endedAt: 'later' }, 'endedAt'],
      ['an end to come', { endedAt: minute(182) }, 'endedAt'],
      ['an end before what was recorded', { endedAt: minute(99) }, 'endedAt'],
      ['notes of 4001 characters', { notes: 'x'.repeat(4001) }, 'notes'],
      ['risks that are a text', { unresolvedRisks: 'a risk' }, 'unresolvedRisks'],
      ['a risk that is empty', { unresolvedRisks: ['ok', ''] }, 'unresolvedRisks.1'],
      ['51 risks', { unresolvedRisks: Array.from({ length: 51 }, () => 'r') }, 'unresolvedRisks'],
      ['a negative MTTR', { mttrMinutes: -1 }, 'mttrMinutes'],
      ['an infinite MTTR', { mttrMinutes: Number.POSITIVE_INFINITY }, 'mttrMinutes'],
      ['an MTTR as text', { mttrMinutes: '42' }, 'mttrMinutes'],
      ['more who came than were invited', { attendance: { invited: 1, attended: 2 } }, 'attendance.attended'],
      ['more checks that held than there were', { checks: { total: 18, passed: 19 } }, 'checks.passed'],
      ['no checks at all', { checks: { total: 0, passed: 0 } }, 'checks.total'],
    ]);
    expect(await watched.refused(completeDrill, { drillId: 'drl_nosuch', outcome: 'success' })).toMatchObject({
      code: 'NOT_FOUND',
      details: { reason: 'UNKNOWN_DRILL', fields: [{ field: 'drillId' }] },
    });
  });

  test('is done once for one requestId', async () => {
    const [one, two] = [await running(), await running()];
    await expectRequestIdsAreKept(watched, completeDrill, {
      one: { drillId: one, outcome: 'success' },
      other: { drillId: one, outcome: 'failed' },
      forAnotherUser: { drillId: two, outcome: 'success' },
    });
  });
});

describe('cancelling a drill', () => {
  test('ends a planned or a running one, with the reason in the drill and in the audit', async () => {
    const { drill: planned } = await watched.call(scheduleDrill, { scenarioId: SCENARIO_ID, dueAt: minute(999) });
    for (const drillId of [planned.id, await running()]) {
      const { drill } = await watched.call(cancelDrill, { drillId, reason: 'a real incident came' });
      expect(drill).toMatchObject({
        status: 'cancelled',
        cancelReason: 'a real incident came',
        endedAt: watched.backend.clock.now.toISOString(),
        figures: null,
      });
      expect(watched.entry()).toMatchObject({
        action: 'studio_ops.drill_event',
        target: `drills/${drillId}`,
        rationale: 'a real incident came',
        metadata: { status: 'cancelled', scenarioId: SCENARIO_ID },
      });
    }
  });

  test('that is over is refused with the state', async () => {
    const drillId = await running();
    await watched.call(completeDrill, { drillId, outcome: 'success' });
    expect(await watched.refused(cancelDrill, { drillId, reason: 'why' })).toMatchObject({
      code: 'CONFLICT',
      details: { reason: 'WRONG_STATE', state: 'completed' },
    });
  });

  test('names each field that is wrong', async () => {
    await expectBadInputIsNamed(watched, cancelDrill, { drillId: await running(), reason: 'why' }, [
      ...NEVER,
      ['no drill', { drillId: undefined }, 'drillId'],
      ['no reason', { reason: undefined }, 'reason'],
      ['a reason of white space', { reason: ' \n' }, 'reason'],
      ['a reason of 1001 characters', { reason: 'x'.repeat(1001) }, 'reason'],
    ]);
    expect(await watched.refused(cancelDrill, { drillId: 'drl_nosuch', reason: 'why' })).toMatchObject({
      code: 'NOT_FOUND',
      details: { reason: 'UNKNOWN_DRILL' },
    });
  });

  test('is done once for one requestId', async () => {
    const [one, two] = [await running(), await running()];
    await expectRequestIdsAreKept(watched, cancelDrill, {
      one: { drillId: one, reason: 'why' },
      other: { drillId: two, reason: 'why' },
      forAnotherUser: { drillId: two, reason: 'why' },
    });
  });
});

import type { DrillEventType } from '@muster/contract/drills';
import { expectBadInputIsNamed, NEVER } from '../../../test/bad-input';
import { as, SCENARIO_ID, START } from '../../../test/harness';
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

const minute = (minutes: number) => new Date(START.getTime() + minutes * 60_000);

/** A drill that started at 09:00; it is 12:00 now. */
const running = async (): Promise<string> => {
  const { drill } = await watched.call(startDrill, { scenarioId: SCENARIO_ID });
  watched.backend.clock.now = minute(180);
  return drill.id;
};

describe('recording an event', () => {
  test('keeps when it happened, when it was told, by whom, and who saw it', async () => {
    const drillId = await running();
    const { event, drill } = await watched.call(recordEvent, {
      drillId,
      type: 'detected',
      at: minute(5).toISOString(),
      seenBy: 'the person on call',
      note: 'an alert',
    });
    expect(event).toEqual({
      id: expect.stringMatching(/^evt_/u),
      type: 'detected',
      at: minute(5).toISOString(),
      recordedAt: minute(180).toISOString(),
      recordedBy: 'uid-staff',
      seenBy: 'the person on call',
      note: 'an alert',
      supersedes: null,
      supersededBy: null,
    });
    expect(drill.milestones.detected).toBe(minute(5).toISOString());
    expect(watched.entry()).toMatchObject({
      action: 'drills.event_recorded',
      target: `drills/${drillId}`,
      exercise: true,
      metadata: { eventId: event.id, type: 'detected', at: minute(5).toISOString() },
    });
  });

  test('takes every type of event, and now for a time that is not given', async () => {
    const drillId = await running();
    const types = [
      'detected',
      'acknowledged',
      'contained',
      'resolved',
      'decision',
      'observation',
      'safety_breach',
    ] satisfies DrillEventType[];
    for (const type of types) await watched.call(recordEvent, { drillId, type });
    const { drill, events } = await watched.call(getDrill, { drillId });
    expect(events.map(({ type }) => type).toSorted()).toEqual(['started', ...types].toSorted());
    expect(drill.safetyBreaches).toBe(1);
    expect(new Set(Object.values(drill.milestones))).toEqual(new Set([minute(180).toISOString()]));
  });

  test('of the same milestone twice is refused, and tells how to correct it', async () => {
    const drillId = await running();
    const { event } = await watched.call(recordEvent, { drillId, type: 'detected' });
    expect(await watched.refused(recordEvent, { drillId, type: 'detected' })).toMatchObject({
      code: 'CONFLICT',
      details: { reason: 'ALREADY_RECORDED', state: 'in_progress', next: expect.stringContaining(event.id) },
    });
  });

  test('is refused with the state when the drill does not run', async () => {
    const { drill: planned } = await watched.call(scheduleDrill, {
      scenarioId: SCENARIO_ID,
      dueAt: minute(999).toISOString(),
    });
    const completed = await running();
    await watched.call(completeDrill, { drillId: completed, outcome: 'partial' });
    const cancelled = await running();
    await watched.call(cancelDrill, { drillId: cancelled, reason: 'why' });
    const states: unknown[] = [];
    for (const drillId of [planned.id, completed, cancelled]) {
      const { code, details } = await watched.refused(recordEvent, { drillId, type: 'observation' });
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
    await expectBadInputIsNamed(watched, recordEvent, { drillId, type: 'decision' }, [
      ...NEVER,
      ['no drill', { drillId: undefined }, 'drillId'],
      ['a drill that is a list', { drillId: [drillId] }, 'drillId'],
      ['no type', { type: undefined }, 'type'],
      ['the type that only a completion writes', { type: 'completed' }, 'type'],
      ['a start that corrects nothing', { type: 'started' }, 'type'],
      ['a time that is not one', { at: 'yesterday' }, 'at'],
      ['a time to come', { at: minute(182).toISOString() }, 'at'],
      ['an empty note', { note: ' ' }, 'note'],
      ['a note of 4001 characters', { note: 'x'.repeat(4001) }, 'note'],
      ['a note with a null character', { note: 'a\u0000b' }, 'note'],
      ['nobody who saw it', { seenBy: '' }, 'seenBy'],
      ['an event id of another kind', { supersedes: drillId }, 'supersedes'],
    ]);
    expect(await watched.refused(recordEvent, { drillId: 'drl_nosuch', type: 'decision' })).toMatchObject({
      code: 'NOT_FOUND',
      details: { reason: 'UNKNOWN_DRILL', fields: [{ field: 'drillId' }] },
    });
  });

  test('is done once for one requestId', async () => {
    const drillId = await running();
    await expectRequestIdsAreKept(watched, recordEvent, {
      one: { drillId, type: 'observation', note: 'a' },
      other: { drillId, type: 'observation', note: 'b' },
      forAnotherUser: { drillId, type: 'observation', note: 'a' },
    });
  });
});

describe('correcting an event', () => {
  test('counts the new time, and keeps both as they were recorded', async () => {
    const drillId = await running();
    const wrong = await watched.call(recordEvent, {
      drillId,
      type: 'detected',
      at: minute(50).toISOString(),
      note: 'n',
    });
    const right = await watched.call(recordEvent, {
      drillId,
      type: 'detected',
      at: minute(5).toISOString(),
      supersedes: wrong.event.id,
    });
    expect(right.drill.milestones.detected).toBe(minute(5).toISOString());
    expect(watched.entry()).toMatchObject({
      action: 'drills.event_corrected',
      metadata: { supersedes: wrong.event.id, previousAt: minute(50).toISOString(), at: minute(5).toISOString() },
    });

    const { events } = await watched.call(getDrill, { drillId }, as('auditor'));
    expect(events.filter(({ type }) => type === 'detected')).toEqual([
      right.event,
      { ...wrong.event, supersededBy: right.event.id },
    ]);
  });

  test('of a wrong start moves the start', async () => {
    const drillId = await running();
    const { events } = await watched.call(getDrill, { drillId });
    const { drill } = await watched.call(recordEvent, {
      drillId,
      type: 'started',
      at: minute(-10).toISOString(),
      supersedes: events[0]?.id,
    });
    expect(drill.startedAt).toBe(minute(-10).toISOString());
  });

  test('of a completed drill changes its figures, and the entry tells both', async () => {
    const drillId = await running();
    await watched.call(recordEvent, { drillId, type: 'detected', at: minute(5).toISOString() });
    const { event } = await watched.call(recordEvent, { drillId, type: 'resolved', at: minute(65).toISOString() });
    await watched.call(completeDrill, { drillId, outcome: 'success' });
    const { drill } = await watched.call(recordEvent, {
      drillId,
      type: 'resolved',
      at: minute(35).toISOString(),
      supersedes: event.id,
    });
    expect(drill.figures?.ttr.valueMs).toBe(30 * 60_000);
    expect(watched.entry().metadata).toMatchObject({
      previousFigures: { ttr: { valueMs: 60 * 60_000 } },
      figures: { ttr: { valueMs: 30 * 60_000 } },
    });
  });

  test('of another type, of one that was corrected, or of none is refused by the field', async () => {
    const drillId = await running();
    const { event: first } = await watched.call(recordEvent, { drillId, type: 'detected' });
    const { event: second } = await watched.call(recordEvent, { drillId, type: 'detected', supersedes: first.id });
    expect(await watched.refused(recordEvent, { drillId, type: 'contained', supersedes: second.id })).toMatchObject({
      code: 'CONFLICT',
      details: { reason: 'WRONG_STATE', fields: [{ field: 'type' }] },
    });
    expect(await watched.refused(recordEvent, { drillId, type: 'detected', supersedes: first.id })).toMatchObject({
      code: 'CONFLICT',
      details: {
        reason: 'ALREADY_RECORDED',
        fields: [{ field: 'supersedes' }],
        next: expect.stringContaining(second.id),
      },
    });
    expect(await watched.refused(recordEvent, { drillId, type: 'detected', supersedes: 'evt_nosuch' })).toMatchObject({
      code: 'NOT_FOUND',
      details: { reason: 'UNKNOWN_EVENT', fields: [{ field: 'supersedes' }] },
    });
  });

  test('that would turn the order around is refused', async () => {
    const drillId = await running();
    const { event } = await watched.call(recordEvent, { drillId, type: 'detected', at: minute(5).toISOString() });
    await watched.call(recordEvent, { drillId, type: 'contained', at: minute(20).toISOString() });
    const correction = { drillId, type: 'detected', at: minute(21).toISOString(), supersedes: event.id };
    expect(await watched.refused(recordEvent, correction)).toMatchObject({
      code: 'CONFLICT',
      details: { reason: 'WRONG_ORDER', state: 'in_progress' },
    });
  });
});

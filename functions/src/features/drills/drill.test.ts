import type { DrillStatus, Milestone } from '@muster/contract/drills';
import {
  cancelDrill,
  completeDrill,
  flagOverdue,
  planDrill,
  recordEvent,
  recordHeldOutside,
  startDrill,
} from './drill';
import type { Completion } from './drill';
import type { Drill } from './drill-document';

const NOW = new Date('2026-03-31T09:00:00.000Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const at = (minutes: number) => new Date(NOW.getTime() + minutes * MINUTE);

const PLAN = {
  scenarioId: 'token-compromise',
  scenario: undefined,
  severity: undefined,
  environment: undefined,
  participants: undefined,
  roles: undefined,
  dueAt: at(60),
};
const planned = planDrill(PLAN, 'uid-staff', NOW);
const start = (drill: Drill, startedAt = NOW) =>
  startDrill(drill, { startedAt, eventId: 'evt_start', maxDrillMs: 24 * HOUR, now: NOW });
const running = start(planned);
const COMPLETION: Completion = {
  outcome: 'success',
  endedAt: at(500),
  notes: undefined,
  unresolvedRisks: undefined,
  reportedTtrMs: undefined,
  attendance: undefined,
  checks: undefined,
};
const completed = completeDrill(running, COMPLETION, at(500));
const cancelled = cancelDrill(running, 'no time', at(5));

/** Records an event as one that happened `minutes` after the start, and is told of much later. */
const after = (drill: Drill, type: Milestone | 'started' | 'safety_breach', minutes: number, supersedes?: string) =>
  recordEvent(drill, {
    id: `evt_${type}${minutes}`,
    type,
    at: at(minutes),
    supersedes: supersedes ?? null,
    now: at(500),
  });

const refusal = (attempt: () => unknown): unknown => {
  try {
    attempt();
  } catch (error) {
    return error;
  }
  throw new Error('was not refused');
};

const STATES: Record<DrillStatus, Drill> = { scheduled: planned, in_progress: running, completed, cancelled };

describe('the state machine', () => {
  const STEPS: Record<string, { take: (drill: Drill) => Drill; from: DrillStatus[]; to: DrillStatus | 'same' }> = {
    start: { take: (drill) => start(drill), from: ['scheduled'], to: 'in_progress' },
    complete: { take: (drill) => completeDrill(drill, COMPLETION, at(500)), from: ['in_progress'], to: 'completed' },
    cancel: { take: (drill) => cancelDrill(drill, 'why', at(1)), from: ['scheduled', 'in_progress'], to: 'cancelled' },
    'add an event': { take: (drill) => after(drill, 'detected', 1), from: ['in_progress'], to: 'same' },
    'correct an event': {
      take: (drill) => after(drill, 'started', 0, 'evt_start'),
      from: ['in_progress', 'completed'],
      to: 'same',
    },
  };
  const table = Object.entries(STEPS).flatMap(([name, { take, from, to }]) =>
    Object.values(STATES).map((drill) => ({ name, take, to, drill, status: drill.status, allowed: from })),
  );

  test.each(table.filter(({ allowed, status }) => allowed.includes(status)))(
    'lets a $status drill $name',
    ({ take, drill, to }) => {
      expect(take(drill).status).toBe(to === 'same' ? drill.status : to);
    },
  );

  test.each(table.filter(({ allowed, status }) => !allowed.includes(status)))(
    'refuses to let a $status drill $name, and tells the state',
    ({ take, drill, status }) => {
      expect(refusal(() => take(drill))).toMatchObject({
        code: 'CONFLICT',
        message: expect.stringContaining(status),
        details: { reason: 'WRONG_STATE', state: status, next: expect.any(String) },
      });
    },
  );
});

describe('a plan', () => {
  test('takes severity, title and kind from its scenario unless it says otherwise', () => {
    const scenario = { title: 'Token compromise', kind: 'game_day', severity: 'P0' } as never;
    expect(planDrill({ ...PLAN, scenario }, 'uid', NOW)).toMatchObject({
      title: 'Token compromise',
      kind: 'game_day',
      severity: 'P0',
      environment: 'staging',
    });
    expect(planDrill({ ...PLAN, scenario, severity: 'P3' }, 'uid', NOW).severity).toBe('P3');
    expect(planned).toMatchObject({ severity: 'P2', title: 'token-compromise' });
  });

  test('counts whoever has a role among the participants, once', () => {
    const roles = { securityLead: 'a', technicalLead: 'b' };
    expect(planDrill({ ...PLAN, participants: ['b', 'c'], roles }, 'uid', NOW).participants).toEqual(['b', 'c', 'a']);
  });
});

describe('overdue', () => {
  test('a planned drill becomes at its due time, a running one after the longest duration', () => {
    expect(planned.overdueAt).toEqual(at(60));
    expect(running.overdueAt).toEqual(at(24 * 60));
  });

  test('a running drill becomes by its corrected start, not by the wrong one', () => {
    expect(start(planned, at(-30)).overdueAt).toEqual(at(24 * 60 - 30));
    expect(after(running, 'started', -90, 'evt_start').overdueAt).toEqual(at(24 * 60 - 90));
  });

  test('is a flag beside the status, set once and gone when the drill starts or is over', () => {
    const flagged = flagOverdue(planned);
    expect(flagged).toMatchObject({ status: 'scheduled', overdue: true, overdueAt: null });
    expect(start(flagged)).toMatchObject({ overdue: false, overdueAt: at(24 * 60) });
    expect(cancelDrill(flagged, null, NOW)).toMatchObject({ overdue: false, overdueAt: null });
    expect(completeDrill(flagOverdue(running), COMPLETION, at(500))).toMatchObject({ overdue: false, overdueAt: null });
  });
});

describe('the order of events', () => {
  test.each<[Milestone, number, Milestone, number]>([
    ['detected', 10, 'acknowledged', 9],
    ['detected', 10, 'contained', 9],
    ['detected', 10, 'resolved', 9],
    ['contained', 20, 'resolved', 19],
    ['acknowledged', 9, 'detected', 10],
    ['resolved', 19, 'contained', 20],
  ])('refuses, after %s at minute %i, %s at minute %i', (first, firstAt, second, secondAt) => {
    const drill = after(running, first, firstAt);
    expect(refusal(() => after(drill, second, secondAt))).toMatchObject({
      code: 'CONFLICT',
      details: { reason: 'WRONG_ORDER' },
    });
  });

  test('refuses a detection before the start, and a corrected start after the detection', () => {
    expect(refusal(() => after(running, 'detected', -1))).toMatchObject({ details: { reason: 'WRONG_ORDER' } });
    const detected = after(running, 'detected', 3);
    expect(refusal(() => after(detected, 'started', 4, 'evt_start'))).toMatchObject({
      details: { reason: 'WRONG_ORDER' },
    });
  });

  test('allows two things at the same moment, and an acknowledgment after the containment', () => {
    const drill = after(after(after(running, 'detected', 0), 'contained', 5), 'acknowledged', 8);
    expect(drill.milestones.acknowledged?.at).toEqual(at(8));
  });

  test('refuses what has not happened yet, but forgives a minute of a clock that runs ahead', () => {
    const record = (ms: number) => () =>
      recordEvent(running, {
        id: 'evt_x',
        type: 'detected',
        at: new Date(NOW.getTime() + ms),
        supersedes: null,
        now: NOW,
      });
    expect(record(MINUTE)).not.toThrow();
    expect(refusal(record(MINUTE + 1))).toMatchObject({
      code: 'INVALID_ARGUMENT',
      details: { fields: [{ field: 'at' }] },
    });
    expect(
      refusal(() => startDrill(planned, { startedAt: at(2), eventId: 'e', maxDrillMs: 1, now: NOW })),
    ).toMatchObject({ details: { fields: [{ field: 'startedAt' }] } });
  });
});

describe('a correction', () => {
  const detected = after(running, 'detected', 10);

  test('replaces the time that counts', () => {
    const drill = after(detected, 'detected', 7, 'evt_detected10');
    expect(drill.milestones.detected).toEqual({ at: at(7), eventId: 'evt_detected7' });
  });

  test('must name the event that counts: a second one without it is refused with its id', () => {
    expect(refusal(() => after(detected, 'detected', 12))).toMatchObject({
      details: { reason: 'ALREADY_RECORDED', next: expect.stringContaining('evt_detected10') },
    });
    expect(refusal(() => after(detected, 'detected', 12, 'evt_other'))).toMatchObject({
      details: { reason: 'ALREADY_RECORDED' },
    });
  });

  test('of a completed drill cannot put anything behind its end', () => {
    const ended = completeDrill(after(running, 'detected', 5), COMPLETION, at(500));
    expect(() => after(ended, 'detected', 501, ended.milestones.detected?.eventId)).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ reason: 'WRONG_ORDER' }) }),
    );
  });

  test('of a completed drill changes its figures', () => {
    const done = completeDrill(after(detected, 'resolved', 20), COMPLETION, at(500));
    expect(done.figures?.ttr.valueMs).toBe(10 * MINUTE);
    const corrected = after(done, 'resolved', 25, 'evt_resolved20');
    expect(corrected.figures?.ttr.valueMs).toBe(15 * MINUTE);
    expect(corrected.status).toBe('completed');
  });

  test('of a safety breach is not another breach', () => {
    const breached = after(running, 'safety_breach', 3);
    expect(after(breached, 'safety_breach', 4, 'evt_safety_breach3').safetyBreaches).toBe(1);
    expect(after(breached, 'safety_breach', 5).safetyBreaches).toBe(2);
  });

  test('leaves the drill that it was given as it was', () => {
    after(detected, 'detected', 7, 'evt_detected10');
    expect(detected.milestones.detected?.at).toEqual(at(10));
  });
});

describe('a completion', () => {
  test('refuses an end before what was recorded', () => {
    const drill = after(running, 'contained', 30);
    expect(refusal(() => completeDrill(drill, { ...COMPLETION, endedAt: at(29) }, at(500)))).toMatchObject({
      code: 'INVALID_ARGUMENT',
      details: { fields: [{ field: 'endedAt', problem: expect.stringContaining(at(30).toISOString()) }] },
    });
    expect(completeDrill(drill, { ...COMPLETION, endedAt: at(30) }, at(500)).endedAt).toEqual(at(30));
  });

  test('of a drill held outside claims no start', () => {
    const drill = recordHeldOutside(planned, { ...COMPLETION, reportedTtrMs: 5 * MINUTE }, at(500));
    expect(drill).toMatchObject({ status: 'completed', startedAt: null, at: at(500) });
    expect(drill.figures).toMatchObject({ ttd: { valueMs: null }, ttr: { valueMs: 5 * MINUTE, source: 'reported' } });
  });
});

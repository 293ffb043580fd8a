/** The schedule is fired as Cloud Scheduler fires it, with the time that it was scheduled for. */
import { randomInt } from 'node:crypto';
import { HOUR } from '../harness';
import { runningSuite, type RunningSuite, type SuitePerson } from '../running-suite';

/** An hour of its own between 2001 and 2015: runs of the schedule then find the drills of this test, and no others. */
const T = new Date(Date.UTC(2001, 0, 1) + randomInt(14 * 365 * 24) * HOUR);
const at = (hours: number) => new Date(T.getTime() + hours * HOUR);
const iso = (hours: number) => at(hours).toISOString();

let suite: RunningSuite;
let staff: SuitePerson;
beforeAll(async () => {
  suite = await runningSuite();
  staff = await suite.person('staff');
});
afterAll(() => suite.close());

const planned = async (dueAt: string): Promise<string> =>
  (await suite.call('drills-schedule', { scenarioId: suite.scenarioId, dueAt }, staff)).drill.id;
const running = async (startedAt: string): Promise<string> =>
  (await suite.call('drills-start', { scenarioId: suite.scenarioId, startedAt }, staff)).drill.id;
const fire = async (hours: number) => expect(await suite.fire('drills-flagOverdue', at(hours))).toBe(200);

/** Whether a drill is flagged, and how many entries say so. */
const flags = async (drillId: string): Promise<[boolean, number]> => {
  const { drill } = await suite.call('drills-get', { drillId }, staff);
  const entries = await suite.entries({ target: `drills/${drillId}`, actionPrefix: 'drills.overdue_' });
  return [drill.overdue, entries.length];
};
/** One after the other: calls in flight together each start a process of the emulator. */
const flagsOf = async (drillIds: string[]): Promise<[boolean, number][]> => {
  const all: [boolean, number][] = [];
  for (const drillId of drillIds) all.push(await flags(drillId));
  return all;
};
const found = async (hours: number) =>
  (await suite.entries({ correlationId: `drills_flag_overdue@${iso(hours)}`, actionPrefix: 'jobs.' })).map(
    ({ metadata }) => metadata,
  );

test('drills are flagged once each: the planned past their due time, the running past 24 hours', async () => {
  const [due, laterDue] = [await planned(iso(0)), await planned(iso(2))];
  const [long, shorter] = [await running(iso(-23.9)), await running(iso(-22))];

  await fire(-1);
  expect(await found(-1)).toEqual([{ scheduledFor: iso(-1), found: 0, flagged: 0, malformed: 0 }]);
  expect(await flags(due)).toEqual([false, 0]);

  await fire(0.25);
  expect(await flagsOf([due, laterDue, long, shorter])).toEqual([
    [true, 1],
    [false, 0],
    [true, 1],
    [false, 0],
  ]);
  expect(await found(0.25)).toEqual([{ scheduledFor: iso(0.25), found: 2, flagged: 2, malformed: 0 }]);
  const [flag] = await suite.entries({ target: `drills/${due}`, actionPrefix: 'drills.overdue_flagged' });
  expect(flag).toMatchObject({ at: iso(0.25), actorType: 'system', exercise: true });

  // Twice, and late.
  await fire(0.25);
  await fire(0);
  expect(await flagsOf([due, long])).toEqual([
    [true, 1],
    [true, 1],
  ]);
  expect(await found(0.25)).toHaveLength(1);

  // Eight at once.
  await Promise.all(Array.from({ length: 8 }, () => fire(2.25)));
  expect(await flagsOf([due, laterDue, long, shorter])).toEqual([
    [true, 1],
    [true, 1],
    [true, 1],
    [true, 1],
  ]);
  expect(await found(2.25)).toHaveLength(1);
});

test('a drill that was started, completed or cancelled in time is not flagged', async () => {
  const ids = [await planned(iso(100)), await planned(iso(100)), await planned(iso(100))];
  const [started, completed, cancelled] = ids as [string, string, string];
  await suite.call('drills-start', { drillId: started, startedAt: iso(99) }, staff);
  await suite.call('drills-start', { drillId: completed, startedAt: iso(99) }, staff);
  await suite.call('drills-complete', { drillId: completed, outcome: 'success' }, staff);
  await suite.call('drills-cancel', { drillId: cancelled, reason: 'no time' }, staff);

  await fire(101);
  expect(await flagsOf(ids)).toEqual([
    [false, 0],
    [false, 0],
    [false, 0],
  ]);
  expect(await found(101)).toMatchObject([{ found: 0, flagged: 0 }]);

  await fire(99 + 24);
  expect(await flags(started)).toEqual([true, 1]);
});

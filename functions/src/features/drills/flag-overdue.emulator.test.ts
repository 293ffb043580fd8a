import type { DocumentData, WriteBatch } from '@google-cloud/firestore';
import { HOUR, newBackend, SCENARIO_ID, START, type Backend } from '../../../test/harness';
import { expectWithin } from '../../../test/watched-backend';
import { runJob } from '../../platform/operations/job';
import { completeDrill, flagOverdue, getDrill, scheduleDrill, startDrill } from '.';

let backend: Backend;
let commits = Number.POSITIVE_INFINITY;
beforeEach(async () => {
  commits = Number.POSITIVE_INFINITY;
  backend = await newBackend({
    async fetch(input, init) {
      commits -= 1;
      if (commits < 0) throw new Error('the process was killed');
      return fetch(input, init);
    },
  });
});
afterEach(() => backend.close());

const at = (hours: number) => new Date(START.getTime() + hours * HOUR);

/** Stores planned drills as copies of one that an operation planned: `overdue` of them due an hour ago, the rest tomorrow. */
const givenDrills = async (overdue: number, others: number): Promise<void> => {
  const { drill } = await backend.run(scheduleDrill, { scenarioId: SCENARIO_ID, dueAt: at(24).toISOString() });
  const template = (await backend.firestore.doc(`muster_drills/${drill.id}`).get()).data() as DocumentData;
  const batch: WriteBatch = backend.firestore.batch();
  for (let index = 0; index < overdue + others - 1; index += 1) {
    const dueAt = index < overdue ? new Date(at(-1).getTime() + index) : at(24);
    batch.set(backend.firestore.doc(`muster_drills/drl_copy${index}`), {
      ...template,
      dueAt,
      overdueAt: dueAt,
      at: dueAt,
    });
  }
  await batch.commit();
};

const entriesOf = async (action: string) =>
  (await backend.auditEntries()).filter((entry) => entry['action'] === action);
const flagged = async () =>
  (await backend.firestore.collection('muster_drills').where('overdue', '==', true).get()).size;
const expectOneEntryForEach = async (count: number): Promise<void> => {
  const entries = await entriesOf('drills.overdue_flagged');
  expect([await flagged(), entries.length, new Set(entries.map(({ target }) => target)).size]).toEqual([
    count,
    count,
    count,
  ]);
};
const found = async () => (await entriesOf('jobs.drills_flag_overdue.ran')).map(({ metadata }) => metadata);

test.each(['verify', 'transaction'] as const)(
  'a drill that is completed between the query and the commit of a run stays completed (%s)',
  async (protocol) => {
    let completes: (() => Promise<unknown>) | undefined;
    const raced = await newBackend({
      protocol,
      around: (inner) => ({
        source: {
          fetch: (paths) => inner.source.fetch(paths),
          count: (query) => inner.source.count(query),
          async query(query) {
            const page = await inner.source.query(query);
            await completes?.();
            completes = undefined;
            return page;
          },
        },
        within: (use) => inner.within(use),
      }),
    });
    const { drill } = await raced.run(startDrill, { scenarioId: SCENARIO_ID });
    raced.clock.now = at(30);
    completes = () => raced.run(completeDrill, { drillId: drill.id, outcome: 'success' });
    await runJob(raced.deps, flagOverdue, at(30));
    const stored = (await raced.firestore.doc(`muster_drills/${drill.id}`).get()).data();
    expect(stored).toMatchObject({ status: 'completed', outcome: 'success', overdue: false });
    await raced.close();
  },
);

describe('a run', () => {
  test.each([0, 1, 49, 50, 51, 120])(
    'reads no more than the %i newly overdue drills plus three, among 300 that are not',
    async (overdue) => {
      await givenDrills(overdue, 300);
      await runJob(backend.deps, flagOverdue, START);
      const { spent } = backend.costs.at(-1)!;
      expect(spent.reads).toBeLessThanOrEqual(overdue + 3);
      expectWithin(flagOverdue.cost, spent, overdue, false);
      expect(await found()).toEqual([
        { scheduledFor: START.toISOString(), found: overdue, flagged: overdue, malformed: 0 },
      ]);
      await expectOneEntryForEach(overdue);
    },
  );

  test('marks the entry of a flag as part of an exercise, and says since when and in which state', async () => {
    await givenDrills(1, 1);
    await runJob(backend.deps, flagOverdue, START);
    expect(await entriesOf('drills.overdue_flagged')).toMatchObject([
      {
        target: 'drills/drl_copy0',
        exercise: true,
        actorType: 'system',
        actorId: 'schedule',
        metadata: { scenarioId: SCENARIO_ID, state: 'scheduled', overdueSince: at(-1).toISOString() },
      },
    ]);
    expect(await entriesOf('jobs.drills_flag_overdue.ran')).toMatchObject([{ exercise: false, outcome: 'success' }]);
  });

  test('for a time at which nothing was due yet flags nothing', async () => {
    await givenDrills(3, 1);
    await runJob(backend.deps, flagOverdue, at(-2));
    await expectOneEntryForEach(0);
  });

  test.each([1, 60])('is not stopped by %i damaged drills, and counts and logs each once', async (damaged) => {
    await givenDrills(70, 1);
    for (let index = 0; index < damaged; index += 1) {
      await backend.firestore.doc(`muster_drills/drl_copy${index}`).update({ severity: 'P9' });
    }
    await runJob(backend.deps, flagOverdue, START);
    await expectOneEntryForEach(70 - damaged);
    expect(await found()).toMatchObject([{ found: 70, flagged: 70 - damaged, malformed: damaged }]);
    expect(await entriesOf('jobs.drills_flag_overdue.ran')).toMatchObject([{ outcome: 'failed' }]);
    expect(backend.logged.filter((line) => line.includes('drl_copy0"'))).toHaveLength(1);
    expect(backend.costs.at(-1)!.spent.reads).toBeLessThanOrEqual(70 + 3);
  });
});

describe('again is the same as once', () => {
  test('for a second run of the same time, a later time, and eight at once', async () => {
    await givenDrills(20, 5);
    await Promise.all(Array.from({ length: 8 }, () => runJob(backend.deps, flagOverdue, START)));
    await expectOneEntryForEach(20);
    await runJob(backend.deps, flagOverdue, START);
    expect(await found()).toHaveLength(1);
    await runJob(backend.deps, flagOverdue, at(0.25));
    await expectOneEntryForEach(20);
    expect(await found()).toHaveLength(2);
  });

  test.each([0, 1, 7, 60, 120])('for a run that was killed after %i commits and is tried again', async (count) => {
    await givenDrills(120, 5);
    commits = count;
    await expect(runJob(backend.deps, flagOverdue, START)).rejects.toThrow('did not answer');
    expect(await flagged()).toBe(count);
    expect(await found()).toEqual([]);

    commits = Number.POSITIVE_INFINITY;
    await runJob(backend.deps, flagOverdue, START);
    await expectOneEntryForEach(120);
    expect(await found()).toHaveLength(1);
  });

  test('leaves a drill that was flagged readable as overdue', async () => {
    await givenDrills(1, 1);
    await runJob(backend.deps, flagOverdue, START);
    expect((await backend.run(getDrill, { drillId: 'drl_copy0' })).drill).toMatchObject({
      overdue: true,
      status: 'scheduled',
    });
  });
});

/** Races are forced: every commit waits at a gate until all that take part have decided. */
import { withoutMark } from '../../../test/request-ids';
import { CommitGate } from '../../../test/commit-gate';
import { logicalName } from '@muster/core/storage/paths';
import { as, newBackend, SCENARIO_ID, type Backend } from '../../../test/harness';
import { completeDrill, getDrill, listDrills, recordDrillStatus, recordEvent, scheduleDrill, startDrill } from '.';

let backend: Backend;
let gate: CommitGate;
beforeEach(async () => {
  gate = new CommitGate();
  backend = await newBackend({ fetch: gate.fetch });
});
afterEach(() => backend.close());

const started = async (): Promise<string> => (await backend.run(startDrill, { scenarioId: SCENARIO_ID })).drill.id;

/** The outcomes of calls that meet at the gate, refusals as reason and state. */
const together = async (calls: (() => Promise<unknown>)[]): Promise<{ won: unknown[]; told: unknown[] }> => {
  gate.holdUntil(calls.length);
  const settled = await Promise.allSettled(calls.map(async (call) => call()));
  return {
    won: settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])),
    told: settled.flatMap((one) => {
      if (one.status === 'fulfilled') return [];
      const { code, details } = one.reason as { code: string; details: { reason: string; state?: string } };
      return [`${code} ${details.reason} ${details.state ?? ''}`.trim()];
    }),
  };
};

const entriesOf = async (path: string, metadata: object = {}) =>
  (await backend.auditEntries()).filter(
    (entry) =>
      entry['target'] === path &&
      Object.entries(metadata).every(([name, value]) => (entry['metadata'] as Record<string, unknown>)[name] === value),
  );

test('of two who start the same drill one wins and the other is told that it runs', async () => {
  const { drill } = await backend.run(scheduleDrill, { scenarioId: SCENARIO_ID, dueAt: '2026-05-01T00:00:00Z' });
  const { won, told } = await together(
    ['uid-a', 'uid-b'].map((uid) => () => backend.run(startDrill, { drillId: drill.id }, as('staff', uid))),
  );
  expect(won).toHaveLength(1);
  expect(told).toEqual(['CONFLICT WRONG_STATE in_progress']);
  expect(await entriesOf(`drills/${drill.id}`, { status: 'started' })).toHaveLength(1);
  expect((await backend.run(getDrill, { drillId: drill.id })).events).toHaveLength(1);
});

test('of two who complete the same drill one wins, and its outcome stays', async () => {
  const drillId = await started();
  const { won, told } = await together(
    (['success', 'failed'] as const).map((outcome) => () => backend.run(completeDrill, { drillId, outcome })),
  );
  expect(told).toEqual(['CONFLICT WRONG_STATE completed']);
  const { drill, events } = await backend.run(getDrill, { drillId });
  expect(won).toEqual([{ drill }]);
  expect(events.filter(({ type }) => type === 'completed')).toHaveLength(1);
  expect(await entriesOf(`drills/${drillId}`, { status: 'completed' })).toHaveLength(1);
});

test.each([1, 2, 3, 4, 5])('an event does not slip in behind a completion (round %i)', async () => {
  const drillId = await started();
  await together([
    () => backend.run(completeDrill, { drillId, outcome: 'success' }),
    () => backend.run(recordEvent, { drillId, type: 'detected' }),
  ]);
  const { drill, events } = await backend.run(getDrill, { drillId });
  const detected = events.some(({ type }) => type === 'detected');
  expect(drill.status).toBe('completed');
  expect(drill.figures?.ttd.result).toBe(detected ? 'met' : 'not_measured');
  expect(drill.milestones.detected !== null).toBe(detected);
  expect(await entriesOf(`drills/${drillId}`)).toHaveLength(detected ? 3 : 2);
});

test('of two corrections of the same event one counts, and the other is told what does', async () => {
  const drillId = await started();
  const { event } = await backend.run(recordEvent, { drillId, type: 'detected' });
  const { won, told } = await together(
    ['a', 'b'].map((note) => () => backend.run(recordEvent, { drillId, type: 'detected', note, supersedes: event.id })),
  );
  expect(won).toHaveLength(1);
  expect(told).toEqual(['CONFLICT ALREADY_RECORDED']);
  const { events } = await backend.run(getDrill, { drillId });
  expect(events.filter(({ type, supersededBy }) => type === 'detected' && supersededBy === null)).toHaveLength(1);
});

test('of two clients that post "completed" for one running drill one wins, and no second drill appears', async () => {
  await started();
  const { won, told } = await together(
    ['one', 'two'].map((notes) => () => backend.run(recordDrillStatus, { ...COMPLETED, notes })),
  );
  expect(won).toHaveLength(1);
  expect(told).toEqual(['CONFLICT WRONG_STATE completed']);
  expect((await backend.run(listDrills, {})).drills).toHaveLength(1);
});

test('of two clients that post "started" for one planned drill one wins, and no second drill appears', async () => {
  await backend.run(scheduleDrill, { scenarioId: SCENARIO_ID, dueAt: '2026-05-01T00:00:00Z' });
  const { won, told } = await together(
    ['one', 'two'].map(
      (notes) => () => backend.run(recordDrillStatus, { scenarioId: SCENARIO_ID, status: 'started', notes }),
    ),
  );
  expect(won).toHaveLength(1);
  expect(told).toEqual(['CONFLICT WRONG_STATE in_progress']);
  expect((await backend.run(listDrills, {})).drills).toHaveLength(1);
});

test('the same requestId 50 times at once is one change and 50 equal answers', async () => {
  const request = { scenarioId: SCENARIO_ID, requestId: 'fifty' };
  const { won, told } = await together(Array.from({ length: 50 }, () => () => backend.run(startDrill, request)));
  expect(told).toEqual([]);
  expect(won).toHaveLength(50);
  for (const answer of won) expect(withoutMark(answer)).toEqual(withoutMark(won[0]));
  expect(won.filter((answer) => !('repeated' in (answer as object)))).toHaveLength(1);
  expect((await backend.run(listDrills, {})).drills).toHaveLength(1);
  expect(await backend.auditEntries()).toHaveLength(1);
});

test('200 drills recorded at once are 200 drills with one entry each', async () => {
  const answers = await Promise.all(
    Array.from({ length: 200 }, (_, index) =>
      backend.run(recordDrillStatus, { ...COMPLETED, notes: `drill ${index}` }),
    ),
  );
  const stored = (await backend.firestore.collection('muster_drills').get()).docs;
  expect(new Set(answers.map(({ drill }) => drill.id)).size).toBe(200);
  expect(new Set(stored.map(({ id }) => id))).toEqual(new Set(answers.map(({ drill }) => drill.id)));
  expect(new Set(stored.map((drill) => drill.get('notes') as string)).size).toBe(200);
  const entries = await backend.auditEntries();
  expect(entries).toHaveLength(200);
  expect(new Set(entries.map(({ target }) => target))).toEqual(new Set(stored.map(({ ref }) => logicalName(ref.path))));
});

const COMPLETED = { scenarioId: SCENARIO_ID, status: 'completed', outcome: 'success' } as const;

import { auditLine } from './entry-line';
import { auditPage } from './query-page';
import { entryAppended, queriesPage, queryDeleted, querySaved } from './pages';
import { statsPage } from './stats-page';
import { PLAIN } from '../output/ink';

const page = { ink: PLAIN, width: 110, now: new Date('2026-03-31T10:30:00.000Z') };
const asked = { from: '2026-03-28T00:00:00Z', to: '2026-03-31T00:00:00Z', bucket: 'day' };
const buckets = ['2026-03-28T00:00:00.000Z', '2026-03-29T00:00:00.000Z', '2026-03-30T00:00:00.000Z'];
const all = { action: null, actor: null, counts: [0, 80, 1], total: 81, capped: false };
const drills = { action: 'drills.', actor: 'uid-ada', counts: [4, 2, 0], total: 6, capped: false };

test('several rows are a line each, with bars scaled to their own most; none is a point, and little is seen', () => {
  expect(statsPage(asked)({ buckets, rows: [all, drills] }, page).split('\n')).toEqual([
    'From 2026-03-28 00:00 to 2026-03-31 00:00 UTC.',
    '',
    '                     entries  each day, scaled to the most of its row',
    'all entries          81       ·█▁',
    'drills.… by uid-ada  6        █▄·',
  ]);
});

test('one row is told bucket by bucket', () => {
  expect(statsPage(asked)({ buckets, rows: [all] }, page).split('\n')).toEqual([
    'From 2026-03-28 00:00 to 2026-03-31 00:00 UTC, each day: all entries, 81 in all.',
    '',
    'from (UTC)        entries',
    '2026-03-28 00:00  0',
    `2026-03-29 00:00  80       ${'█'.repeat(40)}`,
    '2026-03-30 00:00  1        █',
  ]);
});

test('no line is wider than the page: several buckets make a bar, and the heading says how many', () => {
  const many = Array.from({ length: 100 }, (_, index) => new Date(index * 3_600_000).toISOString());
  const row = { ...drills, counts: many.map(() => 1), total: 100 };
  const lines = statsPage({ ...asked, bucket: 'hour' })({ buckets: many, rows: [row, row] }, page).split('\n');
  expect(lines.join('\n')).toContain('each 2 hours');
  expect(lines.at(-1)).toMatch(/ 100 {6}█{50}$/u);
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(110);
});

test('a count that was cut says so', () => {
  const row = { ...all, counts: [100_000], total: 100_000, capped: true };
  expect(statsPage(asked)({ buckets: buckets.slice(0, 1), rows: [row] }, page)).toContain('at least 100000 in all');
});

const saved = {
  id: 'qry_abcd1234',
  name: "Ada's",
  query: { actorId: 'uid-ada', text: 'é b', outcome: 'refused' as const },
  savedBy: 'uid-bob',
  savedAt: '2026-03-31T10:00:00.000Z',
};

test('a query is shown as it is typed, and can be copied', () => {
  expect(querySaved({ changed: true, saved }, page)).toBe(
    `Kept Ada's (qry_abcd1234): --actor uid-ada --text 'é b' --outcome refused\nAsk it: muster audit --saved 'Ada'\\''s'`,
  );
  expect(querySaved({ changed: false, saved }, page)).toContain('Nothing was changed');
  expect(queriesPage({ queries: [saved] }, page).split('\n')).toEqual([
    'name   id            saved (UTC)  by',
    "Ada's  qry_abcd1234  2026-03-31   uid-bob",
    "  --actor uid-ada --text 'é b' --outcome refused",
  ]);
  expect(queriesPage({ queries: [] }, page)).toContain('None is kept');
  expect(queryDeleted({ deleted: false }, page)).toContain('Nothing was changed');
  expect(entryAppended({ entryId: 'aud_abcd1234', at: saved.savedAt }, page)).toContain('aud_abcd1234');
});

const entry = {
  ...{ id: 'aud_one1', at: '2026-03-31T09:00:00.000Z', actorType: 'staff' as const, actorId: 'uid-ada' },
  ...{ action: 'drills.one', rationale: `Because\nof ${'much '.repeat(40)}`, target: 'drills/drl_one1' },
  ...{ outcome: 'failed' as const, severity: 'P1' as const, drillId: 'drl_one1', incidentId: null },
  ...{
    correlationId: 'c',
    callerRequestId: null,
    ip: null,
    sessionId: null,
    exercise: true,
    metadata: {},
    leafIndex: null,
  },
};

test('an entry is one line, as wide as the terminal at the most, and whole where there is none', () => {
  const line = auditLine(entry, PLAIN, 100);
  expect(line).toMatch(
    /^2026-03-31 09:00:00 {2}drills\.one {2}drills\/drl_one1 {2}failed, P1, exercise {2}staff uid.*…$/u,
  );
  expect(line).toHaveLength(100);
  const whole = auditLine(entry, PLAIN, undefined);
  expect(whole).not.toMatch(/\n|…/u);
  expect(whole.length).toBeGreaterThan(200);
});

test('a page says which entries are not sealed yet', () => {
  const lines = auditPage({ entries: [entry, { ...entry, leafIndex: 7 }], nextCursor: null }, page).split('\n');
  expect(lines.filter((line) => line.includes('drills.one')).map((line) => line.includes('not sealed yet'))).toEqual([
    true,
    false,
  ]);
});

import { expectBadInputIsNamed, type BadInput } from '../../../test/bad-input';
import { as, HOUR, START } from '../../../test/harness';
import { recordReads } from '../../../test/indexes/recorded-reads';
import { watchedBackend, type Watched } from '../../../test/watched-backend';
import { appendEntry } from '@muster/core/audit/append-entry';
import type { AuditEntry } from '@muster/core/audit/audit-entry';
import { idFrom } from '@muster/core/ids';
import { auditStats } from '.';

const ACTIONS = ['drills.one', 'drills.two', 'capability.killed', 'shop.paid'];
const COUNT = 1_500;

let watched: Watched;
let entries: AuditEntry[];
beforeAll(async () => {
  watched = await watchedBackend();
  const { firestore } = watched.backend;
  entries = Array.from({ length: COUNT }, (_, index) => {
    const { data } = appendEntry(
      {
        action: ACTIONS[index % 4] ?? '',
        target: 'things/one',
        outcome: index % 10 === 3 ? 'failed' : 'success',
        severity: index % 3 === 0 ? 'P1' : undefined,
      },
      {
        entryId: 'aud_one',
        at: new Date(START.getTime() + index * 60_000),
        actor: { type: 'staff', id: `uid-${index % 7}` },
        correlationId: 'c',
      },
    );
    return data as AuditEntry;
  });
  const writer = firestore.bulkWriter({ throttling: false });
  entries.forEach(
    (entry, index) => void writer.create(firestore.doc(`muster_audit/${idFrom('aud', String(index))}`), entry),
  );
  await writer.close();
  await watched.settle();
});
afterAll(() => watched.backend.close());

const from = new Date(START.getTime() + 7.5 * 60_000).toISOString();
const to = new Date(START.getTime() + 26 * HOUR).toISOString();
const asked = { from, to, bucket: 'hour' as const };
const ask = (more: object) => watched.call(auditStats, { ...asked, ...more }, as('auditor'));

test('each cell is what a naive filter counts, and no entry is read for it', async () => {
  const reads = recordReads();
  const end = new Date(START.getTime() + 8 * HOUR + 1).toISOString();
  const more = { to: end, actions: ['drills.', 'capability.k'], actors: ['uid-1', 'uid-2'], outcome: 'success' };
  const answer = await watched.backend.run(auditStats, { ...asked, ...more }, as('auditor'));
  jest.restoreAllMocks();
  expect(reads.queries).toHaveLength(4 * 9);
  expect(reads.queries.every(({ documents }) => documents === 0)).toBe(true);

  expect(answer.buckets).toHaveLength(9);
  expect(answer.buckets.slice(0, 2)).toEqual([from, new Date(START.getTime() + HOUR).toISOString()]);
  const edges = [...answer.buckets, end].map((time) => Date.parse(time));
  const naive = ['drills.', 'capability.k'].flatMap((action) =>
    ['uid-1', 'uid-2'].map((actor) => {
      const counts = answer.buckets.map((_, index) => {
        const [begin = 0, next = 0] = edges.slice(index, index + 2);
        return entries.filter(
          (entry) =>
            entry.action.startsWith(action) &&
            entry.actorId === actor &&
            entry.outcome === 'success' &&
            entry.at.getTime() >= begin &&
            entry.at.getTime() < next,
        ).length;
      });
      return { action, actor, counts, total: counts.reduce((sum, count) => sum + count, 0), capped: false };
    }),
  );
  expect(naive.every(({ total }) => total > 5)).toBe(true);
  expect(answer.rows).toEqual(naive);
});

test('a count is billed by the thousand, and one of nothing as one', async () => {
  const answer = await ask({ bucket: 'week', actions: ['shop.', 'nothing.'] });
  expect(answer.rows.map(({ total }) => total)).toEqual([373, 0]);
  // The revocation, and two counts.
  expect(watched.backend.costs.at(-1)?.spent).toEqual({ reads: 3, writes: 0 });
  expect((await ask({ bucket: 'week', severity: 'P1', actors: ['uid-1'] })).rows[0]?.total).toBe(71);
  const rows = (await ask({ bucket: 'week' })).rows;
  // The whole log is more than one thousand.
  expect(rows[0]).toMatchObject({ action: null, actor: null, total: COUNT - 8 });
  expect(watched.backend.costs.at(-1)?.spent).toEqual({ reads: 1 + rows.length + 1, writes: 0 });
});

const BAD: BadInput[] = [
  ['no beginning', { from: undefined }, 'from'],
  ['an end before the beginning', { to: from }, 'to'],
  ['a bucket of a minute', { bucket: 'minute' }, 'bucket'],
  ['too many cells', { to: '2026-12-01T00:00:00Z' }, 'bucket'],
  ['a hundred years of hours', { to: '2126-01-01T00:00:00Z' }, 'bucket'],
  ['eleven actions', { actions: Array.from({ length: 11 }, (_, index) => `a${index}`) }, 'actions'],
  ['no action in the list', { actions: [] }, 'actions'],
  ['an empty action', { actions: [''] }, 'actions.0'],
  ['eleven actors', { actors: Array.from({ length: 11 }, (_, index) => `a${index}`) }, 'actors'],
  ['an outcome that is none', { outcome: 'odd' }, 'outcome'],
  ['words, which no index serves with an action', { text: 'word' }, 'text'],
];
test('bad input is named', () => expectBadInputIsNamed(watched, auditStats, { ...asked }, BAD));

test.each(['member', 'recorder'] as const)('%s may not ask', async (role) => {
  expect(await watched.refused(auditStats, asked, as(role))).toMatchObject({ code: 'PERMISSION_DENIED' });
});

/** Thousands of entries: what a query reads does not grow with them, and its answer is what a naive filter gives. */
import { aboutDrill } from '@muster/core/audit/audit-draft';
import { newBackend, START, type Backend } from '../../../test/harness';
import { proofSize } from '../../../test/proof-size';
import { auditCombinationsOf, someOf } from '../../../test/indexes/exercise';
import { recordReads, type RecordedReads } from '../../../test/indexes/recorded-reads';
import { idFrom } from '@muster/core/ids';
import type { AuditEntry } from '@muster/core/audit/audit-entry';
import { appendEntry } from '@muster/core/audit/append-entry';
import { equalFilters } from '@muster/contract/audit/entry';
import { prefixesOf } from '@muster/contract/audit/words';
import { queryAudit } from '.';

/** A query that reads what it does not answer reads more than a page, and so more than it may, in 2,000 entries as in 8,000. */
const COUNT = proofSize({ test: 2_000, whole: 8_000 });
/** Three entries of another action are behind so many. */
const BEHIND = proofSize({ test: 1_750, whole: 7_000 });
const SAYS_MORE = proofSize({ test: 1_088, whole: 4_318 });
/** So many of the newest entries share one millisecond: more than a page of any size. */
const AT_ONCE = 450;
const RARE = 'studio_ops.degraded_mode_entered';
/**
 * Short, because the emulator has no index and unfolds every array of prefixes for every query: with 30 prefixes in
 * each of 8,000 entries one query takes seconds, with 3 a fraction of one. What is read is the same.
 */
const COMMON = ['o.a', 'o.b', 'j.a'];

interface Known extends AuditEntry {
  id: string;
}

/** Entry 0 is the newest; seven share each millisecond further back. */
const entryAt = (index: number): Known => {
  const minutesAgo = index < AT_ONCE ? 0 : 1 + Math.floor((index - AT_ONCE) / 7);
  const id = idFrom('aud', String(index));
  const { data } = appendEntry(
    {
      action: index >= BEHIND && index < BEHIND + 3 ? RARE : (COMMON[index % COMMON.length] ?? ''),
      ...aboutDrill(`drl_${index % 37}000`),
      outcome: index % 11 === 0 ? 'failed' : index % 13 === 0 ? 'refused' : 'success',
      rationale: index % 17 === 0 ? 'kill ÅSA' : 'on',
      severity: (['P0', 'P1', 'P2', 'P3'] as const)[index % 4],
      incidentId: `inc_${index % 41}000`,
      metadata: { index },
    },
    {
      from: { ip: `203.0.113.${index % 19}`, sessionId: `ses_${index % 23}000` },
      entryId: id,
      at: new Date(START.getTime() - minutesAgo * 60_000),
      actor: { type: 'staff', id: `uid-${index % 5}` },
      correlationId: `req_${String(Math.floor(index / 40)).padStart(20, '0')}`,
    },
  );
  return { ...(data as AuditEntry), id };
};

let backend: Backend;
let reads: RecordedReads;
let entries: Known[];

beforeAll(async () => {
  backend = await newBackend();
  entries = Array.from({ length: COUNT }, (_, index) => entryAt(index)).toSorted(newestFirst);
  const writer = backend.firestore.bulkWriter({ throttling: false });
  for (const { id, ...entry } of entries) void writer.create(backend.firestore.doc(`muster_audit/${id}`), entry);
  await writer.close();
  reads = recordReads();
});
afterAll(async () => {
  jest.restoreAllMocks();
  await backend.close();
});

const newestFirst = (one: Known, other: Known): number =>
  other.at.getTime() - one.at.getTime() || (one.id < other.id ? 1 : -1);

type Field = keyof typeof equalFilters;
type Asked = Partial<Record<Field | 'actionPrefix' | 'text' | 'from' | 'to', string>>;
const FIELDS = Object.keys(equalFilters) as Field[];

const naively = (asked: Asked): string[] =>
  entries
    .filter(
      (entry) =>
        entry.action.startsWith(asked.actionPrefix ?? '') &&
        FIELDS.every((field) => asked[field] === undefined || asked[field] === entry[field]) &&
        (asked.text === undefined || saysWord(entry.rationale ?? '', asked.text)) &&
        (asked.from === undefined || entry.at >= new Date(asked.from)) &&
        (asked.to === undefined || entry.at < new Date(asked.to)),
    )
    .map(({ id }) => id);

/** The words of these rationales are between spaces. */
const saysWord = (rationale: string, beginning: string): boolean =>
  rationale
    .toLowerCase()
    .split(' ')
    .some((word) => word.startsWith(beginning.toLowerCase()));

/** Asks, and checks on the way that no more was read than may be: by Muster's meter and at the SDK. */
const ask = async (asked: object, limit: number) => {
  reads.forget();
  const answer = await backend.run(queryAudit, { ...asked, limit });
  const spent = backend.costs.at(-1)?.spent;
  expect(spent?.reads).toBeLessThanOrEqual(limit + 2);
  // And the caller's revocation record.
  expect(reads.documents + 1).toBe(spent?.reads);
  return { ids: answer.entries.map(({ id }) => id), nextCursor: answer.nextCursor };
};

const askForAll = async (asked: object, limit: number): Promise<string[]> => {
  const ids: string[] = [];
  let cursor: string | null | undefined;
  do {
    const page = await ask(cursor ? { ...asked, cursor } : asked, limit);
    ids.push(...page.ids);
    cursor = page.nextCursor;
  } while (cursor);
  return ids;
};

test('all of them are there', async () => {
  const counted = await backend.firestore.collection('muster_audit').count().get();
  expect(counted.data().count).toBe(COUNT);
});

test.each([...prefixesOf('o.a'), 'j', 'nobody_did_this', ''])(
  '50 rows by the prefix "%s" read at most 52 documents',
  async (actionPrefix) => {
    const { ids, nextCursor } = await ask({ actionPrefix }, 50);
    const expected = naively({ actionPrefix });
    expect(ids).toEqual(expected.slice(0, 50));
    expect(nextCursor !== null).toBe(expected.length > 50);
    expect(reads.documents).toBeLessThanOrEqual(51);
  },
);

test.each(['s', 'studio_ops.', 'studio_ops.degraded_mode_', 'studio_ops.degraded_mode_ent', RARE])(
  `three entries behind ${BEHIND} others are found by "%s"`,
  async (actionPrefix) => {
    const { ids, nextCursor } = await ask({ actionPrefix }, 50);
    expect(ids.toSorted()).toEqual([BEHIND, BEHIND + 1, BEHIND + 2].map((index) => entryAt(index).id).toSorted());
    expect(nextCursor).toBeNull();
    expect(reads.documents).toBe(3);
  },
);

describe('every combination of filters gives what a naive filter gives', () => {
  // Any entry that says more than a word; what it says is asked for, so that every combination finds it.
  const one = entryAt(SAYS_MORE);
  const said = FIELDS.map((field) => [field, one[field] ?? undefined] as const);
  const filters = { actionPrefix: one.action.slice(0, -1), text: 'åsa', ...Object.fromEntries(said) };
  const { at } = one;
  const hour = 3_600_000;
  const range = { from: new Date(at.getTime() - hour).toISOString(), to: new Date(at.getTime() + 1).toISOString() };

  test.each(
    someOf(auditCombinationsOf(filters)).map((asked) => [Object.keys(asked).join(' + ') || 'none', asked] as const),
  )('%s', async (_, asked) => {
    // Pairs within a range alone: without an index the emulator looks at all of them for each query.
    const pair = Object.keys(asked).length === 2;
    for (const within of [...(pair ? [] : [asked]), { ...asked, ...range }]) {
      const expected = naively(within);
      expect(expected).toContain(one.id);
      expect((await ask(within, 200)).ids).toEqual(expected.slice(0, 200));
    }
  });

  test('a range includes its beginning and not its end', async () => {
    const same = entries.filter((entry) => entry.at.getTime() === at.getTime());
    const moment = { from: at.toISOString(), to: new Date(at.getTime() + 1).toISOString() };
    expect((await ask(moment, 50)).ids).toEqual(same.map(({ id }) => id));
    expect(same.length).toBe(7);
    expect((await ask({ from: new Date(at.getTime() - 1).toISOString(), to: at.toISOString() }, 50)).ids).toEqual([]);
  });
});

test('an entry of 0.1.0, which was not given yet what it lacks, is answered all the same', async () => {
  const { data } = appendEntry(
    { action: RARE, ...aboutDrill('drl_old') },
    { entryId: 'aud_old1', at: START, actor: { type: 'staff', id: 'uid-old' }, correlationId: 'req_old' },
  );
  const {
    action,
    actionPrefixes,
    actorId,
    actorType,
    at,
    correlationId,
    exercise,
    metadata,
    outcome,
    rationale,
    target,
  } = data as AuditEntry;
  const old = {
    action,
    actionPrefixes,
    actorId,
    actorType,
    at,
    correlationId,
    exercise,
    metadata,
    outcome,
    rationale,
    target,
  };
  await backend.firestore.doc('muster_audit/aud_old1').create(old);
  const { entries: found } = await backend.run(queryAudit, { actorId: 'uid-old' });
  await backend.firestore.doc('muster_audit/aud_old1').delete();
  expect(found).toMatchObject([{ id: 'aud_old1', drillId: null, severity: null, ip: null, leafIndex: null }]);
});

describe('a word of the rationale', () => {
  test.each([
    ['kill', 50],
    ['KI', 50],
    ['ÅsA', 50],
    // Composed of two characters.
    ['a\u030asa', 50],
    ['kilt', 0],
    ['ill', 0],
  ])('"%s" is found by its beginning, in any case', async (text, found) => {
    expect((await ask({ text }, 50)).ids).toHaveLength(found);
  });

  test('pages go on within it', async () => {
    const asked = { text: 'ki', outcome: 'failed' };
    const expected = naively(asked);
    expect(expected.length).toBeGreaterThan(COUNT / 200);
    expect(await askForAll(asked, 7)).toEqual(expected);
  });
});

describe('cursors page through without a gap or a repetition', () => {
  test(`all ${COUNT}, by 200`, async () => {
    expect(await askForAll({}, 200)).toEqual(entries.map(({ id }) => id));
  });

  test('entries of one millisecond, by 7, with a filter', async () => {
    const asked = { actorId: 'uid-3', from: START.toISOString() };
    expect(naively(asked).length).toBe(AT_ONCE / 5);
    expect(await askForAll(asked, 7)).toEqual(naively(asked));
  });

  test('one by one, and a last page that is exactly full', async () => {
    expect(await askForAll({ actionPrefix: 'studio' }, 1)).toEqual(naively({ actionPrefix: 'studio' }));
    expect((await ask({ actionPrefix: 'studio' }, 3)).nextCursor).toBeNull();
  });

  test('an entry that comes in between is not on a later page, and moves nothing', async () => {
    const first = await ask({ actionPrefix: 'studio' }, 1);
    const { data } = appendEntry(
      { action: RARE, ...aboutDrill('drl_new') },
      {
        entryId: 'aud_newest',
        at: START,
        actor: { type: 'system', id: 'schedule' },
        correlationId: 'req_new',
      },
    );
    await backend.firestore.doc('muster_audit/aud_newest').create(data as AuditEntry);
    const second = await ask({ actionPrefix: 'studio', cursor: first.nextCursor }, 50);
    await backend.firestore.doc('muster_audit/aud_newest').delete();
    expect([...first.ids, ...second.ids]).toEqual(naively({ actionPrefix: 'studio' }));
  });
});

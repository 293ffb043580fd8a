/**
 * A sealed log and many single changes of it, by chance that repeats itself: in the database, and in files of each format. Every one
 * must be found by what checks exports; the log as it was, and its files, must pass.
 */
import type { DocumentData } from '@google-cloud/firestore';
import {
  EXPORT_FORMATS,
  parseBodyRecord,
  ExportWriter,
  verifyExport,
  type ExportFormat,
  type ExportProblemCode,
  type HeaderRecord,
  type Verdict,
} from '@muster/tlog/export';
import { parseVerifierKey } from '@muster/tlog/note';
import { exportEntries, findRange } from '../../src/features/audit';
import { HOUR, newBackend, START, type Backend } from '../harness';
import { proofSize } from '../proof-size';
import { appendMany, sealAll } from '../sealed-entries';
import { Chance } from './chance';
import { fileChange, FILE_CODES, FILE_KINDS, type Made } from './file-changes';
import { storedChange } from './stored-changes';
import { storedLog, type Range, type Rows, type StoredLog } from './stored-log';

/**
 * 1,000 entries fill three tiles and begin a fourth, as 5,000 fill nineteen: that a place is found across tiles shows in both. What is
 * not checked of an entry, of a head or of a file is a kind of change, and all kinds are among the fewer changes too: a second document
 * at the same place went unnoticed once, on purpose, and the 400 found it.
 */
const SIZE = proofSize({ test: 1_000, whole: 5_000 });
const PAGE = 50;
const PAGES = SIZE / PAGE;
const IN_DATABASE = proofSize({ test: 400, whole: 1_000 });
const OF_HEADS = proofSize({ test: 20, whole: 40 });
const IN_FILES = proofSize({ test: 320, whole: 960 });
/** The size of an earlier head. */
const EARLIER = String(SIZE - 4 * PAGE).padStart(16, '0');

let backend: Backend;
let keys: ReturnType<typeof parseVerifierKey>[];
let stored: StoredLog;

beforeAll(async () => {
  backend = await newBackend();
  keys = backend.deps.signer().keys.map(parseVerifierKey);
  // A head for each page, so that each is a range that can be exported and checked for itself.
  for (let page = 0; page < PAGES; page += 1) {
    // Two hours before its head, so that the page is of a time that has a head before and after it.
    backend.clock.now = new Date(START.getTime() + (page * 3 - 2) * HOUR);
    await appendMany(backend, PAGE);
    backend.clock.now = new Date(START.getTime() + page * 3 * HOUR);
    await sealAll(backend);
  }
  backend.clock.now = new Date(START.getTime() + PAGES * 3 * HOUR);
  stored = await storedLog(backend, PAGE);
});
afterAll(() => backend.close());

/** The header of an export of one page: the time between the heads around it. */
const headerOf = async (page: number, format: ExportFormat = 'jsonl'): Promise<HeaderRecord> => {
  const signedAt = START.getTime() + page * 3 * HOUR;
  const from = page === 0 ? null : new Date(signedAt - 3 * HOUR + HOUR / 2).toISOString();
  const to = page === PAGES - 1 ? null : new Date(signedAt - HOUR).toISOString();
  const asked = { ...(from === null ? {} : { from }), ...(to === null ? {} : { to }) };
  const range = await backend.run(findRange, asked);
  const { begin, end, left, consistency, before, after, head } = range;
  return {
    ...{
      kind: 'header',
      muster: 'audit-export',
      version: 2,
      format,
      origin: head.origin,
      note: head.note,
      keys: range.keys,
    },
    scope: {
      range: {
        begin,
        end,
        left,
        consistency,
        period: { from, to, before: before?.note ?? null, after: after?.note ?? null },
      },
    },
    ...{ withheld: [], createdAt: range.now, horizon: null },
  };
};

const asExported = ({ begin, end }: Range): Promise<Rows> => backend.run(exportEntries, { size: SIZE, begin, end });

const linesOf = async (
  header: HeaderRecord,
  rowsIn: (range: Range) => Promise<Rows> = asExported,
): Promise<string[]> => {
  if (!('range' in header.scope)) throw new Error('a range was expected');
  const { rows, strays } = await rowsIn(header.scope.range);
  const writer = new ExportWriter(header);
  const records = [
    ...rows.map(parseBodyRecord),
    ...strays.map(({ id }) => ({ kind: 'damaged' as const, leafIndex: null, hash: null, id, damaged: ['stray'] })),
  ];
  return [writer.begin(), ...records.map((record) => writer.add(record)), writer.end()].flatMap((text) =>
    text
      .split('\n')
      .filter(Boolean)
      .map((line) => `${line}\n`),
  );
};

const verified = (bytes: Uint8Array): Promise<Verdict> =>
  verifyExport(
    (async function* () {
      yield bytes;
    })(),
    { keys, now: backend.clock.now },
  );

const verifiedPage = async (header: HeaderRecord, rowsIn?: (range: Range) => Promise<Rows>): Promise<Verdict> =>
  verified(Buffer.from((await linesOf(header, rowsIn)).join(''), 'utf8'));

/** So many pages are asked for with their queries, for which the emulator looks at every document each time. */
const QUERIED = proofSize({ test: 5, whole: 20 });

test('the untouched log passes, page by page', async () => {
  const rowsIn = await stored.rowsNow([]);
  for (let page = 0; page < PAGES; page += 1) {
    const verdict = await verifiedPage(await headerOf(page), page < QUERIED ? undefined : rowsIn);
    expect({ page, ...verdict }).toMatchObject({ page, ok: true, entries: PAGE });
  }
});

test(`${IN_DATABASE} changes in the database are found, each by its leaf`, async () => {
  const chance = new Chance(20_260_331);
  const headers = await Promise.all(Array.from({ length: PAGES }, (_, page) => headerOf(page)));
  const missed: unknown[] = [];
  const kinds = new Map<string, number>();
  for (let made = 0; made < IN_DATABASE; made += PAGES) {
    // One change in each page: what is found in a page is found because of its own.
    const changes = stored.targets.map((target) => storedChange(target, chance));
    await stored.during(changes, async () => {
      const rowsNow = await stored.rowsNow(changes);
      for (const [page, change] of changes.entries()) {
        const rowsIn = made === 0 && page < QUERIED ? undefined : rowsNow;
        const { ok, problem } = await verifiedPage(headers[page] as HeaderRecord, rowsIn);
        kinds.set(change.kind, (kinds.get(change.kind) ?? 0) + 1);
        const gone = change.kind === 'removed' || change.kind === 'another place';
        const codes: (ExportProblemCode | undefined)[] = [gone ? 'LEAF_MISSING' : 'LEAF_CHANGED', 'ENTRY_DAMAGED'];
        if (ok || problem?.leafIndex !== change.names || !codes.includes(problem?.code))
          missed.push({ page, ...change, problem });
      }
    });
  }
  expect(missed).toEqual([]);
  expect(kinds.size).toBeGreaterThan(30);
  for (const page of [0, PAGES - 1]) expect(await verifiedPage(await headerOf(page))).toMatchObject({ ok: true });
});

test(`${OF_HEADS} changes of the head are found`, async () => {
  const chance = new Chance(6_962);
  const path = 'muster_auditLog/current';
  const head = (await backend.firestore.doc(path).get()).data() ?? {};
  const note = head['note'] as string;
  const older =
    (await backend.firestore.doc(`muster_auditLog/current/muster_checkpoints/${EARLIER}`).get()).data() ?? {};
  const bitOf = (bytes: Uint8Array): Buffer => {
    const flipped = Buffer.from(bytes);
    const at = chance.below(flipped.length);
    flipped[at] = (flipped[at] ?? 0) ^ (1 << chance.below(7));
    return flipped;
  };
  const missed: unknown[] = [];
  for (let made = 0; made < OF_HEADS; made += 1) {
    const change = chance.one<() => DocumentData>([
      () => ({ ...head, note: bitOf(Buffer.from(note, 'utf8')).toString('utf8') }),
      () => ({ ...head, root: bitOf(head['root'] as Uint8Array) }),
      () => ({ ...head, size: SIZE - 1 - chance.below(100) }),
      () => ({ ...head, note: older['note'] as string }),
      () => ({ ...head, keys: ['log.test/audit+00000000+AAAA'] }),
    ])();
    const found = await stored.during([{ kind: 'head', names: null, writes: new Map([[path, change]]) }], async () => {
      try {
        return !(await verifiedPage(await headerOf(PAGES - 1))).ok;
      } catch (error) {
        return (error as { details?: { reason?: string } }).details?.reason === 'LOG_DAMAGED';
      }
    });
    if (!found) missed.push(change);
  }
  expect(missed).toEqual([]);
});

test(`${IN_FILES} changes of files are found, in each format`, async () => {
  const chance = new Chance(9_162);
  const older = (await headerOf(PAGES - 1)).note;
  const otherNote = ((
    await backend.firestore.doc(`muster_auditLog/current/muster_checkpoints/${EARLIER}`).get()
  ).data() ?? {})['note'] as string;
  expect(otherNote).not.toBe(older);
  const missed: unknown[] = [];
  const kinds = new Set<string>();
  for (const format of EXPORT_FORMATS) {
    const header = await headerOf(3, format);
    const lines = await linesOf(header);
    const foreign = (await linesOf(await headerOf(9, format))).at(20) ?? '';
    const made: Made = { header, lines, foreign, otherNote };
    const file = Buffer.from(lines.join(''), 'utf8');
    expect(await verified(file)).toMatchObject({ ok: true, problem: null, entries: PAGE, origin: 'proven' });
    for (let count = 0; count < IN_FILES / EXPORT_FORMATS.length; count += 1) {
      const { kind, bytes } = fileChange(made, chance);
      kinds.add(kind);
      // A change that leaves every byte as it was is none.
      expect(Buffer.compare(bytes, file)).not.toBe(0);
      const { ok, problem } = await verified(bytes);
      if (ok || FILE_CODES[kind]?.includes(problem?.code as ExportProblemCode) === false)
        missed.push({ format, kind, count, problem });
    }
  }
  expect(missed).toEqual([]);
  expect([...kinds].toSorted()).toEqual(FILE_KINDS.toSorted());
});

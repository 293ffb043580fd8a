import { ExportWriter, parseBodyRecord, verifyExport, type HeaderRecord } from '@muster/tlog/export';
import { parseVerifierKey } from '@muster/tlog/note';
import { fromBase64, utf8 } from '@muster/tlog/crypto';
import { verifiesConsistency, verifiesInclusion } from '@muster/tlog/merkle';
import { verifyCheckpoint } from '@muster/tlog/checkpoint';
import { as, HOUR, START } from '../../../../test/harness';
import { appendMany, sealAll } from '../../../../test/sealed-entries';
import { watchedBackend, type Watched } from '../../../../test/watched-backend';
import { exportEntries, findRange, proveEntry } from '..';

const COUNT = 330;
const FIRST = 200;
let watched: Watched;
let ids: string[];
beforeAll(async () => {
  watched = await watchedBackend();
  const { backend } = watched;
  await appendMany(backend, FIRST);
  await sealAll(backend);
  backend.clock.now = new Date(START.getTime() + 2 * HOUR);
  await appendMany(backend, COUNT - FIRST);
  await sealAll(backend);
  const { docs } = await backend.firestore.collection('muster_audit').orderBy('leafIndex').get();
  ids = docs.map(({ id }) => id);
  await watched.settle();
});
afterAll(() => watched.backend.close());

const auditor = as('auditor');
const bytes = async function* (lines: string[]): AsyncGenerator<Uint8Array> {
  yield utf8(lines.join(''));
};

test('every place is proven in the newest tree, and in older ones', async () => {
  for (const leafIndex of [0, 255, 256, 329]) {
    const { inclusion, origin } = await watched.call(proveEntry, { leafIndex }, auditor);
    if (!inclusion?.note) throw new Error('there is no proof');
    const head = verifyCheckpoint(inclusion.note, watched.backend.deps.signer().keys.map(parseVerifierKey));
    expect(head).toMatchObject({ origin, size: COUNT });
    const proof = inclusion.proof.map(fromBase64);
    expect(verifiesInclusion(leafIndex, COUNT, fromBase64(inclusion.hash), proof, head.root)).toBe(true);
  }
  const { inclusion } = await watched.call(proveEntry, { entryId: ids[17], size: 100 }, auditor);
  expect(inclusion).toMatchObject({ leafIndex: 17, size: 100, note: null });
});

test('two sizes are proven to be of one log', async () => {
  const keys = watched.backend.deps.signer().keys.map(parseVerifierKey);
  const { consistency } = await watched.call(proveEntry, { older: FIRST, newer: COUNT }, auditor);
  if (!consistency?.olderNote || !consistency.newerNote) throw new Error('there are no heads');
  const [older, newer] = [verifyCheckpoint(consistency.olderNote, keys), verifyCheckpoint(consistency.newerNote, keys)];
  expect(verifiesConsistency(FIRST, COUNT, consistency.proof.map(fromBase64), older.root, newer.root)).toBe(true);
  expect((await watched.call(proveEntry, { older: 7, newer: 199 }, auditor)).consistency).toMatchObject({
    olderNote: null,
    newerNote: null,
  });
});

test('what there is not is refused by name', async () => {
  const { firestore } = watched.backend;
  expect(await watched.refused(proveEntry, { leafIndex: COUNT })).toMatchObject({ code: 'NOT_FOUND' });
  expect(await watched.refused(proveEntry, { leafIndex: 0, size: COUNT + 1 })).toMatchObject({ code: 'NOT_FOUND' });
  expect(await watched.refused(proveEntry, { older: 1, newer: COUNT + 1 })).toMatchObject({ code: 'NOT_FOUND' });
  expect(await watched.refused(proveEntry, { entryId: 'aud_none' })).toMatchObject({
    details: { reason: 'UNKNOWN_ENTRY', fields: [{ field: 'entryId' }] },
  });
  expect(await watched.refused(exportEntries, { entryId: 'aud_none', size: 5 })).toMatchObject({ code: 'NOT_FOUND' });
  expect(await watched.refused(exportEntries, { begin: 0, end: 1, size: COUNT + 1 })).toMatchObject({
    code: 'NOT_FOUND',
  });
  const waiting = { ...(await firestore.doc(`muster_audit/${ids[0]}`).get()).data(), leafIndex: null };
  await watched.given('muster_audit/aud_waits', waiting);
  for (const [operation, asked] of [
    [proveEntry, { entryId: 'aud_waits' }],
    [exportEntries, { entryId: 'aud_waits', size: COUNT }],
  ] as const)
    expect(await watched.refused(operation, asked)).toMatchObject({ code: 'CONFLICT', details: { state: 'unsealed' } });
  await watched.given('muster_audit/aud_waits', undefined);
});

test.each<[object, string]>([
  [{}, 'entryId'],
  [{ leafIndex: 1, entryId: 'aud_1111' }, 'entryId'],
  [{ older: 1 }, 'newer'],
  [{ older: 2, newer: 1 }, 'newer'],
  [{ leafIndex: -1 }, 'leafIndex'],
  [{ leafIndex: 1.5 }, 'leafIndex'],
])('audit-prove refuses %p', async (asked, field) => {
  expect(await watched.refused(proveEntry, asked)).toMatchObject({ details: { fields: [{ field }] } });
});

test.each<[object, string]>([
  [{ size: 5 }, 'begin'],
  [{ size: 500, begin: 0, end: 201 }, 'end'],
  [{ size: 5, begin: 3, end: 2 }, 'end'],
  [{ size: 5, begin: 0, end: 6 }, 'end'],
  [{ size: 5, begin: 0 }, 'end'],
  [{ size: 5, begin: 0, end: 1, drillId: 'drl_1111' }, 'begin'],
  [{ size: 5, incidentId: 'inc_../x' }, 'incidentId'],
  [{ size: 5, drillId: 'drl_1111', cursor: 'abc' }, 'cursor'],
])('audit-export refuses %p', async (asked, field) => {
  expect(await watched.refused(exportEntries, asked)).toMatchObject({ details: { fields: [{ field }] } });
});

test('a log in which nothing is sealed proves nothing', async () => {
  const empty = await watchedBackend();
  for (const [operation, asked] of [
    [proveEntry, { leafIndex: 0 }],
    [exportEntries, { size: 0, begin: 0, end: 0 }],
    [findRange, {}],
  ] as const)
    expect(await empty.refused(operation, asked)).toMatchObject({
      code: 'CONFLICT',
      details: { reason: 'WRONG_STATE' },
    });
  await empty.backend.close();
});

const headerOf = (range: Awaited<ReturnType<typeof wholeRange>>, more: Partial<HeaderRecord> = {}): HeaderRecord => ({
  ...{ kind: 'header', muster: 'audit-export', version: 2, format: 'jsonl', withheld: [] },
  ...{ origin: range.head.origin, note: range.head.note, keys: range.keys, createdAt: range.now },
  scope: {
    range: { begin: range.begin, end: range.end, left: range.left, consistency: range.consistency, period: null },
  },
  horizon: null,
  ...more,
});

const wholeRange = (asked: object = {}) => watched.call(findRange, asked, auditor);

test.each(['jsonl', 'csv'] as const)('the log as it is exported verifies as %s', async (format) => {
  const range = await wholeRange();
  const header = headerOf(range, { format });
  const writer = new ExportWriter(header);
  const lines = [writer.begin()];
  for (let begin = 0; begin < COUNT; begin += 200) {
    const asked = { size: COUNT, begin, end: Math.min(begin + 200, COUNT) };
    const { rows, strays } = await watched.call(exportEntries, asked, auditor);
    expect(strays).toEqual([]);
    lines.push(...rows.map((row) => writer.add(parseBodyRecord(row))));
  }
  lines.push(writer.end());
  const verdict = await verifyExport(bytes(lines), {
    now: watched.backend.clock.now,
    keys: range.keys.map(parseVerifierKey),
  });
  expect(verdict).toMatchObject({ ok: true, problem: null, entries: COUNT });
});

test('a time is widened to the heads around it, and the range says so in a way that verifies', async () => {
  const from = new Date(START.getTime() + HOUR).toISOString();
  const range = await wholeRange({ from });
  expect(range).toMatchObject({ begin: FIRST, end: COUNT, before: { size: FIRST }, after: null });
  const scope = {
    range: {
      ...{ begin: range.begin, end: range.end, left: range.left, consistency: range.consistency },
      period: { from, to: null, before: range.before?.note ?? null, after: null },
    },
  };
  const writer = new ExportWriter(headerOf(range, { scope }));
  const lines = [writer.begin()];
  for (const begin of [FIRST]) {
    const { rows } = await watched.call(
      exportEntries,
      { size: COUNT, begin, end: Math.min(begin + 200, COUNT) },
      auditor,
    );
    lines.push(...rows.map((row) => writer.add(parseBodyRecord(row))));
  }
  const now = watched.backend.clock.now;
  expect(await verifyExport(bytes([...lines, writer.end()]), { now })).toMatchObject({
    ok: true,
    entries: COUNT - FIRST,
  });
  const early = { to: new Date(START.getTime() + 60_000).toISOString() };
  expect(await wholeRange(early)).toMatchObject({ begin: 0, end: COUNT, after: { size: COUNT } });
  expect(await wholeRange({ from: START.toISOString() })).toMatchObject({ begin: 0, before: null });
});

test('a drill is chosen in pages, each entry with a proof that holds', async () => {
  const range = await wholeRange();
  const selection = { field: 'drillId', value: 'drl_sealed0000' } as const;
  const writer = new ExportWriter(headerOf(range, { scope: { selection } }));
  const lines = [writer.begin()];
  let cursor: string | undefined;
  let pages = 0;
  do {
    const asked = { size: COUNT, drillId: 'drl_sealed0000', limit: 30, ...(cursor === undefined ? {} : { cursor }) };
    const page = await watched.call(exportEntries, asked, auditor);
    lines.push(...page.rows.map((row) => writer.add(parseBodyRecord(row))));
    cursor = page.nextCursor ?? undefined;
    pages += 1;
  } while (cursor !== undefined);
  const verdict = await verifyExport(bytes([...lines, writer.end()]), { now: watched.backend.clock.now });
  // 200 / 7 and 130 / 7, each rounded up.
  expect({ verdict, pages }).toMatchObject({ verdict: { ok: true, problem: null, entries: 29 + 19 }, pages: 2 });
});

test('what somebody made of an entry comes as damaged, by field, and not as an error', async () => {
  const { firestore } = watched.backend;
  const row = async (leafIndex: number) => {
    const { rows, strays } = await watched.backend.run(exportEntries, {
      size: COUNT,
      begin: leafIndex,
      end: leafIndex + 1,
    });
    const [found] = rows;
    return { leafIndex: found?.leafIndex, damaged: found?.kind === 'damaged' ? found.damaged : [], strays };
  };
  const changes: [object, string[]][] = [
    [{ words: [] }, ['words']],
    [{ actionPrefixes: ['x'] }, ['actionPrefixes']],
    [{ outcome: 'lost' }, ['outcome']],
    [{ metadata: { at: new Date() } }, ['metadata']],
    [{ added: 1 }, ['document']],
  ];
  for (const [change, damaged] of changes) {
    const document = firestore.doc(`muster_audit/${ids[40]}`);
    const before = (await document.get()).data() ?? {};
    await firestore.doc(document.path).set({ ...before, ...change });
    expect(await row(40)).toMatchObject({ leafIndex: 40, damaged });
    await firestore.doc(document.path).set(before);
  }
  const copy = (await firestore.doc(`muster_audit/${ids[40]}`).get()).data() ?? {};
  await firestore.doc('muster_audit/aud_copy').set(copy);
  expect((await row(40)).damaged).toEqual(['leafIndex (another document has the same)']);
  await firestore.doc('muster_audit/aud_copy').set({ ...copy, leafIndex: 329.5 });
  expect((await row(329)).strays).toEqual([{ id: 'aud_copy', leafIndex: 329.5 }]);
  await firestore.doc('muster_audit/aud_copy').set({ ...copy, leafIndex: 9999 });
  expect((await row(329)).strays).toEqual([{ id: 'aud_copy', leafIndex: 9999 }]);
  expect((await row(40)).strays).toEqual([]);
  await firestore.doc('muster_audit/aud_copy').delete();
  const tile = firestore.doc('muster_auditLog/current/muster_tiles/0-1');
  const hashes = (await tile.get()).data() ?? {};
  await firestore.doc(tile.path).delete();
  expect(await row(300)).toMatchObject({ damaged: ['tile 0-1'] });
  await firestore.doc(tile.path).set(hashes);
  expect(await row(300)).toMatchObject({ damaged: [] });
});

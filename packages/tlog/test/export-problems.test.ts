/** Each code of a broken export, with a file that gives it. The list is closed: a code that no file gives is none. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { signCheckpoint } from '../src/checkpoint';
import { sha256, toBase64, utf8 } from '../src/crypto';
import {
  EXPORT_PROBLEMS,
  ExportWriter,
  verifyExport,
  type BodyRecord,
  type ExportProblemCode,
  type HeaderRecord,
  type Wanted,
} from '../src/export';
import { formatVerifierKey, parseVerifierKey } from '../src/note';
import { chunksOf, EXPORTED_AT, KEY, OTHER_KEY, SealedLog, SEALED_AT, VERIFIER_KEY } from './sealed-log';

const log = new SealedLog(40);
const lines = [...log.file(log.header('jsonl'))];
const rewritten = new SealedLog(40, (entry) => ({ ...entry, action: 'a.b' }));

/** A file of other records under a header, with counts and a digest that go with them. */
const written = (header: HeaderRecord, records: readonly BodyRecord[]): string[] => {
  const writer = new ExportWriter(header);
  return [writer.begin(), ...records.map((record) => writer.add(record)), writer.end()];
};
const records = Array.from({ length: 40 }, (_, index) => log.record(index));

const whole = log.header('jsonl');
const ofDrill = log.header('jsonl', { scope: { selection: { field: 'drillId', value: 'drl_00000004' } } });
const period = log.period(10, 30);
const late = new Date(EXPORTED_AT.getTime() - 86_400_000);
const revelation = {
  ...({ muster: 'audit-opening', version: 1, origin: KEY.name, leafIndex: 3, field: 'ip' } as const),
  ...{ salt: 'none', value: '192.0.2.8' },
};
const otherTree = signCheckpoint({ origin: KEY.name, size: 10, root: sha256(utf8('another tree')) }, [KEY], SEALED_AT);

const BROKEN: Record<ExportProblemCode, [lines: Iterable<string>, wanted?: Partial<Wanted>][]> = {
  NOT_AN_EXPORT: [[['{"hello":1}\n']], [lines.slice(1)]],
  VERSION_UNKNOWN: [
    [lines.map((line) => line.replace('"version":2', '"version":3'))],
    [lines.map((line) => line.replace('"v":2', '"v":3'))],
  ],
  FILE_CUT: [[[]], [lines.slice(0, -1)], [[lines.join('').slice(0, -20)]]],
  LINE_DAMAGED: [
    [lines.map((line) => line.replace('\n', '\r\n'))],
    [lines.with(4, '{"kind":"entry",\n')],
    [lines.map((line) => line.replace('"kind":"entry"', '"kind":"other"'))],
    [lines.map((line) => line.replace('{"kind":"entry"', '{"more":1,"kind":"entry"'))],
  ],
  LINE_ADDED: [[[...lines, lines[1] ?? '']], [lines.toSpliced(1, 0, lines[0] ?? '')]],
  END_WRONG: [
    [lines.map((line) => line.replace('"entries":40', '"entries":41'))],
    [lines.map((line) => line.replace(/"digest":"./u, '"digest":"x'))],
  ],
  HEADER_WRONG: [
    [written({ ...whole, keys: [] }, records)],
    [written({ ...whole, createdAt: '2027-01-01T00:00:00.000Z' }, records)],
  ],
  KEY_WRONG: [[lines, { keys: [parseVerifierKey(formatVerifierKey(OTHER_KEY))] }]],
  HEAD_NOT_SIGNED: [[written({ ...whole, note: log.note(40, SEALED_AT, OTHER_KEY) }, records)]],
  HEAD_WRONG: [
    [
      written(
        log.header('jsonl', {
          scope: {
            range: { ...rangeOf(period), period: { ...periodOf(period), before: otherTree } },
          },
        }),
        records.slice(10, 30),
      ),
    ],
  ],
  LEAF_MISSING: [
    [written(whole, records.toSpliced(8, 1))],
    [written(whole, records.slice(0, 39))],
    [written(whole, records.with(8, log.record(8, new Set(), false, true)))],
  ],
  LEAF_MISPLACED: [
    [written(whole, records.toSpliced(8, 0, log.record(7)))],
    [written(ofDrill, [log.record(5, new Set(), true)])],
  ],
  LEAF_CHANGED: [
    [lines.map((line) => line.replace('req_7"', 'req_8"'))],
    [written(whole, records.with(8, log.record(8, new Set(['ip']))))],
  ],
  ENTRY_DAMAGED: [
    [written(whole, records.with(8, { kind: 'damaged', leafIndex: 8, hash: null, id: null, damaged: ['action'] }))],
  ],
  PROOF_WRONG: [
    [rewritten.file(rewritten.header('jsonl', { note: log.note() }))],
    [written(ofDrill, [{ ...log.record(4), proof: [toBase64(sha256(utf8('none')))] } as BodyRecord])],
  ],
  EXPIRY_NOT_SHOWN: [[log.file(log.header('jsonl', { horizon: log.horizon(20, late) }), new Set([3]))]],
  PERIOD_NOT_COVERED: [
    [
      written(
        log.header('jsonl', {
          scope: { range: { ...rangeOf(period), period: { ...periodOf(period), before: null } } },
        }),
        records.slice(10, 30),
      ),
    ],
  ],
  LOG_REWRITTEN: [[lines, { held: [rewritten.note(20)] }]],
  HEAD_NOT_COMPARABLE: [[log.file(log.header('jsonl', { scope: period })), { held: [log.note(5)] }]],
  REVELATION_WRONG: [
    [lines, { revealed: [revelation] }],
    [log.file(log.header('jsonl', { withheld: ['ip'] })), { revealed: [revelation] }],
  ],
};

function rangeOf(scope: HeaderRecord['scope']) {
  if (!('range' in scope)) throw new Error('a range was expected');
  return scope.range;
}

function periodOf(scope: HeaderRecord['scope']) {
  const { period: around } = rangeOf(scope);
  if (!around) throw new Error('a range has a period');
  return around;
}

test.each(Object.entries(BROKEN))('%s', async (code, files) => {
  for (const [file, wanted] of files) {
    const keys = [parseVerifierKey(VERIFIER_KEY)];
    const { ok, problem } = await verifyExport(chunksOf(file, 10_007), { now: EXPORTED_AT, keys, ...wanted });
    expect({ ok, ...problem }).toMatchObject({ ok: false, code, what: expect.stringMatching(/\.$/u) });
  }
});

test('every code says what it means', () => {
  expect(Object.keys(EXPORT_PROBLEMS).toSorted()).toEqual(Object.keys(BROKEN).toSorted());
  for (const meaning of Object.values(EXPORT_PROBLEMS)) expect(meaning).toMatch(/^[a-z].{20,}[^.]$/u);
});

test('what an auditor reads names every code, in the same words', () => {
  const page = readFileSync(resolve(__dirname, '../../../docs/auditor.md'), 'utf8');
  const told = [...page.matchAll(/^\| `([A-Z_]+)` +\| (.+?) +\|$/gmu)].map(([, code = '', meaning]) => [code, meaning]);
  expect(Object.fromEntries(told)).toEqual(EXPORT_PROBLEMS);
});

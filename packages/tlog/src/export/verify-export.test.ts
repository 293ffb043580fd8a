import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import {
  asRun,
  chunksOf,
  EXPORTED_AT,
  KEY,
  OTHER_KEY,
  SealedLog,
  SEALED_AT,
  VERIFIER_KEY,
} from '../../test/sealed-log';
import { commitmentTo, hashOfLeaf, leafOf, openingsOf, PERSONAL_FIELDS, type Opening, type SealedEntry } from '../leaf';
import { formatVerifierKey, parseVerifierKey } from '../note';
import { toBase64 } from '../crypto';
import {
  EXPORT_FORMATS,
  ExportWriter,
  type BodyRecord,
  parseRevelation,
  verifyExport,
  type HeaderRecord,
  type Revelation,
  type Verdict,
  type Wanted,
} from '.';

const log = new SealedLog(700);
const keys = [parseVerifierKey(VERIFIER_KEY)];

const verify = (lines: Iterable<string>, wanted: Partial<Wanted> = {}): Promise<Verdict> =>
  verifyExport(chunksOf(lines, 10_007), { now: EXPORTED_AT, keys, ...wanted });

const problemOf = async (lines: Iterable<string>, wanted: Partial<Wanted> = {}): Promise<string> => {
  const { ok, problem } = await verify(lines, wanted);
  expect(ok).toBe(false);
  return problem?.what ?? '';
};

const drill = (): HeaderRecord['scope'] => ({ selection: { field: 'drillId', value: 'drl_00000004' } });

describe.each(EXPORT_FORMATS)('%s', (format) => {
  test('the whole log, a time of it, and a drill verify', async () => {
    const whole = await verify(log.file(log.header(format)));
    expect(whole).toMatchObject({ ok: true, problem: null, entries: 700, expired: 0, origin: 'proven' });
    expect(whole).toMatchObject({ firstAt: log.entries[0]?.at, lastAt: log.entries[699]?.at });
    expect(whole.head).toMatchObject({ origin: KEY.name, size: 700, signedAt: SEALED_AT.toISOString() });
    const some = await verify(log.file(log.header(format, { scope: log.period(100, 612) })));
    expect(some).toMatchObject({ ok: true, entries: 512 });
    expect(await verify(log.file(log.header(format, { scope: drill() })))).toMatchObject({ ok: true, entries: 14 });
  });

  test('withheld fields are not in the file, and it verifies', async () => {
    const lines = [...log.file(log.header(format, { withheld: [...PERSONAL_FIELDS] }))];
    expect(await verify(lines)).toMatchObject({ ok: true, entries: 700 });
    expect(lines.join('')).not.toMatch(/192\.0\.2\.7|uid-1|laptop|shipping|ses_/u);
  });

  test('a column that says something else than its record is found', async () => {
    const lines = [...log.file(log.header(format))];
    const at = lines.findIndex((line) => line.includes('req_77'));
    const changed = lines.map((line, index) => (index === at ? line.replace('req_77', 'req_78') : line));
    expect(await verify(changed)).toMatchObject({ ok: false, problem: { leafIndex: 77 } });
  });
});

const nested = (levels: number): string => `${'{"a":['.repeat(levels / 2)}0${']}'.repeat(levels / 2)}`;

describe.each(EXPORT_FORMATS)('what is nested too deep for the program that walks through it, in %s,', (format) => {
  /** What stands in the place of one value of a line, in the record that the line carries. */
  const withNested = (levels: number): { line: number; lines: string[] } => {
    const lines = [...log.file(log.header(format))];
    const at = lines.findIndex((line) => line.includes('req_77'));
    const [value, put] =
      format === 'csv' ? ['""req_77""', nested(levels).replaceAll('"', '""')] : ['"req_77"', nested(levels)];
    const line = lines[at] ?? '';
    const last = line.lastIndexOf(value);
    return {
      line: lines.slice(0, at).join('').split('\n').length,
      lines: lines.with(at, `${line.slice(0, last)}${put}${line.slice(last + value.length)}`),
    };
  };

  test.each([66, 5_000, 100_000, 1_000_000])('%d levels, is damage, and its line is named', async (levels) => {
    const { line, lines } = withNested(levels);
    const { ok, problem } = await verify(lines);
    expect({ ok, problem }).toMatchObject({ ok: false, problem: { line, code: 'LINE_DAMAGED' } });
    expect(problem?.what).toContain('nested');
  });

  test('or is not, and is damage for what it says', async () => {
    expect((await verify(withNested(20).lines)).problem?.what).not.toContain('nested');
  });
});

test('brackets in a text are no levels', async () => {
  const bracketed = new SealedLog(700);
  (bracketed.entries[1] as SealedEntry).rationale = `${'[{"\\'.repeat(500)} ends`;
  bracketed.hashes[1] = hashOfLeaf(leafOf(bracketed.entries[1] as SealedEntry, 'salt of 1'));
  const { problem } = await verify(bracketed.file(log.header('jsonl')));
  // It is another log than the one that was signed, and that is all that is wrong with it.
  expect(problem?.what ?? '').not.toContain('nested');
});

test('what is revealed is not walked through when it is nested too deep', () => {
  expect(() => parseRevelation(`{"muster":"audit-opening","version":1,"value":${nested(100_000)}}`)).toThrow(
    expect.objectContaining({ code: 'LINE_DAMAGED', message: expect.stringContaining('nested') }),
  );
});

test('without a key from elsewhere, consistency is proven and not the origin', async () => {
  const lines = [...log.file(log.header('jsonl'))];
  expect(await verify(lines, { keys: [] })).toMatchObject({ ok: true, origin: 'not proven' });
  const other = parseVerifierKey(formatVerifierKey(OTHER_KEY));
  expect(await problemOf(lines, { keys: [other] })).toContain('signed with other keys than the one given');
});

/** As `log`, and its last leaf is the run that ended what is below leaf 300. */
const ended = (more: Parameters<typeof asRun>[2] = {}) =>
  new SealedLog(700, (entry) => (entry.correlationId === 'req_699' ? asRun(entry, 300, more) : entry));
const gone = new Set([3, 299]);

test('what is gone passes as expired only where a run of expiry, a leaf of the log, covers it', async () => {
  const kept = ended();
  const header = kept.header('jsonl', { horizon: kept.horizon(300) });
  expect(await verify(kept.file(header, gone))).toMatchObject({
    ...{ ok: true, problem: null, entries: 698, expired: 2, expiryShownBy: 'run' },
  });
  const [missing, uncovered] = [
    await problemOf(kept.file(header, new Set([300]))),
    await problemOf(kept.file(kept.header('jsonl'), gone)),
  ];
  expect(missing).toContain('leaf 300 is MISSING: the log has ended what is below leaf 300');
  expect(uncovered).toContain('leaf 3 is MISSING: no run of expiry (audit_log.expiry_ran)');
});

test('a deletion between 180 days and the retention is found: the run says what was due', async () => {
  const kept = ended({ retentionDays: 400 });
  // A head of 190 days before covers what was deleted; the run of the log has ended none of it.
  const at = new Date(EXPORTED_AT.getTime() - 190 * 86_400_000);
  const header = kept.header('jsonl', { horizon: kept.horizon(600, at) });
  expect(await problemOf(kept.file(header, gone))).toContain('no head shows that it was sealed 400 days before');
  const old = new Date(EXPORTED_AT.getTime() - 402 * 86_400_000);
  const due = kept.header('jsonl', { horizon: kept.horizon(300, old) });
  expect(await verify(kept.file(due, gone))).toMatchObject({ ok: true, expired: 2 });
  expect(await problemOf(kept.file(due, new Set([450])))).toContain('leaf 450 is MISSING');
});

test.each<[string, Parameters<typeof asRun>[2], string]>([
  ['while a legal hold stood', { holds: 1 }, 'while a legal hold stood'],
  ['under a retention that no deployment can set', { retentionDays: 179 }, 'none is under 180'],
  ['of what no head shows to be so old', { endedBelow: 301 }, 'no head shows'],
])('a run that ended entries %s shows nothing', async (_what, more, told) => {
  const kept = ended(more);
  expect(await problemOf(kept.file(kept.header('jsonl', { horizon: kept.horizon(300) }), gone))).toContain(told);
});

test('a run that is none, is another entry, or is not in the log, shows nothing', async () => {
  const kept = ended();
  const horizon = kept.horizon(300);
  const { run } = horizon;
  if (!run) throw new Error('a horizon has a run');
  const told = (other: Partial<typeof run>) =>
    problemOf(kept.file(kept.header('jsonl', { horizon: { ...horizon, run: { ...run, ...other } } }), gone));
  expect(await problemOf(log.file(log.header('jsonl', { horizon: log.horizon(300) }), gone))).toContain('is none');
  expect(await told({ leaf: { ...run.leaf, keeping: { ...KEEPING, endedBelow: 600 } } })).toContain(
    'not what was sealed',
  );
  expect(await told({ proof: [] })).toContain('not proven to be in the log');
  expect(await told({ leafIndex: 698 })).toContain('not proven to be in the log');
});

const KEEPING = { retentionDays: 180, holds: 0, announcedBelow: null, endedBelow: 300 };

test('the head of an expiry may be signed by a key that was replaced since', async () => {
  const kept = ended();
  const note = kept.note(300, new Date('2025-01-01'), OTHER_KEY);
  const replaced = kept.header('jsonl', { horizon: { ...kept.horizon(300), note } });
  expect(await verify(kept.file(replaced))).toMatchObject({ ok: true });
  expect(await problemOf(kept.file(replaced, gone))).toContain('give the older one as well');
  const both = [...keys, parseVerifierKey(formatVerifierKey(OTHER_KEY))];
  expect(await verify(kept.file(replaced, gone), { keys: both })).toMatchObject({ ok: true, expired: 2 });
  const lied = kept.header('jsonl', { horizon: kept.horizon(300), createdAt: '2027-01-01T00:00:00.000Z' });
  expect(await problemOf(kept.file(lied, gone))).toContain('later than now');
});

describe.each(EXPORT_FORMATS)('entries around the period that was asked for, in %s,', (format) => {
  const ofNothing = log.period(100, 612);
  if (!('range' in ofNothing) || !ofNothing.range.period) throw new Error('a range has a period');
  // Entries are seven milliseconds apart: the period holds those from 200 to before 400.
  const begin = SEALED_AT.getTime() - 3_600_000;
  const period = {
    ...{ from: new Date(begin + 200 * 7).toISOString(), to: new Date(begin + 400 * 7).toISOString() },
    ...{
      before: log.note(100, new Date(begin - 300_000)),
      after: log.note(612, new Date(SEALED_AT.getTime() + 10_000)),
    },
  };
  const header = log.header(format, { scope: { range: { ...ofNothing.range, period } } });
  const lines = [...log.file(header)];

  test('are marked, counted apart, and show nothing personal', async () => {
    expect(await verify(lines)).toMatchObject({ ok: true, problem: null, entries: 200, outside: 312 });
    expect(await verify(lines)).toMatchObject({ firstAt: log.entries[200]?.at, lastAt: log.entries[399]?.at });
    const [around, within] = [
      lines.filter((line) => line.includes(WHO_IS_OUTSIDE[format])),
      lines.filter((line) => line.includes('192.0.2.7')),
    ];
    expect([around.length, within.length]).toEqual([312, 200]);
    expect(around.join('')).not.toMatch(/192\.0\.2\.7|uid-\d|laptop|shipping|ses_|mine-/u);
  });

  test('a mark that is taken off, or put on, is found', async () => {
    const records = Array.from({ length: 512 }, (_, at) => log.record(100 + at, new Set(), false, false, period));
    const taken = log.record(100);
    const put = { ...log.record(300, new Set(PERSONAL_FIELDS)), outside: 'before' } as BodyRecord;
    for (const [at, record] of [
      [0, taken],
      [200, put],
    ] as const) {
      const writer = new ExportWriter(header);
      const file = [writer.begin(), ...records.with(at, record).map((one) => writer.add(one)), writer.end()];
      expect(await problemOf(file)).toContain('is not marked for what it is');
    }
  });
});

/** What only a line of an entry around the period has, for whoever loads the file into something else. */
const WHO_IS_OUTSIDE = {
  jsonl: '"outside":"',
  csv: '"Outside of the period',
  ocsf: '"labels":["outside-period"]',
  cloudevents: '"type":"dev.muster.audit.entry.outside"',
};

describe('files that were made before leaves had a second version', () => {
  const file = (name: string) => readFileSync(join(__dirname, `../../test/exports/v1/${name}`), 'utf8');

  test.each(EXPORT_FORMATS)('verify as %s', async (format) => {
    const found = async (name: string) => verify([file(`${name}.${format}`)]);
    expect(await found('whole')).toMatchObject({
      ok: true,
      problem: null,
      entries: 40,
      outside: 0,
      expiryShownBy: null,
    });
    expect(await found('withheld')).toMatchObject({ ok: true, problem: null, entries: 40 });
    expect(await found('period')).toMatchObject({ ok: true, problem: null, entries: 20, outside: 0 });
    expect(await found('drill')).toMatchObject({ ok: true, problem: null, entries: 1 });
    expect(await found('expired')).toMatchObject({ ok: true, entries: 38, expired: 2, expiryShownBy: 'age' });
  });

  test('a field that was revealed of one of them does, too', async () => {
    const revealed = [parseRevelation(file('revealed.json'))];
    expect(await verify([file('withheld.jsonl')], { revealed })).toMatchObject({ ok: true, revealed: 1 });
  });

  test('their leaves have the hashes that they had', () => {
    const leaves = JSON.parse(file('leaves.json')) as { entry: SealedEntry; salt: string; hash: string }[];
    for (const { entry, salt, hash } of leaves) {
      const former = { ...entry, v: 1 as const, callerRequestId: 'not of it', keeping: null };
      expect(toBase64(hashOfLeaf(leafOf(former, salt)))).toBe(hash);
      expect(toBase64(hashOfLeaf(leafOf({ ...former, v: 2 }, salt)))).not.toBe(hash);
    }
    expect(leaves).toHaveLength(6);
  });

  test('and a file of theirs has no leaf of another version', async () => {
    const writer = new ExportWriter(log.header('jsonl', { version: 1 }));
    const lines = [writer.begin(), writer.add(log.record(0)), writer.end()];
    expect(await problemOf(lines)).toContain('The file is of version 1');
  });
});

test('a head that was kept is compared with', async () => {
  const lines = [...log.file(log.header('jsonl'))];
  for (const size of [1, 256, 700]) expect(await verify(lines, { held: [log.note(size)] })).toMatchObject({ ok: true });
  const forked = new SealedLog(700, (entry) => ({
    ...entry,
    action: String(entry.id).endsWith('3') ? 'a.b' : entry.action,
  }));
  for (const size of [10, 300, 700])
    expect(await problemOf(lines, { held: [forked.note(size)] })).toContain('the log was rewritten');
  const some = [...log.file(log.header('jsonl', { scope: log.period(100, 600) }))];
  expect(await verify(some, { held: [log.note(300)] })).toMatchObject({ ok: true });
  expect(await problemOf(some, { held: [log.note(50)] })).toContain('cannot be compared');
});

test('a range that says it is of a time must have heads around that time', async () => {
  const scope = log.period(100, 600);
  if (!('range' in scope) || !scope.range.period) throw new Error('a range has a period');
  const { period } = scope.range;
  const file = (more: Partial<typeof period>, range = {}) =>
    log.file(log.header('jsonl', { scope: { range: { ...scope.range, ...range, period: { ...period, ...more } } } }));
  expect(await problemOf(file({ from: '2026-03-31T07:00:00.000Z' }))).toContain('may stand before this range');
  expect(await problemOf(file({ to: '2026-03-31T09:00:00.000Z' }))).toContain('may stand after this range');
  expect(await problemOf(file({ before: null }))).toContain('does not begin where');
  expect(await problemOf(file({ after: null }))).toContain('does not end where');
  expect(await problemOf(file({ before: log.note(100, SEALED_AT, OTHER_KEY) }))).toContain('not signed by the log');
});

test('a field that is revealed later must be the one that was sealed', async () => {
  const lines = [...log.file(log.header('jsonl', { withheld: ['rationale', 'ip'] }))];
  const { salt, value } = openingsOf(log.entries[5] as SealedEntry, 'salt of 5').rationale as Opening;
  const opening: Revelation = {
    muster: 'audit-opening',
    version: 1,
    origin: KEY.name,
    leafIndex: 5,
    field: 'rationale',
    salt,
    value,
  };
  expect(commitmentTo('rationale', opening)).toHaveLength(44);
  expect(await verify(lines, { revealed: [opening] })).toMatchObject({ ok: true, revealed: 1 });
  expect(await problemOf(lines, { revealed: [{ ...opening, value: 'something else' }] })).toContain(
    'not what was sealed',
  );
  expect(await problemOf(lines, { revealed: [{ ...opening, leafIndex: 900 }] })).toContain('not in this file');
  expect(await problemOf(lines, { revealed: [{ ...opening, field: 'target' }] })).toContain('not withheld');
});

test.each<[string, (lines: string[]) => string[], string]>([
  ['is cut between lines', (lines) => lines.slice(0, -2), 'has no end'],
  ['is cut within a line', (lines) => [lines.join('').slice(0, -20)], 'ends in the middle of a line'],
  ['is empty', () => [], 'The file is empty'],
  ['has Windows line ends', (lines) => lines.map((line) => line.replace('\n', '\r\n')), 'ends of lines were changed'],
  ['begins with a mark', (lines) => ['\uFEFF', ...lines], 'does not begin as an export'],
  ['goes on after its end', (lines) => [...lines, lines[1] ?? ''], 'added after the end'],
  ['lacks a line', (lines) => lines.toSpliced(9, 1), 'Leaf 8 is missing'],
  ['has a line twice', (lines) => lines.toSpliced(9, 0, lines[9] ?? ''), 'there twice'],
  ['has two lines swapped', (lines) => lines.toSpliced(9, 2, lines[10] ?? '', lines[9] ?? ''), 'Leaf 8 is missing'],
  ['is something else', () => ['{"hello":1}\n'], 'does not begin as an export'],
])('a file that %s does not verify', async (_, change, words) => {
  expect(await problemOf(change([...log.file(log.header('jsonl'))]))).toContain(words);
});

test('a leaf and its hash, changed together with the digest, are not what was signed', async () => {
  const forged = new SealedLog(700);
  (forged.entries[12] as SealedEntry).outcome = 'success!';
  forged.hashes[12] = hashOfLeaf(leafOf(forged.entries[12] as SealedEntry, 'salt of 12'));
  expect(await problemOf(forged.file(log.header('jsonl')))).toContain('are not what the log has signed');
});

test('lines of CSV end as RFC 4180 has it, and a file that ends them in another way was changed', async () => {
  const lines = [...log.file(log.header('csv'))];
  const text = lines.join('');
  expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/u);
  expect(await problemOf([text.replaceAll('\r\n', '\n')])).toContain('The digest at the end');
  expect(await problemOf(lines.with(9, (lines[9] ?? '').replace('\r\n', '\n')))).toContain(
    'ends of lines were changed',
  );
  expect(await problemOf([text.slice(0, -1)])).toContain('ends in the middle of a line');
});

test('a file that Muster 0.1.0 wrote, which ended lines of CSV otherwise, verifies', async () => {
  const file = readFileSync(join(__dirname, '../../test/exports/0.1.0.csv'), 'utf8');
  expect(file).not.toContain('\r');
  expect(await verify([file])).toMatchObject({ ok: true, problem: null, entries: 20, origin: 'proven' });
  expect(await problemOf([file.replaceAll('\n', '\r\n')])).toContain('The digest at the end');
});

test('another reader of CSV finds the columns, and no cell that a spreadsheet runs', async () => {
  const lines = [...log.file(log.header('csv'))];
  const rows = parse(lines.join(''), { columns: true, record_delimiter: '\r\n' }) as Record<string, string>[];
  expect(rows).toHaveLength(702);
  expect(rows[1]).toMatchObject({ kind: 'entry', leafIndex: '0', actorId: 'uid-0', outcome: 'refused' });
  expect(rows[2]?.['rationale']).toBe('über 20 €, "quoted" (1)');
  for (const row of rows) for (const cell of Object.values(row)) expect(cell).not.toMatch(/^\s*[=+\-@]/u);
  const atSemicolons = parse(lines.join('').replaceAll('"', ''), {
    delimiter: ';',
    relax_column_count: true,
  });
  for (const cell of atSemicolons.flat()) expect(cell).not.toMatch(/^\s*[=+\-@]/u);
});

test('an event of OCSF has what its class requires, and one of CloudEvents too', () => {
  for (const line of log.file(log.header('ocsf', { withheld: ['ip', 'actorId'] }))) {
    const event = JSON.parse(line.split('\n').find(Boolean) ?? '') as Record<string, unknown>;
    expect(event).toMatchObject({ category_uid: 6, class_uid: 6003, api: { operation: expect.any(String) } });
    expect(event['type_uid']).toBe(600_300 + Number(event['activity_id']));
    for (const required of ['time', 'severity_id', 'metadata', 'actor', 'src_endpoint'])
      expect(event[required]).toBeDefined();
  }
  for (const line of log.file(log.header('cloudevents'))) {
    const event = JSON.parse(line) as Record<string, unknown>;
    expect(event).toMatchObject({
      specversion: '1.0',
      id: expect.stringMatching(/./u),
      source: '//log.test/audit',
      type: expect.stringMatching(/^dev\.muster\./u),
    });
  }
});

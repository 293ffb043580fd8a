import { mkdtempSync, readFileSync, statSync, writeFileSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ResponseOf } from '@muster/contract';
import type { Verdict } from '@muster/tlog/export';
import { behind, deskOf, newDesk, newScenario, type Desk, type Person } from './desk/muster';

const suite = behind();
const folder = mkdtempSync(join(tmpdir(), 'muster-evidence-'));
const fileOf = (name: string): string => join(folder, name);

let staff: Desk & Person;
let auditor: Desk & Person;
/** Nobody is signed in here: what verifies needs no account. */
const stranger = newDesk();
let drill: string;
let key: string;

beforeAll(async () => {
  [staff, auditor] = await Promise.all([deskOf(suite, { staff: true }), deskOf(suite, { auditor: true })]);
  const scenario = await newScenario(suite);
  const started = await staff.json<ResponseOf<'drills-start'>>(['drill', 'start', '--scenario', scenario]);
  drill = started.drill.id;
  await staff.json(['drill', 'event', drill, 'detected', '--note', 'a laptop was stolen']);
  await auditor.json(['audit', 'export', '--out', fileOf('whole.jsonl'), '--seal']);
  key = (await auditor.json<ResponseOf<'audit-head'>>(['audit', 'head'])).keys[0] ?? '';
});
afterAll(() => suite.close());

const verified = (name: string, ...more: string[]) => stranger.run(['audit', 'verify', fileOf(name), ...more]);

test('the whole log is exported and checked offline, with a key and plainly without', async () => {
  expect(statSync(fileOf('whole.jsonl')).mode & 0o777).toBe(0o600);
  expect(existsSync(fileOf('whole.jsonl.part')) || existsSync(fileOf('whole.jsonl.part.json'))).toBe(false);
  const proven = await verified('whole.jsonl', '--key', key);
  expect(proven).toMatchObject({ exitCode: 0, stderr: '' });
  expect(proven.stdout).toContain('none was changed, removed, inserted or reordered');
  expect(proven.stdout).toContain('Complete: every one of');
  const without = await verified('whole.jsonl');
  expect(without.exitCode).toBe(0);
  expect(without.stdout).toContain('NOT who');
  writeFileSync(fileOf('keys.txt'), `# of the team\n${key}\n`);
  const verdict = await stranger.json<Verdict>(['audit', 'verify', fileOf('whole.jsonl'), '--key', fileOf('keys.txt')]);
  expect(verdict).toMatchObject({ ok: true, origin: 'proven', problem: null });
});

test.each(['csv', 'ocsf', 'cloudevents'])('a drill is exported as %s, without what is personal', async (format) => {
  const name = `drill.${format}`;
  const { exitCode, stdout } = await auditor.run([
    ...['audit', 'export', '--out', fileOf(name), '--drill', drill, '--format', format, '--withhold', 'personal'],
  ]);
  expect({ exitCode, stdout }).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('NOT proven') });
  expect(readFileSync(fileOf(name), 'utf8')).not.toContain(staff.uid);
  expect((await verified(name, '--key', key)).exitCode).toBe(0);
});

test('a file that was changed ends with 9, and says where', async () => {
  const text = readFileSync(fileOf('whole.jsonl'), 'utf8');
  writeFileSync(fileOf('changed.jsonl'), text.replace(staff.uid, 'somebody-else'));
  const { exitCode, stdout } = await verified('changed.jsonl', '--key', key);
  expect(exitCode).toBe(9);
  expect(stdout).toMatch(/DOES NOT HOLD[^]*First problem, in line [\d,]+: .*its content was changed/u);
  writeFileSync(fileOf('deep.jsonl'), text.replace(`"${staff.uid}"`, `${'['.repeat(100_000)}${']'.repeat(100_000)}`));
  const deep = await verified('deep.jsonl', '--key', key);
  expect({ exitCode: deep.exitCode, stderr: deep.stderr }).toEqual({ exitCode: 9, stderr: '' });
  expect(deep.stdout).toMatch(/First problem, in line [\d,]+: .*nested/u);
  expect((await verified('missing.jsonl')).exitCode).toBe(2);
  expect((await verified('whole.jsonl', '--key', 'log+not+akey')).exitCode).toBe(2);
});

test('an export that was interrupted goes on where it ended, and is the same file', async () => {
  const whole = fileOf('whole.jsonl');
  const again = fileOf('again.jsonl');
  expect((await auditor.run(['audit', 'export', '--out', again, '--resume'])).exitCode).toBe(2);
  const lines = readFileSync(whole, 'utf8').split('\n').filter(Boolean);
  const header = JSON.parse(lines[0] ?? '') as { scope: { range: { end: number } } };
  const half = Math.min(2, header.scope.range.end);
  const written = lines
    .slice(0, 1 + half)
    .map((line) => `${line}\n`)
    .join('');
  // As a run leaves it that was killed after it wrote more than it had noted down.
  writeFileSync(`${again}.part`, `${written}{"kind":"entry","leafIn`, { mode: 0o600 });
  const request = {
    ...{
      log: process.env['MUSTER_FUNCTIONS_URL'],
      format: 'jsonl',
      withheld: [],
      from: null,
      to: null,
      selection: null,
    },
  };
  const state = {
    ...{ request, header, place: { next: half, cursor: null, done: false }, bytes: Buffer.byteLength(written) },
    counts: { entries: half, outside: 0, gone: 0, damaged: 0 },
  };
  writeFileSync(`${again}.part.json`, JSON.stringify(state));
  const other = await auditor.run(['audit', 'export', '--out', again, '--withhold', 'ip']);
  expect(other).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('is left of another export') });
  expect(await auditor.run(['audit', 'export', '--out', again])).toMatchObject({ exitCode: 0 });
  expect(readFileSync(again, 'utf8')).toBe(readFileSync(whole, 'utf8'));
  expect((await auditor.run(['audit', 'export', '--out', again])).stderr).toContain('exists');
});

test('one entry is proven in a file of its own, and one withheld field revealed later', async () => {
  const { entries } = await auditor.json<ResponseOf<'audit-query'>>(['audit', '--target', `drills/${drill}`]);
  const id = entries[0]?.id ?? '';
  expect((await auditor.run(['audit', 'prove', id])).stdout).toMatch(/^Leaf \d+ of .+[^]*hash/u);
  const proof = await auditor.run(['audit', 'prove', id, '--out', fileOf('proof.jsonl'), '--withhold', 'actorId']);
  expect(proof.exitCode).toBe(0);
  expect((await verified('proof.jsonl', '--key', key)).exitCode).toBe(0);
  const revealed = fileOf('opening.json');
  const asked = ['audit', 'reveal', fileOf('proof.jsonl'), '--entry', id, '--field', 'actorId', '--out', revealed];
  expect((await auditor.run(asked)).exitCode).toBe(0);
  expect(readFileSync(revealed, 'utf8')).toContain(staff.uid);
  expect((await verified('proof.jsonl', '--key', key, '--reveal', revealed)).stdout).toContain('as they were sealed');
  writeFileSync(fileOf('lie.json'), readFileSync(revealed, 'utf8').replace(staff.uid, 'somebody-else'));
  expect((await verified('proof.jsonl', '--reveal', fileOf('lie.json'))).exitCode).toBe(9);
});

test('a head that was kept is compared with, and the page is handed out', async () => {
  const { head } = await auditor.json<ResponseOf<'audit-head'>>(['audit', 'head']);
  writeFileSync(fileOf('head.txt'), head?.note ?? '');
  await auditor.run(['audit', 'export', '--out', fileOf('later.jsonl'), '--seal']);
  expect(await verified('later.jsonl', '--key', key, '--head', fileOf('head.txt'))).toMatchObject({ exitCode: 0 });
  expect((await stranger.run(['audit', 'page', '--out', fileOf('verify.html')])).exitCode).toBe(0);
  expect(readFileSync(fileOf('verify.html'), 'utf8')).toContain("default-src 'none'");
});

test('who may not read the audit exports nothing', async () => {
  const member = await deskOf(suite);
  expect((await member.run(['audit', 'export', '--out', fileOf('none.jsonl')])).exitCode).toBe(4);
  expect(existsSync(fileOf('none.jsonl')) || existsSync(fileOf('none.jsonl.part'))).toBe(false);
});

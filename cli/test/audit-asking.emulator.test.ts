/** Asking the audit from a terminal: by words, by what is kept, counted, and as it comes. */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { audit, ResponseOf } from '@muster/contract';
import { behind, BIN, deskOf, newScenario, type Desk, type Person } from './desk/muster';

const suite = behind();
/** Of this run alone, so that nothing else in the suite says it. */
const word = `w${randomBytes(6).toString('hex')}`;
let staff: Desk & Person;
let auditor: Desk & Person;
let drillId: string;

beforeAll(async () => {
  const scenario = await newScenario(suite);
  staff = await deskOf(suite, { staff: true });
  auditor = await deskOf(suite, { auditor: true });
  const { drill } = await staff.json<ResponseOf<'drills-start'>>([
    'drill',
    'start',
    '--scenario',
    scenario,
    '--severity',
    'P2',
  ]);
  drillId = drill.id;
  await staff.json(['drill', 'cancel', drillId, '--reason', `It was ${word.toUpperCase()}, they said.`]);
});
const started: ChildProcess[] = [];
afterAll(async () => {
  for (const child of started) child.kill('SIGKILL');
  await suite.close();
});

const asked = async (...args: string[]) =>
  (await auditor.json<ResponseOf<'audit-query'>>(['audit', ...args])).entries.map(({ action }) => action);

test('by a word of the reason, the drill and the severity', async () => {
  expect(await asked('--text', word)).toEqual(['studio_ops.drill_event']);
  expect(await asked('--text', word.slice(0, 5), '--drill', drillId)).toEqual(['studio_ops.drill_event']);
  expect(await asked('--drill', drillId, '--severity', 'P2')).toHaveLength(2);
  expect(await asked('--drill', drillId, '--severity', 'P1')).toEqual([]);
  expect(await asked('--drill', drillId, '--action', 'studio_ops.drill')).toEqual([]);
});

test('where and in which sign-in it was done is in an entry, and finds the others of it', async () => {
  const { entries } = await auditor.json<ResponseOf<'audit-query'>>(['audit', '--text', word]);
  const sessionId = entries[0]?.sessionId ?? '';
  expect(sessionId).toMatch(/^ses_/u);
  expect((await asked('--session', sessionId)).length).toBeGreaterThanOrEqual(2);
});

test('two questions about a list are refused in the words that were typed', async () => {
  const { exitCode, stderr } = await auditor.run(['audit', '--text', word, '--action-prefix', 'studio']);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('  --text: not together with');
});

test('a query is kept, listed, asked with more, and deleted by its name', async () => {
  const name = `All of ${word}`;
  const saved = await staff.run(['audit', 'queries', 'save', name, '--text', word, '--outcome', 'success']);
  expect(saved.stdout).toContain(`muster audit --saved '${name}'`);
  expect((await auditor.run(['audit', 'queries'])).stdout).toContain(`--text ${word} --outcome success`);
  expect(await asked('--saved', name.toUpperCase())).toEqual(['studio_ops.drill_event']);
  expect(await asked('--saved', name, '--outcome', 'failed')).toEqual([]);

  const none = await auditor.run(['audit', '--saved', 'nobody kept this']);
  expect(none).toMatchObject({ exitCode: 2, stdout: '' });
  expect(none.stderr).toContain(name);
  expect((await auditor.run(['audit', 'queries', 'save', 'mine', '--text', word])).exitCode).toBe(4);
  expect((await auditor.run(['audit', 'queries', 'delete', name])).exitCode).toBe(4);
  expect((await staff.run(['audit', 'queries', 'delete', name])).stdout).toContain('Deleted');
  expect((await staff.run(['audit', 'queries', 'delete', name])).exitCode).toBe(2);
});

test('counted: a row for each prefix, with small bars, and each bucket of one', async () => {
  const from = new Date(Date.now() - 3 * 3_600_000).toISOString();
  const to = new Date(Date.now() + 3_600_000).toISOString();
  const within = ['audit', 'stats', '--from', from, '--to', to, '--bucket', 'hour'];
  const one = ['--action-prefix', 'studio_ops.drill_', '--drill', drillId];
  const counted = await auditor.json<ResponseOf<'audit-stats'>>([...within, ...one]);
  expect(counted.rows).toMatchObject([{ action: 'studio_ops.drill_', actor: null, total: 2, capped: false }]);
  expect((await auditor.run([...within, ...one])).stdout).toMatch(/: studio_ops\.drill_…, 2 in all\.[\s\S]* 2 +█/u);
  const page = (await auditor.run([...within, ...one, '--action-prefix', 'capability.'])).stdout;
  expect(page).toMatch(/^studio_ops\.drill_… +2 +·*[▁▂▃▄▅▆▇█]/mu);
  expect(page).toMatch(/^capability\.… +0 +·+$/mu);
  const refused = await auditor.run(['audit', 'stats', '--from', '2020-01-01T00:00:00Z']);
  expect(refused.exitCode).toBe(2);
  expect(refused.stderr).toContain('--bucket');
});

test('an entry of the product is refused to who is no recorder, and where nothing is declared', async () => {
  const append = ['audit', 'append', '--action', 'shop.order_paid', '--target', 'orders/1', '--metadata', '{"of": 3}'];
  expect((await staff.run(append)).exitCode).toBe(4);
  const recorder = await deskOf(suite, { recorder: true });
  const { exitCode, stderr } = await recorder.run(append);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('--action: not in a namespace that MUSTER_AUDIT_NAMESPACES declares');
  expect((await recorder.run([...append.slice(0, -1), '{"of": '])).exitCode).toBe(2);
});

test('tail shows what comes, once, and ends with 0 on Ctrl-C', async () => {
  const child = spawn(process.execPath, [BIN, 'audit', 'tail', '--json', '--actor', staff.uid, '--last', '1'], {
    env: { ...process.env, XDG_CONFIG_HOME: auditor.config, MUSTER_ID_TOKEN: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.push(child);
  const closed = once(child, 'close');
  let said = '';
  let complained = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complained += text));
  const rows = () =>
    said
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as audit.AuditRow);
  const came = (count: number) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (rows().length >= count) resolve();
      };
      child.once('close', () => reject(new Error(`it ended: ${complained}`)));
      child.stdout.on('data', look);
      // It may have come before anyone waited for it.
      look();
    });
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));

  await came(1);
  // A name of this test alone, which stops nothing beside it.
  await staff.json(['policy', 'kill', `connector.${word}`, '--reason', `It is slow: ${word}.`]);
  await came(2);
  await staff.json(['policy', 'restore', `connector.${word}`, '--reason', `It is fast again: ${word}.`]);
  await came(3);
  child.kill('SIGINT');
  expect(await closed).toEqual([0, null]);
  expect(complained).toBe('');
  expect(
    rows()
      .slice(1)
      .map(({ action }) => action),
  ).toEqual(['capability.policy.kill_switch_enabled', 'capability.policy.kill_switch_disabled']);
  expect(new Set(rows().map(({ id }) => id)).size).toBe(rows().length);
});

/** `muster chaos …` as people type it, on the suite. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Journal } from '@muster/chaos';
import type { ResponseOf } from '@muster/contract';
import { behind, BIN, deskOf, newScenario, type Desk, type Person } from '../desk/muster';

const suite = behind();
let staff: Desk & Person;
let scenario: string;

beforeAll(async () => {
  scenario = await newScenario(suite);
  staff = await deskOf(suite, { staff: true });
});
afterAll(() => suite.close());

const CHAOS = { CHAOS_MODE: 'true' };
const journalOf = (name: string): string => join(staff.config, `${name}.json`);
const runsOf = async (name: string) => {
  const { experiments } = await staff.json<ResponseOf<'chaos-list'>>(['chaos', 'runs', '--experiment', name]);
  return experiments.filter(({ by }) => by === staff.uid);
};

test('what there is, and what one does, is told without a backend', async () => {
  const { stdout } = await staff.run(['chaos', 'list']);
  expect(stdout.match(/^[a-z-]+(?= {2})/gmu)).toHaveLength(7);
  const declaration = await staff.json<Journal['experiment']>(['chaos', 'show', 'kill-switch']);
  expect(declaration).toMatchObject({ version: '1.0.0', 'steady-state-hypothesis': { probes: expect.any(Array) } });
  const unknown = await staff.run(['chaos', 'show', 'meteor']);
  expect(unknown.exitCode).toBe(2);
  expect(unknown.stderr).toContain('kill-switch');
});

test('a run as a drill: its journal is what the backend has the digest of, and its times are in the drill', async () => {
  const file = journalOf('policy-outage');
  const run = ['chaos', 'run', 'policy-outage', '--drill', scenario, '--journal', file];
  const journal = await staff.json<Journal>(run, CHAOS);
  expect(journal).toMatchObject({ status: 'completed', deviated: false });
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(journal);
  const [kept] = await runsOf('policy-outage');
  expect(kept).toMatchObject({
    status: 'completed',
    figures: journal.muster.figures,
    journalDigest: createHash('sha256').update(readFileSync(file)).digest('hex'),
    drillId: journal.muster.drillId,
  });
  const { drill } = await staff.json<ResponseOf<'drills-get'>>(['drill', 'show', journal.muster.drillId ?? '']);
  expect(drill).toMatchObject({ status: 'completed', outcome: 'success' });
  expect(drill.milestones.detected).toBe(journal.muster.moments.detected);
});

test('Ctrl-C rolls back first, and says so', async () => {
  const file = journalOf('interrupted');
  const child = spawn(process.execPath, [BIN, 'chaos', 'run', 'kill-switch', '--journal', file], {
    env: { ...process.env, ...CHAOS, XDG_CONFIG_HOME: staff.config },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let told = '';
  child.stdout.resume();
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    // The moment that the brake is set: the one at which leaving it would hurt most.
    if (!told.includes('✓ kill chaos') && (told + text).includes('✓ kill chaos')) child.kill('SIGINT');
    told += text;
  });
  const exitCode = await new Promise((resolve) => child.once('close', resolve));
  expect(exitCode).toBe(130);
  expect(told).toContain('Interrupted: rolling back');
  const journal = JSON.parse(readFileSync(file, 'utf8')) as Journal;
  expect(journal.status).toBe('interrupted');
  expect(journal.rollbacks.map(({ status }) => status)).toEqual(['succeeded']);
  const [kept] = await runsOf('kill-switch');
  expect(kept).toMatchObject({ status: 'aborted', id: journal.muster.experimentId });
  const { killSwitches } = await staff.json<ResponseOf<'policy-get'>>(['policy']);
  expect(killSwitches.map(({ capability }) => capability)).not.toContain(`chaos.${journal.muster.scope}`);
});

test('a game day of two is reported, and compared with the one before', async () => {
  const out = join(staff.config, 'gamedays');
  const day = ['gameday', '--no-drill', '--only', 'policy-outage', '--only', 'forgery', '--out', out];
  expect((await staff.run(day, CHAOS)).stdout).toContain('Every brake held: 2 experiments');
  const { exitCode, stdout } = await staff.run(day, CHAOS);
  expect({ exitCode, stdout }).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('Every brake held') });
  const report = readFileSync(/Report: (.+\.md)/u.exec(stdout)?.[1] ?? '', 'utf8');
  expect(report).toContain('- Compared with ');
  expect(report).toContain('xychart-beta');
});

/** `muster audit keygen` and `muster audit witness` against the suite: cosigned, submitted, and the alarm of a log that lies. */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEVELOPMENT_LOG_KEY } from '@muster/functions/platform/deployment';
import { signCheckpoint, verifyCheckpoint } from '@muster/tlog/checkpoint';
import { utf8 } from '@muster/tlog/crypto';
import { leafHash } from '@muster/tlog/merkle';
import { parseNote, parseSignerKey, parseVerifierKey, vouchedBy } from '@muster/tlog/note';
import { beginState } from '../../src/audit/witness/state-file';
import { vouch } from '../../src/audit/witness/vouch';
import { newFolder } from './witnessed-log';
import { behind, deskOf, newDesk, newScenario, type Behind, type Desk } from '../desk/muster';

let suite: Behind;
let auditor: Desk;
let folder: string;
beforeAll(async () => {
  suite = behind();
  folder = newFolder();
  const staff = await deskOf(suite, { staff: true });
  await staff.json(['drill', 'start', '--scenario', await newScenario(suite), '--severity', 'P1']);
  auditor = await deskOf(suite, { auditor: true });
  await auditor.json(['audit', 'seal']);
});
afterAll(() => suite.close());

const at = (name: string): string => join(folder, name);
const keygen = (name: string): Promise<{ verifierKey: string }> =>
  newDesk().json(['audit', 'keygen', '--witness', '--name', `witness.test/${name}`, '--out', at(`${name}.key`)]);
const headNow = () => auditor.json<{ head: { size: number; note: string }; keys: string[] }>(['audit', 'head']);
const witness = (log: string, name: string, ...more: string[]) =>
  auditor.run(['audit', 'witness', '--log', log, '--key', at(`${name}.key`), '--state', at(`${name}.json`), ...more]);

interface Told {
  cosigned: { size: number; note: string };
  submitted: boolean | null;
}

test('keygen writes a key that nobody else reads, once', async () => {
  const { verifierKey } = await keygen('once');
  const secret = readFileSync(at('once.key'), 'utf8');
  expect(statSync(at('once.key')).mode & 0o777).toBe(0o600);
  expect(secret).toMatch(/^PRIVATE\+KEY\+witness\.test\/once\+/u);
  expect(parseVerifierKey(verifierKey)).toMatchObject({ name: 'witness.test/once', type: 4 });
  const again = await newDesk().run(['audit', 'keygen', '--name', 'log.test/audit', '--out', at('once.key')]);
  expect(again).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('is not overwritten') });
  expect(readFileSync(at('once.key'), 'utf8')).toBe(secret);
  const wrong = await newDesk().run(['audit', 'keygen', '--name', 'a+b', '--out', at('wrong.key')]);
  expect(wrong.exitCode).toBe(2);
});

test('a witness must be begun, cosigns what it sees, and goes on from there', async () => {
  const { verifierKey } = await keygen('watching');
  const { head, keys } = await headNow();
  const [log = ''] = keys;
  expect(await witness(log, 'watching', '--no-submit')).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('--begin'),
  });

  const first = await witness(log, 'watching', '--begin', '--no-submit', '--json');
  expect(first).toMatchObject({ exitCode: 0, stderr: '' });
  const { cosigned, submitted } = JSON.parse(first.stdout) as Told;
  expect(submitted).toBeNull();
  expect(cosigned.size).toBeGreaterThanOrEqual(head.size);
  expect(vouchedBy(parseNote(cosigned.note), parseVerifierKey(verifierKey)).signed).toBe(true);
  expect(verifyCheckpoint(cosigned.note, [parseVerifierKey(log)]).size).toBe(cosigned.size);

  const staff = await deskOf(suite, { staff: true });
  await staff.json(['drill', 'start', '--scenario', await newScenario(suite), '--severity', 'P1']);
  await auditor.json(['audit', 'seal']);
  const second = await witness(log, 'watching', '--no-submit', '--json');
  expect((JSON.parse(second.stdout) as Told).cosigned.size).toBeGreaterThan(cosigned.size);
  expect(await witness(log, 'watching', '--begin', '--no-submit')).toMatchObject({ exitCode: 2 });
});

/** The suite's own key, which everyone can read: as if the log had shown this witness another tree before. */
const shownBefore = async (name: string, size: number): Promise<void> => {
  const log = parseSignerKey(DEVELOPMENT_LOG_KEY);
  const key = parseSignerKey(readFileSync(at(`${name}.key`), 'utf8'));
  const note = signCheckpoint({ origin: log.name, size, root: leafHash(utf8(name)) }, [log], new Date());
  await beginState(at(`${name}.json`), key);
  await vouch({ logs: [log], key, file: at(`${name}.json`), now: () => new Date() }, { oldSize: 0, proof: [], note });
};

test('a rollback, a fork, a head that another key signed: told loudly, with exit code 9, and nothing forgotten', async () => {
  for (const name of ['rolled-back', 'forked']) await keygen(name);
  const { head, keys } = await headNow();
  const [log = ''] = keys;
  await shownBefore('rolled-back', 1_000_000);
  await shownBefore('forked', head.size);
  const state = readFileSync(at('rolled-back.json'));

  const rolledBack = await witness(log, 'rolled-back', '--no-submit');
  expect(rolledBack).toMatchObject({ exitCode: 9, stdout: '' });
  expect(rolledBack.stderr).toContain('ROLLBACK: The log had 1000000 leaves');
  expect(rolledBack.stderr).toContain('Keep both notes');
  expect(readFileSync(at('rolled-back.json'))).toEqual(state);
  // Others may have sealed since: then it is a fork that has grown, and cannot be proven.
  const forked = await witness(log, 'forked', '--no-submit', '--every', '1');
  expect(forked.exitCode).toBe(9);
  expect(forked.stderr).toMatch(/FORK: |NOT PROVEN: /u);

  const stranger = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
  expect(await witness(stranger, 'forked', '--no-submit')).toMatchObject({
    exitCode: 9,
    stderr: expect.stringContaining('NOT SIGNED'),
  });
});

test('a state that was edited is refused, and said to be', async () => {
  await keygen('edited');
  const [log = ''] = (await headNow()).keys;
  await witness(log, 'edited', '--begin', '--no-submit');
  const text = readFileSync(at('edited.json'), 'utf8').replace(/"size": \d+/u, '"size": 0');
  writeFileSync(at('edited.json'), text);
  const refused = await witness(log, 'edited', '--no-submit');
  expect(refused.exitCode).toBe(6);
  expect(refused.stderr).toContain('damaged');
  expect(readFileSync(at('edited.json'), 'utf8')).toBe(text);
});

test('a cosignature of a witness that the deployment does not name is refused by it', async () => {
  await keygen('stranger');
  const [log = ''] = (await headNow()).keys;
  const refused = await witness(log, 'stranger', '--begin');
  expect(refused.exitCode).toBe(2);
  expect(refused.stderr).toContain('MUSTER_WITNESS_KEYS');
});

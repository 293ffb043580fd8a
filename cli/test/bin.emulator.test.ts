/** What only a process shows: the program as it is built, its exit code, and a reader that ends first. */
import { spawn } from 'node:child_process';
import type { ResponseOf } from '@muster/contract';
import { behind, BIN, newProcessDesk, newScenario, PASSWORD, suiteEnvironment } from './desk/muster';

const suite = behind();
beforeAll(() => newScenario(suite));
afterAll(() => suite.close());

test('it signs in, asks and refuses, and the shell learns how it went', async () => {
  const { email } = await suite.newPerson({ staff: true });
  const desk = newProcessDesk();
  expect((await desk.run(['policy'])).exitCode).toBe(3);
  const signedIn = await desk.run(['login', '--email', email], { MUSTER_PASSWORD: PASSWORD });
  expect(signedIn).toMatchObject({ exitCode: 0, stderr: '', stdout: expect.stringContaining('Signed in') });
  expect((await desk.json<ResponseOf<'policy-get'>>(['policy'])).policy.mode).toEqual(expect.any(String));
  const refused = await desk.run(['drill', 'show', 'drl_nosuchdrill', '--json']);
  expect(refused).toMatchObject({ exitCode: 5, stdout: '' });
  expect(JSON.parse(refused.stderr)).toMatchObject({ error: { code: 'NOT_FOUND', exitCode: 5 } });
});

test('a password is asked of nobody where there is no terminal', async () => {
  const { exitCode, stderr } = await newProcessDesk().run(['login', '--email', 'someone@people.example']);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('Set MUSTER_PASSWORD');
});

test('a reader that ends first is no failure', async () => {
  const child = spawn(process.execPath, [BIN, '--help'], {
    env: suiteEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.destroy();
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const ended = await new Promise((resolve) => child.once('close', (...how) => resolve(how)));
  expect({ ended, said }).toEqual({ ended: [0, null], said: '' });
});

/** The mode is an argument, and an option as before. */
import { deskInProcess, forgedFunctions } from './desk/desk-in-process';

const REASON = ['--reason', 'The store is slow.'];

/** The mode that was sent, and what came of it. */
const sent = async (...args: string[]) => {
  const functions = await forgedFunctions({ status: 409, error: { status: 'ABORTED', message: 'Refused.' } });
  try {
    const { exitCode, stderr } = await deskInProcess(functions.url).run(['degraded', ...args]);
    return { exitCode, stderr, asked: functions.asked.map(({ mode }) => mode) };
  } finally {
    await functions.close();
  }
};

test.each([
  ['enter', ['read_only']],
  ['enter', ['read-only']],
  ['enter', ['--mode', 'read-only']],
  ['enter', ['read-only', '--mode', 'read_only']],
  ['exit', ['read_only']],
  ['exit', ['--mode', 'read-only']],
])('%s %p sends the mode', async (name, args) => {
  expect(await sent(name, ...args, ...REASON)).toMatchObject({ asked: ['read_only'] });
});

test('exit without a mode ends whichever is on', async () => {
  expect(await sent('exit', ...REASON)).toMatchObject({ asked: [undefined] });
});

test.each(['enter', 'exit'])('%s of two modes is wrong usage, and nothing is sent', async (name) => {
  const { exitCode, stderr, asked } = await sent(name, 'offline', '--mode', 'degraded', ...REASON);
  expect({ exitCode, asked }).toEqual({ exitCode: 2, asked: [] });
  expect(stderr).toContain('Two modes were named: offline and degraded.');
});

test('entering none names them all', async () => {
  const { exitCode, stderr, asked } = await sent('enter', ...REASON);
  expect({ exitCode, asked }).toEqual({ exitCode: 2, asked: [] });
  expect(stderr.replaceAll(/\s+/gu, ' ')).toContain(
    'degraded (announces), read_only (no guarded write) or offline (none to outside systems)',
  );
});

test('a word that is no mode is told as the argument', async () => {
  const { exitCode, stderr } = await sent('enter', 'sideways', ...REASON);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('  MODE: ');
});

import { randomBytes } from 'node:crypto';
import type { ResponseOf } from '@muster/contract';
import { behind, deskOf, type Desk, type Person } from './desk/muster';

const suite = behind();
let staff: Desk & Person;
let auditor: Desk & Person;

beforeAll(async () => {
  [staff, auditor] = await Promise.all([deskOf(suite, { staff: true }), deskOf(suite, { auditor: true })]);
});
afterAll(() => suite.close());

const newId = () => `t${randomBytes(5).toString('hex')}`;
const REASON = ['--reason', 'It sends rubbish since noon.'];
/** Simulated by the backend outside of production: no test asks a real one. */
const OK = 'https://fine.chaos.invalid/ok';

const register = async (...more: string[]): Promise<string> => {
  const id = newId();
  await staff.json(['connector', 'register', id, '--url', OK, '--title', `The ${id}`, ...more]);
  return id;
};

test('a connector is registered, asked, shown, paused and resumed', async () => {
  const id = await register('--timeout', '500', '--failures', '2');
  expect((await staff.run(['connector', 'probe', id])).stdout).toMatch(/^Fine: /u);
  expect((await auditor.run(['connector'])).stdout).toMatch(new RegExp(`^${id} +up `, 'mu'));
  expect((await auditor.run(['connector', 'list', '--all'])).stdout).toContain(`The ${id}`);

  expect((await staff.run(['connector', 'pause', id, ...REASON])).stdout).toMatch(/^Killed: /u);
  expect((await auditor.run(['connector', 'health'])).stdout).toMatch(new RegExp(`^${id} +paused `, 'mu'));
  expect((await staff.run(['connector', 'resume', id, ...REASON])).stdout).toMatch(/^Restored/u);

  const same = ['connector', 'register', id, '--url', OK, '--title', `The ${id}`, '--timeout', '500'];
  expect((await staff.run([...same, '--failures', '2'])).stdout).toMatch(/^Nothing was changed/u);
  expect((await staff.run([...same, '--failures', '5'])).stdout).toMatch(/^Changed /u);
});

test('writes are queued, delivered in order, and shown', async () => {
  const id = await register('--deliver-to', OK);
  const send = ['connector', 'send', id, '--kind', 'invoice', '--content'];
  expect((await staff.run([...send, '{"number": 1}'])).stdout).toMatch(/^Queued cwr_[a-z0-9]+\.\n1 waits/u);
  const queued = await staff.json<ResponseOf<'connectors-send'>>([...send, '{"number": 2}']);
  expect(queued).toMatchObject({ waiting: 2, offline: false });

  expect((await staff.run(['connector', 'deliver', id])).stdout).toBe('2 delivered, none dead, 0 waiting.\n');
  const { writes } = await auditor.json<ResponseOf<'connectors-writes'>>(['connector', 'writes', '--connector', id]);
  expect(writes.map(({ sequence, status }) => `${sequence} ${status}`)).toEqual(['2 delivered', '1 delivered']);
  const shown = await auditor.run(['connector', 'writes', '--connector', id, '--status', 'delivered']);
  expect(shown.stdout).toContain(`${id} #2`);
  expect(await staff.run(['connector', 'redeliver', queued.writes[0]!.id, ...REASON])).toMatchObject({
    exitCode: 6,
    stderr: expect.stringContaining('This write was delivered.'),
  });
});

test('what waits is discarded, and one of it sent again', async () => {
  const id = await register('--deliver-to', OK);
  const send = ['connector', 'send', id, '--kind', 'invoice', '--content', '{"number": 1}'];
  const { writes } = await staff.json<ResponseOf<'connectors-send'>>(send);
  expect((await staff.run(['connector', 'discard', id, ...REASON])).stdout).toMatch(/^Discarded: 1 write/u);
  expect((await staff.run(['connector', 'discard', id, ...REASON])).stdout).toBe('Nothing waited.\n');
  await staff.run(['connector', 'deliver', id]);
  expect((await auditor.run(['connector'])).stdout).toContain('1 dead');
  expect((await staff.run(['connector', 'redeliver', writes[0]!.id, ...REASON])).stdout).toMatch(/^Queued again/u);
  expect((await staff.run(['connector', 'deliver', id])).stdout).toContain('1 delivered');
});

test('what is wrong is named as it was typed', async () => {
  const base = ['connector', 'register', newId(), '--title', 'One'];
  expect(await staff.run([...base, '--url', 'http://a.example'])).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('  --url: '),
  });
  expect(await staff.run([...base, '--url', OK, '--timeout', 'soon'])).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('  --timeout: '),
  });
  expect(await staff.run(['connector', 'send', 'x', '--kind', 'a', '--content', 'nonsense'])).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('--content is not JSON'),
  });
  expect(await staff.run(['connector', 'probe', newId()])).toMatchObject({
    exitCode: 5,
    stderr: expect.stringContaining('There is no connector with this id.'),
  });
  expect((await auditor.run(['connector', 'pause', newId(), ...REASON])).exitCode).toBe(4);
});

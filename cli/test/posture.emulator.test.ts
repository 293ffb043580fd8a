import type { ResponseOf } from '@muster/contract';
import { behind, deskOf, type Desk, type Person } from './desk/muster';

const suite = behind();
let staff: Desk & Person;
let auditor: Desk & Person;

beforeAll(async () => {
  [staff, auditor] = await Promise.all([deskOf(suite, { staff: true }), deskOf(suite, { auditor: true })]);
});
afterAll(() => suite.close());

const REASON = ['--reason', 'A laptop was stolen.'];

test('what is proven is shown to who reads records', async () => {
  const { controls } = await auditor.json<ResponseOf<'posture-get'>>(['posture']);
  expect(controls.map(({ control }) => control)).toEqual(['armed-switch']);
  expect((await auditor.run(['posture'])).stdout).toMatch(/^armed-switch /u);
});

test('sessions are ended by staff, those of a stranger too, and the ended one is refused', async () => {
  expect((await auditor.run(['session', 'revoke', '--uid', 'ada', ...REASON])).exitCode).toBe(4);
  expect((await staff.run(['session', 'revoke', '--uid', 'u'.repeat(129), ...REASON])).stderr).toContain('--uid:');
  expect((await staff.run(['session', 'revoke', '--uid', `nobody-${auditor.uid}`, ...REASON])).stdout).toContain(
    'knows no such user',
  );
  const ended = await staff.run(['session', 'revoke', '--uid', auditor.uid, ...REASON]);
  expect(ended.stdout).toMatch(new RegExp(`^Ended: every session of ${auditor.uid} `, 'u'));
  const refused = await auditor.run(['posture']);
  expect(refused.exitCode).toBe(3);
});

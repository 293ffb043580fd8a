/** What is wrong with the input, in the words of the command that was typed and of no other. */
import { deskInProcess } from './desk/desk-in-process';

const desk = deskInProcess('http://127.0.0.1:9');

test.each([
  ['proposal request shipping.commit --delegation', ['proposal', 'request', 'shipping.commit'], '--delegation'],
  ['its old name', ['action', 'request', 'shipping.commit'], '--delegation'],
])('%s', async (_, command, option) => {
  const { exitCode, stderr } = await desk.run([...command, '--reason', 'The tests are green.', option, 'not an id!']);
  expect(exitCode).toBe(2);
  expect(stderr).toContain(`\n  ${option}: `);
  expect(stderr).not.toMatch(/^ {2}delegation: /mu);
});

test('the same field has another name in another command', async () => {
  const completed = await desk.run(['drill', 'complete', 'drl_0001', '--outcome', 'success', '--checks', 'many']);
  expect(completed.stderr).toContain('  --checks: ');
  const revoked = await desk.run(['delegation', 'revoke', '???', '--reason', 'It is over.']);
  expect(revoked.stderr).toContain('  DELEGATION: ');
  const chaos = await desk.run(['chaos', 'runs', '--experiment', 'none']);
  expect(chaos.stderr).toContain('  --experiment: ');
});

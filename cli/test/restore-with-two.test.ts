import type { ResponseOf } from '@muster/contract';
import { deskInProcess, forgedFunctions, type Forged } from './desk/desk-in-process';

const RESTORE = ['policy', 'restore', '*', '--reason', 'The builds are whole again.'];
const WHAT_THE_OTHER_TYPES = "muster policy restore '*' --reason 'WHY, IN A SENTENCE' --emulator";

const half: ResponseOf<'policy-restore'> = {
  ...{ changed: true, restored: false, end: null, message: 'Everything is still killed.' },
  killSwitches: [
    {
      ...{ capability: '*', since: '2026-03-31T08:00:00.000Z', until: null, by: 'uid-a', reason: 'Broken builds.' },
      ...{ activation: 'act_0001', exemptions: 0 },
    },
  ],
  endRequest: { by: 'uid-a', at: '2026-03-31T09:00:00.000Z', reason: 'The builds are whole again.' },
};

const restored = async (answer: Forged) => {
  const functions = await forgedFunctions(answer);
  const ran = await deskInProcess(functions.url).run(RESTORE);
  await functions.close();
  return ran;
};

test('half of a restore says so, and exactly what another person types', async () => {
  const { exitCode, stdout } = await restored({ result: half });
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^NOT RESTORED YET/u);
  expect(stdout.split('\n')).toContain(`  ${WHAT_THE_OTHER_TYPES}`);
});

test('whoever asked and asks again is refused, and told the same', async () => {
  const details = { code: 'CONFLICT', reason: 'SECOND_PERSON_NEEDED', next: 'Another one makes the same call.' };
  const error = { status: 'FAILED_PRECONDITION', message: 'You asked for this. Nothing was changed.', details };
  const { exitCode, stdout, stderr } = await restored({ status: 400, error });
  expect({ exitCode, stdout }).toEqual({ exitCode: 6, stdout: '' });
  expect(stderr).toContain('NOT RESTORED YET. You asked for this.');
  expect(stderr.replace(/\s+/gu, ' ')).toContain(WHAT_THE_OTHER_TYPES);
});

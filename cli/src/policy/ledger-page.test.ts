import type { policy } from '@muster/contract';
import { PLAIN } from '../output/ink';
import { ledgerPage } from './ledger-page';

const page = { ink: PLAIN, width: 110, now: new Date('2026-03-31T10:30:00.000Z') };
const on: policy.ActivationView = {
  ...{ id: 'act_0001', kind: 'kill_switch', name: 'shipping', since: '2026-03-31T09:00:00.000Z' },
  ...{ until: '2026-04-01T09:00:00.000Z', by: 'uid-a', reason: 'Broken builds.', durationMs: 5_400_000 },
  renewals: [{ at: '2026-03-31T09:30:00.000Z', by: 'uid-b', reason: 'Still so.', until: '2026-04-01T09:00:00.000Z' }],
  ...{ endedAt: null, endedBy: null, end: null, endReason: null },
  denied: { total: 12, byCapability: { 'shipping.push': 2, 'shipping.commit': 10 } },
};
const ended: policy.ActivationView = {
  ...on,
  ...{ id: 'act_0002', kind: 'mode', name: 'read_only', renewals: [], until: null },
  ...{ endedAt: '2026-03-31T10:00:00.000Z', endedBy: 'uid-c', end: 'break_glass', endReason: 'All is well.' },
  denied: { total: 0, byCapability: {} },
};

test('each activation is a line of facts, with who, why, renewals and refusals under it', () => {
  expect(ledgerPage({ activations: [on, ended], nextCursor: 'abc' }, page).split('\n')).toEqual([
    'since (UTC)       what            lasted  refused  end',
    '2026-03-31 09:00  shipping        1h 30m  12       is on',
    '                  act_0001, by uid-a: Broken builds.',
    '                  renewed 2026-03-31 09:30 by uid-b until 2026-04-01 09:00: Still so.',
    '                  refused shipping.commit 10, shipping.push 2',
    '                  wears off 2026-04-01 09:00',
    '2026-03-31 09:00  mode read_only  1h 30m  0        restored by breaking the glass',
    '                  act_0002, by uid-a: Broken builds.',
    '                  ended 2026-03-31 10:00 by uid-c: All is well.',
    '',
    'There are more: add --all, or --cursor abc',
  ]);
  expect(ledgerPage({ activations: [], nextCursor: null }, page)).toBe('No activation matches.');
});

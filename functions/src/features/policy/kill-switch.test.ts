import { NORMAL, type KillSwitch, type PolicyDocument } from '@muster/guard/policy-document';
import { withSwitch } from './kill-switch';

const NOW = new Date('2026-03-31T09:00:00.000Z');
const BEFORE = new Date(NOW.getTime() - 1);

const standing = (until: Date | null): KillSwitch => ({
  since: BEFORE,
  by: 'uid-staff',
  reason: 'it misbehaves badly',
  until,
  activation: 'act_1',
  exemptions: {},
  endRequest: null,
});
/** As many as there may be, the first of them worn off. */
const full: PolicyDocument = {
  ...NORMAL,
  killSwitches: Object.fromEntries(
    Array.from({ length: 100 }, (_, index) => [`c${index}`, standing(index === 0 ? BEFORE : null)]),
  ),
};
const kill = (name: string) =>
  withSwitch(
    full,
    name,
    { reason: 'it misbehaves again', until: null, by: 'uid-other', at: NOW },
    { activation: 'act_2', twoPersons: false },
  );

describe('with as many kill switches as there may be', () => {
  test('another name is not killed', () => {
    expect(() => kill('shipping')).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ reason: 'TOO_MANY' }) }),
    );
  });

  test('everything is', () => {
    expect(kill('*').policy.killSwitches['*']).toMatchObject({ activation: 'act_2' });
  });

  test.each([
    ['renewed', 'c1', true],
    ['killed anew, though no run has ended what wore off', 'c0', false],
  ])('one that has a place is %s', (_, name, renewed) => {
    const killed = kill(name);
    expect(killed).toMatchObject({ renewed, entry: { reason: 'it misbehaves again', until: null } });
    expect(Object.keys(killed.policy.killSwitches)).toHaveLength(100);
  });
});

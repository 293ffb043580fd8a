import { NORMAL, parsedPolicy, type KillSwitch, type PolicyDocument } from '@muster/guard/policy-document';
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
});
const ORDER = { reason: 'it misbehaves again', until: null, by: 'uid-other', at: NOW };
const names = (count: number, name: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => name(index));
const killedBefore = (switches: Record<string, KillSwitch>): PolicyDocument => ({ ...NORMAL, killSwitches: switches });
/** As many names of two words as there may be, the first of them worn off. */
const NAMED = Object.fromEntries(
  names(100, (index) => `a.b${index}`).map((name) => [name, standing(name === 'a.b0' ? BEFORE : null)]),
);
/** And as many of one word. */
const FULL = {
  ...NAMED,
  ...Object.fromEntries(names(20, (index) => `c${index}`).map((name) => [name, standing(null)])),
};

const kill = (switches: Record<string, KillSwitch>, name: string, until: Date | null = null) =>
  withSwitch(killedBefore(switches), name, { ...ORDER, until }, { activation: 'act_2', twoPersons: false });
const bindsOf = (switches: Record<string, KillSwitch>, name: string, until: Date | null = null) => {
  const { binds, policy } = kill(switches, name, until);
  // Whatever is killed: what stood stands, under its name, and is over no sooner.
  for (const [other, before] of Object.entries(switches)) {
    const { since, activation } = before;
    if (other !== binds) expect(policy.killSwitches[other]).toEqual(before);
    else if (before.until !== BEFORE) expect(policy.killSwitches[other]).toMatchObject({ since, activation });
  }
  expect(parsedPolicy(policy)).toBeDefined();
  return binds;
};
const HOUR = 3_600_000;
const inHours = (hours: number) => new Date(NOW.getTime() + hours * HOUR);

describe('killing is never refused for space', () => {
  test('with room, what was asked for is killed, whatever stands above it', () => {
    const one = { 'x.y': standing(null), x: standing(null) };
    for (const name of ['x.y.z', 'z', '*', 'x.y']) expect(bindsOf(one, name)).toBe(name);
  });

  test('names of several words leave room for those of one word, of which any can be killed', () => {
    expect(bindsOf(NAMED, 'x.y.z')).toBe('x');
    for (const name of ['x', 'a', '*']) expect(bindsOf(NAMED, name)).toBe(name);
    const { c0: _, ...almost } = FULL;
    expect(bindsOf(almost, 'a.b.c')).toBe('a');
    expect(bindsOf(almost, 'a')).toBe('a');
  });

  test('words alone fill all places, and then everything is killed', () => {
    const words = Object.fromEntries(names(120, (index) => `w${index}`).map((name) => [name, standing(null)]));
    for (const name of ['x', 'x.y', 'x.y.z.a', '*']) expect(bindsOf(words, name)).toBe('*');
    expect(bindsOf({ ...words, '*': standing(null) }, 'x')).toBe('*');
  });

  test('what has a place keeps it: renewed, or killed anew though no run has ended what wore off', () => {
    expect(kill(FULL, 'a.b1')).toMatchObject({ binds: 'a.b1', renewed: true, entry: { reason: ORDER.reason } });
    expect(kill(FULL, 'a.b0')).toMatchObject({ binds: 'a.b0', renewed: false, entry: { until: null } });
    expect(Object.keys(kill(FULL, 'a.b1').policy.killSwitches)).toHaveLength(120);
  });

  test('the nearest name above that stands serves, if it lasts as long and nobody is exempted from it', () => {
    const exempted = {
      ...standing(null),
      exemptions: { ada: { 'a.b1.c': { id: 'exm_1', until: inHours(1), by: ['uid-granter'] } } },
    };
    expect(bindsOf(FULL, 'a.b1.c')).toBe('a.b1');
    expect(bindsOf({ ...FULL, 'a.b1': exempted }, 'a.b1.c')).toBe('*');
    expect(bindsOf({ ...FULL, 'a.b1': standing(inHours(1)) }, 'a.b1.c', inHours(1))).toBe('a.b1');
    expect(bindsOf({ ...FULL, 'a.b1': standing(inHours(1)) }, 'a.b1.c', inHours(2))).toBe('*');
    expect(bindsOf({ ...FULL, 'a.b1': standing(inHours(1)) }, 'a.b1.c')).toBe('*');
    // One that wore off has its place, and is killed anew.
    expect(bindsOf(FULL, 'a.b0.c')).toBe('a.b0');
  });

  test('it keeps who killed it and why', () => {
    const killed = kill({ ...FULL, c1: standing(null) }, 'c1.more');
    expect(killed).toMatchObject({ binds: 'c1', renewed: true });
    expect(killed.entry).toEqual(standing(null));
  });

  test('everything that stands until a time stands longer, and never shorter', () => {
    const all = (until: Date | null) => ({ ...FULL, '*': standing(until) });
    expect(kill(all(inHours(1)), 'x.y', inHours(2)).entry.until).toEqual(inHours(2));
    expect(kill(all(inHours(3)), 'x.y', inHours(2)).entry.until).toEqual(inHours(3));
    expect(kill(all(inHours(3)), 'x.y').entry.until).toBeNull();
    expect(kill(all(null), 'x.y', inHours(2)).entry.until).toBeNull();
  });
});

test('as large as it can be, the policy is less than half of what Firestore stores in one document', () => {
  const long = {
    ...standing(null),
    by: 'u'.repeat(128),
    reason: '\u{1F600}'.repeat(500),
    activation: `act_${'a'.repeat(20)}`,
  };
  const longest = (index: number) => `${String(index).padStart(3, '0')}${'x'.repeat(96)}`;
  const policy = killedBefore(Object.fromEntries([...names(120, longest), '*'].map((name) => [name, long])));
  // Four bytes for each pair of UTF-16 units: a reason has at most 1,000 of these, which is the most that it can take.
  expect(Buffer.byteLength(JSON.stringify(policy))).toBeLessThan(1_048_576 / 2);
});

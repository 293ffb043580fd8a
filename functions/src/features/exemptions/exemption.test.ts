import { exempts, NO_MODE, NORMAL, restrictionsOf, type PolicyDocument } from '@muster/guard/policy-document';
import { exemptUntil, withExemption, withoutExemption, type Exemption } from './exemption';

const NOW = new Date('2026-03-31T09:00:00.000Z');
const later = (ms: number) => new Date(NOW.getTime() + ms);
const DAY = 24 * 60 * 60 * 1000;

const killed = (exemptions: PolicyDocument['mode']['exemptions'] = {}): PolicyDocument['killSwitches'][string] => ({
  since: NOW,
  by: 'uid-staff',
  reason: 'it ships too much',
  until: null,
  activation: 'act_1',
  exemptions,
});
const READ_ONLY: PolicyDocument['mode'] = { ...NO_MODE, name: 'read_only', since: NOW };
const CAPABILITY = 'shipping.commit';
const exemption: Exemption = {
  id: 'exm_new',
  owner: 'ada',
  capability: CAPABILITY,
  until: later(1000),
  by: ['uid-granter'],
};

const restricting = (policy: PolicyDocument, name: string, now = NOW) =>
  restrictionsOf(policy, { name, class: 'connector_write' }, now);
const granting = (policy: PolicyDocument, one: Partial<Exemption> = {}, now = NOW): PolicyDocument => {
  const all = { ...exemption, ...one };
  return withExemption(policy, restricting(policy, all.capability, now), all, now);
};
const passes = (policy: PolicyDocument, owner = 'ada', capability = CAPABILITY): boolean =>
  restricting(policy, capability).every((one) => exempts(one, { actor: owner, capability }, NOW));
const refusedFor = (reason: string) =>
  expect.objectContaining({ code: 'CONFLICT', details: expect.objectContaining({ reason }) });
/** As many that stand as asked for, each of an owner of its own. */
const many = (count: number, until = later(1000)) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `uid-${index}`,
      { a: { id: `exm_${index}`, until, by: ['uid-granter'] } },
    ]),
  );

describe('an exemption', () => {
  const policy: PolicyDocument = {
    version: 4,
    offline: {},
    mode: READ_ONLY,
    killSwitches: { '*': killed(), shipping: killed(), 'shipping.push': killed(), other: killed() },
  };

  test('is written into every restriction that it is from, and into no other', () => {
    const after = granting(policy);
    const one = { ada: { [CAPABILITY]: { id: 'exm_new', until: later(1000), by: ['uid-granter'] } } };
    expect(after).toEqual({
      version: 4,
      offline: {},
      mode: { ...READ_ONLY, exemptions: one },
      killSwitches: {
        '*': killed(one),
        shipping: killed(one),
        'shipping.push': killed(),
        other: killed(),
      },
    });
    expect([passes(policy), passes(after)]).toEqual([false, true]);
  });

  test('stands beside those of others, and of other capabilities', () => {
    const after = granting(granting(granting(policy), { id: 'exm_2', owner: 'bob' }), {
      id: 'exm_3',
      capability: 'shipping.push',
    });
    expect(after.killSwitches['shipping']?.exemptions).toEqual({
      ada: {
        [CAPABILITY]: { id: 'exm_new', until: later(1000), by: ['uid-granter'] },
        'shipping.push': { id: 'exm_3', until: later(1000), by: ['uid-granter'] },
      },
      bob: { [CAPABILITY]: { id: 'exm_2', until: later(1000), by: ['uid-granter'] } },
    });
  });

  test('that stands in any of them is never overwritten; one whose time has come is replaced', () => {
    const stands = { ...policy, killSwitches: { ...policy.killSwitches, '*': granting(policy).killSwitches['*']! } };
    expect(() => granting(stands, { id: 'exm_2' })).toThrow(refusedFor('ALREADY_RECORDED'));
    expect(() => granting(stands, { id: 'exm_2' }, later(999))).toThrow(/exm_new/u);
    const after = granting(stands, { id: 'exm_2', until: later(5000), by: ['uid-granter'] }, later(1000));
    expect(after.killSwitches['*']?.exemptions).toEqual({
      ada: { [CAPABILITY]: { id: 'exm_2', until: later(5000), by: ['uid-granter'] } },
    });
  });

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    'for an owner called %s is its own',
    (owner) => {
      const after = granting(policy, { owner });
      expect(Object.entries(after.mode.exemptions)).toEqual([
        [owner, { [CAPABILITY]: { id: 'exm_new', until: later(1000), by: ['uid-granter'] } }],
      ]);
      expect(passes(after, owner)).toBe(true);
      expect(CAPABILITY in {}).toBe(false);
      expect(() => granting(after, { owner })).toThrow(refusedFor('ALREADY_RECORDED'));
      expect(withoutExemption(after, 'exm_new')).toEqual(policy);
      // What a constructor has is no exemption that stands in the way of one.
      expect(passes(granting(policy, { owner, capability: 'name' }), owner, 'name')).toBe(true);
    },
  );
});

describe('there are at most', () => {
  const holding = (exemptions: PolicyDocument['mode']['exemptions']): PolicyDocument => ({
    ...NORMAL,
    killSwitches: { shipping: killed(exemptions) },
  });

  test('100 for each restriction, and those whose time has come do not count', () => {
    expect(() => granting(holding(many(100)))).toThrow(refusedFor('TOO_MANY'));
    expect(passes(granting(holding(many(99))))).toBe(true);
    expect(Object.keys(granting(holding(many(100, NOW))).killSwitches['shipping']!.exemptions)).toEqual(['ada']);
  });

  test('400 in the policy, so that the next kill still fits into it', () => {
    const full = (last: number): PolicyDocument => ({
      version: 4,
      offline: {},
      mode: { ...READ_ONLY, exemptions: many(99) },
      killSwitches: {
        ...Object.fromEntries(['a', 'b', 'c'].map((name) => [name, killed(many(100))])),
        'shipping.push': killed(many(last)),
      },
    });
    expect(passes(granting(full(0)))).toBe(true);
    expect(() => granting(full(1))).toThrow(refusedFor('TOO_MANY'));
  });
});

describe('taking an exemption out', () => {
  test('takes it out of every restriction that holds it, and leaves the rest', () => {
    const before: PolicyDocument = { version: 4, offline: {}, mode: READ_ONLY, killSwitches: { shipping: killed() } };
    const both = granting(granting(before), { id: 'exm_2', owner: 'bob' });
    const after = withoutExemption(both, 'exm_new');
    expect(after).toEqual(granting(before, { id: 'exm_2', owner: 'bob' }));
    expect([passes(after!), passes(after!, 'bob')]).toEqual([false, true]);
  });

  test('changes nothing when nothing holds it any more', () => {
    expect(withoutExemption({ ...NORMAL, killSwitches: { shipping: killed(many(3)) } }, 'exm_new')).toBeUndefined();
    expect(withoutExemption(NORMAL, 'exm_new')).toBeUndefined();
  });
});

describe('the time of an exemption', () => {
  test.each([0, -1, 7 * DAY + 1])('is refused by its name when it is %i ms from now', (ms) => {
    expect(() => exemptUntil(later(ms).toISOString(), NOW)).toThrow(/until: a time to come, at most 7 days away/u);
  });

  test.each([1, 7 * DAY])('may be %i ms from now', (ms) => {
    expect(exemptUntil(later(ms).toISOString(), NOW)).toEqual(later(ms));
  });
});

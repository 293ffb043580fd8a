import type { RestrictedMode } from '@muster/contract/modes';
import { NORMAL, type PolicyDocument } from '@muster/guard/policy-document';
import { enterMode, exitMode, type Entry } from './degraded-mode';

const NOW = new Date('2026-03-31T09:00:00.000Z');
const later = (ms: number) => new Date(NOW.getTime() + ms);

const KILLED: PolicyDocument['killSwitches'] = {
  shipping: {
    since: NOW,
    by: 'uid-staff',
    reason: 'it ships too much',
    until: null,
    activation: 'act_kill',
    exemptions: {},
  },
};
const EXEMPT = { ada: { 'shipping.commit': { id: 'exm_1', until: later(1000), by: ['uid-granter'] } } };

const enter = (
  before: PolicyDocument,
  entry: Partial<Entry> & Pick<Entry, 'mode'>,
  how: Partial<Parameters<typeof enterMode>[2]> = {},
) =>
  enterMode(
    before,
    { reason: 'why', until: null, ...entry },
    { by: 'uid-staff', now: NOW, activation: 'act_1', twoPersons: false, ...how },
  );
const on = (mode: RestrictedMode, until: Date | null = null): PolicyDocument => enter(NORMAL, { mode, until }).policy;
const renewing = (before: PolicyDocument, until: Date | null, twoPersons = false) =>
  enter(
    before,
    { mode: 'read_only', reason: 'still', until },
    { by: 'uid-two', now: later(10), activation: 'act_2', twoPersons },
  );
/** Somebody is exempt from the mode. */
const used = (policy: PolicyDocument): PolicyDocument => ({
  ...policy,
  mode: { ...policy.mode, exemptions: EXEMPT },
});

describe('entering a mode', () => {
  test('says since when, until when, who and why, and leaves kill switches as they are', () => {
    expect(enter({ ...NORMAL, killSwitches: KILLED }, { mode: 'read_only', until: later(5) })).toEqual({
      renewed: false,
      replaced: null,
      policy: {
        version: 4,
        offline: {},
        mode: {
          name: 'read_only',
          since: NOW,
          until: later(5),
          by: 'uid-staff',
          reason: 'why',
          activation: 'act_1',
          exemptions: {},
        },
        killSwitches: KILLED,
      },
    });
  });

  test('that is on renews it: beginning, activation and exemptions stay', () => {
    const { policy, renewed, replaced } = renewing(used(on('read_only')), later(60));
    expect({ renewed, replaced }).toEqual({ renewed: true, replaced: null });
    expect(policy.mode).toEqual({
      name: 'read_only',
      since: NOW,
      until: later(60),
      by: 'uid-two',
      reason: 'still',
      activation: 'act_1',
      exemptions: EXEMPT,
    });
  });

  test('that is on without a record of its own begins one', () => {
    const before = on('read_only');
    const { policy } = renewing({ ...before, mode: { ...before.mode, activation: null } }, null);
    expect(policy.mode).toMatchObject({ since: NOW, activation: 'act_2' });
  });

  test.each<[string, PolicyDocument, RestrictedMode | null]>([
    ['another mode is on, which it replaces', used(on('offline')), 'offline'],
    ['the same mode has expired', used(on('read_only', later(10))), null],
    ['nothing is on', NORMAL, null],
  ])('begins anew when %s: with no exemption, with no request to end it', (_, before, replaced) => {
    const entered = renewing(before, null);
    expect(entered).toMatchObject({ renewed: false, replaced });
    expect(entered.policy.mode).toMatchObject({
      since: later(10),
      activation: 'act_2',
      exemptions: {},
    });
  });
});

describe('where two persons end a restriction, one alone', () => {
  test.each<[string, Date | null, Date | null, Date | null]>([
    ['neither shortens a mode', later(100), later(50), later(100)],
    ['nor gives one an end that has none', null, later(50), null],
    ['but prolongs it', later(50), later(100), later(100)],
    ['and takes its end away', later(50), null, null],
  ])('%s', (_, before, asked, until) => {
    expect(renewing(on('read_only', before), asked, true).policy.mode.until).toEqual(until);
    // Where one is enough, what was asked for last counts.
    expect(renewing(on('read_only', before), asked).policy.mode.until).toEqual(asked);
  });

  test.each<[RestrictedMode, RestrictedMode, boolean]>([
    ['degraded', 'read_only', false],
    ['offline', 'read_only', false],
    ['degraded', 'offline', false],
    ['read_only', 'offline', true],
    ['offline', 'degraded', true],
  ])('puts %s in the place of %s: %s', (mode, before, allowed) => {
    const replace = () => enter(on(before), { mode }, { twoPersons: true });
    if (allowed) {
      expect(replace().policy.mode.name).toBe(mode);
      return;
    }
    expect(replace).toThrow(
      expect.objectContaining({
        code: 'CONFLICT',
        details: expect.objectContaining({ reason: 'SECOND_PERSON_NEEDED' }),
      }),
    );
    expect(enter(on(before), { mode }).policy.mode.name).toBe(mode);
  });

  test('puts no stricter one in its place that ends before it', () => {
    const replaced = (before: Date | null, until: Date | null) =>
      enter(on('offline', before), { mode: 'read_only', until }, { twoPersons: true }).policy.mode.until;
    expect(replaced(null, later(50))).toBeNull();
    expect(replaced(later(100), later(50))).toEqual(later(100));
    expect(replaced(later(50), later(100))).toEqual(later(100));
    expect(enter(on('offline'), { mode: 'read_only', until: later(50) }).policy.mode.until).toEqual(later(50));
  });

  test('enters any mode once the stricter one has expired', () => {
    const entered = enter(on('read_only', later(5)), { mode: 'degraded' }, { twoPersons: true, now: later(5) });
    expect(entered).toMatchObject({ replaced: null, policy: { mode: { name: 'degraded' } } });
  });
});

describe('ending a mode', () => {
  test.each([
    ['without naming it', undefined],
    ['by its name', 'offline' as const],
  ])('works %s, takes its exemptions with it and leaves kill switches as they are', (_, named) => {
    const before = { ...used(on('offline')), killSwitches: KILLED };
    expect(exitMode(before, named, NOW)).toEqual({ ...NORMAL, killSwitches: KILLED });
  });

  test.each<[string, PolicyDocument, 'degraded' | undefined]>([
    ['no mode is on', NORMAL, undefined],
    ['another one is named', on('offline'), 'degraded'],
    ['it has expired, though no run has ended it yet', on('offline', later(5)), undefined],
  ])('changes nothing when %s', (_, before, named) => {
    expect(exitMode(before, named, later(5))).toBeUndefined();
  });

  test('is possible until the millisecond before its own end', () => {
    expect(exitMode(on('offline', later(6)), undefined, later(5))).toEqual(NORMAL);
  });
});

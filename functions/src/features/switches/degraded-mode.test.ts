import { NORMAL, type PolicyDocument } from '../../platform/guard';
import { enterMode, exitMode, expireMode, readablePolicy } from './degraded-mode';

const NOW = new Date('2026-03-31T09:00:00.000Z');
const later = (ms: number) => new Date(NOW.getTime() + ms);

const on = (name: 'degraded' | 'read_only' | 'offline', until: Date | null = null): PolicyDocument =>
  enterMode(NORMAL, { mode: name, reason: 'why', until }, 'uid-staff', NOW).policy;

describe('entering a mode', () => {
  test('says since when, until when, who and why', () => {
    expect(on('read_only', later(5)).mode).toEqual({
      name: 'read_only',
      since: NOW,
      until: later(5),
      by: 'uid-staff',
      reason: 'why',
    });
  });

  test('that is on renews it: its beginning stays, the rest is new', () => {
    const { policy, renewed } = enterMode(
      on('read_only'),
      { mode: 'read_only', reason: 'still', until: later(60) },
      'uid-two',
      later(10),
    );
    expect(renewed).toBe(true);
    expect(policy.mode).toMatchObject({ since: NOW, until: later(60), by: 'uid-two', reason: 'still' });
  });

  test.each([
    ['another mode is on', on('offline')],
    ['the same mode has expired', on('read_only', later(10))],
    ['nothing is on', NORMAL],
    ['the policy is missing or damaged', undefined],
  ])('begins anew when %s', (_, before) => {
    const entered = enterMode(before, { mode: 'read_only', reason: 'x', until: null }, 'uid', later(10));
    expect(entered).toMatchObject({ renewed: false, policy: { mode: { since: later(10) } } });
  });

  test.each([0, -1])('refuses an end that is %i ms from now, by the name of the field', (ms) => {
    expect(() => on('degraded', later(ms))).toThrow(/until: a time to come/u);
    expect(on('degraded', later(1)).mode.until).toEqual(later(1));
  });
});

describe('ending a mode', () => {
  test.each([
    ['without naming it', undefined],
    ['by its name', 'offline' as const],
  ])('works %s', (_, named) => {
    expect(exitMode(on('offline'), named, NOW)).toEqual(NORMAL);
  });

  test.each<[string, PolicyDocument, 'degraded' | undefined]>([
    ['no mode is on', NORMAL, undefined],
    ['another one is named', on('offline'), 'degraded'],
    ['it has expired, though no run has ended it yet', on('offline', later(5)), undefined],
  ])('changes nothing when %s', (_, before, named) => {
    expect(exitMode(before, named, later(5))).toBeUndefined();
  });

  test('is the way out of a policy that cannot be read', () => {
    expect(exitMode(readablePolicy({ version: 2 }), 'degraded', NOW)).toEqual(NORMAL);
    expect(exitMode(readablePolicy(undefined), undefined, NOW)).toEqual(NORMAL);
  });
});

describe('a mode with an end', () => {
  test('stays one millisecond before it and wears off exactly then', () => {
    const policy = on('read_only', later(1000));
    expect(expireMode(policy, later(999))).toBeUndefined();
    expect(expireMode(policy, later(1000))).toEqual(NORMAL);
  });

  test('that has none never wears off, and normal has nothing to wear off', () => {
    expect(expireMode(on('read_only'), later(1e12))).toBeUndefined();
    expect(expireMode(NORMAL, later(1e12))).toBeUndefined();
  });
});

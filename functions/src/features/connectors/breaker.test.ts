import type { OutboundResult } from '../../platform/adapters/outbound';
import { afterResult, breakerAt, offlineChange } from './breaker';
import type { BreakerState } from '@muster/contract/connectors';
import { NOTHING_FOUND, type ConnectorDocument } from './connector-document';

const START = new Date('2026-03-31T09:00:00Z');
const at = (seconds: number) => new Date(START.getTime() + seconds * 1000);
const OK: OutboundResult = { ok: true, latencyMs: 12, status: 200 };
const BAD: OutboundResult = { ok: false, latencyMs: 2000, status: null, failure: 'timeout' };

const connector = (put: Partial<ConnectorDocument> = {}): ConnectorDocument => ({
  name: 'GitHub',
  url: 'https://status.example.com/',
  deliverTo: null,
  deliverToBy: null,
  timeoutMs: 2000,
  failuresToOpen: 3,
  retryAfterSeconds: 60,
  successesToClose: 3,
  offlineAtLeastSeconds: 300,
  repeatable: true,
  registeredAt: START,
  ...NOTHING_FOUND,
  ...put,
});

describe('the breaker', () => {
  test.each<[string, Date | null, number, BreakerState]>([
    ['is closed while it never opened', null, 60, 'closed'],
    ['is open from the moment', at(60), 60, 'open'],
    ['is open until its retry time', at(60), 119.999, 'open'],
    ['is half open from its retry time on', at(60), 120, 'half_open'],
    ['stays half open until someone asks', at(60), 100_000, 'half_open'],
    ['is open where clocks disagree', at(60), 0, 'open'],
  ])('%s', (_, openedAt, seconds, state) => {
    expect(breakerAt(connector({ openedAt }), at(seconds))).toBe(state);
  });

  test.each([1, 2, 3, 10])('opens with failure %i in a row and not before', (failuresToOpen) => {
    let found = connector({ failuresToOpen });
    for (let failure = 1; failure <= failuresToOpen; failure += 1) {
      expect(breakerAt(found, at(failure))).toBe('closed');
      found = afterResult(found, BAD, at(failure));
      expect(found).toMatchObject({ failures: failure, lastFailure: 'timeout', latencyMs: 2000 });
    }
    expect(found.openedAt).toEqual(at(failuresToOpen));
  });

  test('counts failures in a row: a success in between begins anew', () => {
    const found = [BAD, BAD, OK, BAD, BAD].reduce((one, result) => afterResult(one, result, START), connector());
    expect(found).toMatchObject({ failures: 2, successes: 0, openedAt: null });
  });

  test('half open, a failure opens it for another retry time, and a success closes it', () => {
    const open = connector({ failures: 3, openedAt: at(60), lastOkAt: at(0), lastFailure: 'timeout' });
    const failed = afterResult(open, { ...BAD, failure: 'redirect' }, at(120));
    expect(failed).toEqual({
      ...open,
      failures: 4,
      openedAt: at(120),
      latencyMs: 2000,
      lastProbedAt: at(120),
      lastFailure: 'redirect',
    });
    expect(breakerAt(failed, at(179))).toBe('open');
    expect(afterResult(failed, OK, at(180))).toEqual({
      ...open,
      failures: 0,
      successes: 1,
      openedAt: null,
      latencyMs: 12,
      lastProbedAt: at(180),
      lastOkAt: at(180),
      lastFailure: null,
    });
  });
});

describe('the mode offline', () => {
  test.each<[string, Partial<ConnectorDocument>, Date | null, number, 'enter' | 'leave' | undefined]>([
    ['is not entered while the breaker is closed', { failures: 2 }, null, 0, undefined],
    ['is entered when it has opened', { failures: 3, openedAt: at(0) }, null, 0, 'enter'],
    ['is entered later, when that was missed', { failures: 3, openedAt: at(0) }, null, 100_000, 'enter'],
    ['is not entered twice', { failures: 3, openedAt: at(0) }, at(0), 0, undefined],
    ['stays while the breaker is open, however long', { successes: 0, openedAt: at(0) }, at(0), 100_000, undefined],
    ['stays with too few successes, however long', { successes: 2 }, at(0), 100_000, undefined],
    ['stays before its least time, however well', { successes: 100 }, at(0), 299.999, undefined],
    ['is left when both are reached', { successes: 3 }, at(0), 300, 'leave'],
    [
      'is left at once, where that is declared',
      { successes: 1, successesToClose: 1, offlineAtLeastSeconds: 0 },
      at(0),
      0,
      'leave',
    ],
    ['is not left twice', { successes: 100 }, null, 100_000, undefined],
  ])('%s', (_, put, since, seconds, change) => {
    expect(offlineChange(connector(put), since, at(seconds))).toBe(change);
  });
});

/** As `connectors-tend` does, every minute; gives when the mode was entered and left. */
const simulate = (settings: Partial<ConnectorDocument>, isUp: (minute: number) => boolean) => {
  let found = connector(settings);
  let since: Date | null = null;
  const entered: number[] = [];
  const left: number[] = [];
  const asked: { minute: number; state: BreakerState }[] = [];
  for (let minute = 0; minute < 120; minute += 1) {
    const now = at(minute * 60);
    const state = breakerAt(found, now);
    if (state !== 'open') {
      asked.push({ minute, state });
      found = afterResult(found, isUp(minute) ? OK : BAD, now);
    }
    const change = offlineChange(found, since, now);
    if (change === 'enter') entered.push(minute);
    if (change === 'leave') left.push(minute);
    if (change) since = change === 'enter' ? now : null;
  }
  return { entered, left, asked, isOffline: since !== null };
};

/** The same numbers for the same seed, from 0 up to 1. */
const drawn = (seed: number) => {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
};
const oneOf = <T>(random: () => number, choices: readonly T[]): T =>
  choices[Math.floor(random() * choices.length)] as T;

/** Up and down in turns of their own lengths; or by chance; or down as soon as it is trusted again, the worst there is. */
const patterns = (random: () => number): ((minute: number) => boolean)[] => {
  const [up, down] = [1 + Math.floor(random() * 8), 1 + Math.floor(random() * 8)];
  const chance = random();
  const byChance = Array.from({ length: 120 }, () => random() < chance);
  return [
    (minute) => minute % (up + down) < up,
    (minute) => minute % (up + down) >= down,
    (minute) => byChance[minute] ?? true,
  ];
};

test('a connector that comes and goes in 3,000 ways for two hours goes offline once in the least time, and stays for it', () => {
  let most = 0;
  let flapping = 0;
  for (let seed = 1; seed <= 1000; seed += 1) {
    const random = drawn(seed);
    const settings = {
      failuresToOpen: oneOf(random, [1, 2, 3, 5]),
      successesToClose: oneOf(random, [1, 2, 3, 5]),
      retryAfterSeconds: oneOf(random, [1, 60, 120, 300]),
      offlineAtLeastSeconds: oneOf(random, [60, 300, 600, 1800, 3600]),
    };
    const least = settings.offlineAtLeastSeconds / 60;
    for (const isUp of patterns(random)) {
      const { entered, left, asked } = simulate(settings, isUp);
      const about = JSON.stringify({ seed, settings, entered, left });
      // Each stays for its least time, so that the next begins later than that after it.
      left.forEach((minute, index) => {
        if (minute - (entered[index] ?? Infinity) < least) throw new Error(about);
        if ((entered[index + 1] ?? Infinity) <= minute) throw new Error(about);
      });
      if (entered.length > Math.ceil(120 / least)) throw new Error(about);
      // What is left was well for as often as declared, and not asked while the breaker was open.
      for (const minute of left) {
        const last = asked.filter((one) => one.minute <= minute).slice(-settings.successesToClose);
        if (!last.every((one) => isUp(one.minute))) throw new Error(about);
      }
      most = Math.max(most, entered.length);
      if (entered.length > 1) flapping += 1;
    }
  }
  // The patterns do flap: without the least time they would go offline far more often.
  expect(flapping).toBeGreaterThan(300);
  expect(most).toBeGreaterThan(10);
});

test('with the default settings, one that fails every other minute never goes offline, and one in turns of five does as declared', () => {
  expect(simulate({}, (minute) => minute % 2 === 0).entered).toEqual([]);
  const { entered, left } = simulate({}, (minute) => minute % 10 < 5);
  expect(entered[0]).toBe(7);
  expect(left[0]).toBe(12);
});

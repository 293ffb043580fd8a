import type { PostResult } from '../../../platform/adapters/outbound';
import { afterAttempt, bodyOf, isInDoubt, isRejection, MOST_ATTEMPTS } from './delivery';
import { mostPermitted, permitted, splitDead, mostToLookAt } from './permit';
import { hasWork, isHeld, MOST_WAITING, withAccepted, withAllDiscarded } from './queue';
import { EMPTY_QUEUE, type ConnectorQueue } from './queue-document';
import type { ConnectorWrite } from './write-document';

const NOW = new Date('2026-03-31T09:00:00.000Z');
const write = (put: Partial<ConnectorWrite> = {}): ConnectorWrite => ({
  connectorId: 'github',
  sequence: 1,
  kind: 'issue "opened"',
  content: '{"a":[1]}',
  digest: 'd',
  firstBy: null,
  deliverTo: 'https://hooks.example.com/',
  by: 'uid-staff',
  sessionAt: NOW,
  queuedAt: NOW,
  status: 'waiting',
  attempts: 0,
  lastFailure: null,
  lastStatus: null,
  deadReason: null,
  settledAt: null,
  musterExpireAt: null,
  ...put,
});
const stored = (sequence: number, put: Partial<ConnectorWrite> = {}) => ({
  id: `cwr_${sequence}`,
  path: `muster_connectorWrites/cwr_${sequence}`,
  version: 'v',
  data: write({ sequence, ...put }),
});
const queue = (put: Partial<ConnectorQueue>): ConnectorQueue => ({ ...EMPTY_QUEUE, ...put });
const failed = (
  failure: 'timeout' | 'bad_status' | 'unreachable' | 'incomplete',
  status: number | null,
  reached = true,
) => ({ ok: false, latencyMs: 1, failure, status, reached }) satisfies PostResult;
const OK: PostResult = { ok: true, latencyMs: 1, status: 204, reached: true };
const DROPS = { repeatable: true, discarded: false };

test.each<[PostResult, { rejection: boolean; inDoubt: boolean }]>([
  [OK, { rejection: false, inDoubt: false }],
  [failed('bad_status', 400), { rejection: true, inDoubt: false }],
  [failed('bad_status', 408), { rejection: false, inDoubt: false }],
  [failed('bad_status', 499), { rejection: true, inDoubt: false }],
  [failed('bad_status', 500), { rejection: false, inDoubt: false }],
  [failed('bad_status', 502), { rejection: false, inDoubt: true }],
  [failed('incomplete', 200), { rejection: false, inDoubt: true }],
  [failed('timeout', null), { rejection: false, inDoubt: true }],
  [failed('timeout', null, false), { rejection: false, inDoubt: false }],
  [failed('unreachable', null, false), { rejection: false, inDoubt: false }],
])('what %j says', (result, { rejection, inDoubt }) => {
  expect([isRejection(result), isInDoubt(result)]).toEqual([rejection, inDoubt]);
});

test('an attempt counts, and the tenth failure is the last', () => {
  const once = afterAttempt(write(), failed('bad_status', 500), DROPS, NOW);
  expect(once).toMatchObject({
    status: 'waiting',
    attempts: 1,
    lastStatus: 500,
    lastFailure: 'bad_status',
    musterExpireAt: null,
  });
  const last = afterAttempt(write({ attempts: MOST_ATTEMPTS - 1 }), failed('timeout', null), DROPS, NOW);
  expect(last).toMatchObject({ status: 'dead', deadReason: 'tried_too_often', content: '{"a":[1]}' });
  expect(last.musterExpireAt?.toISOString()).toBe('2026-04-30T09:00:00.000Z');
  expect(afterAttempt(write({ lastFailure: 'timeout' }), OK, DROPS, NOW)).toMatchObject({
    status: 'delivered',
    content: null,
    lastFailure: null,
  });
});

test('without a known answer it is dead where nothing is dropped, and where it was discarded', () => {
  const reasonOf = (result: PostResult, how: typeof DROPS) => afterAttempt(write(), result, how, NOW).deadReason;
  expect(reasonOf(failed('timeout', null), { repeatable: false, discarded: false })).toBe('in_doubt');
  expect(reasonOf(failed('timeout', null), { repeatable: true, discarded: true })).toBe('in_doubt');
  expect(reasonOf(failed('bad_status', 500), { repeatable: false, discarded: true })).toBe('discarded');
  expect(reasonOf(failed('bad_status', 500), { repeatable: false, discarded: false })).toBeNull();
});

test('what is posted is JSON, and the same each time', () => {
  expect(JSON.parse(bodyOf(write()))).toEqual({
    type: 'issue "opened"',
    timestamp: NOW.toISOString(),
    data: { a: [1] },
  });
  expect(bodyOf(write({ attempts: 3, sequence: 9, by: 'another' }))).toBe(bodyOf(write()));
});

test('a queue has room for so many, and discards all but what is on its way', () => {
  expect(withAccepted(undefined, 3)).toMatchObject({ accepted: 3, waiting: 3 });
  expect(withAccepted(queue({ waiting: MOST_WAITING - 1 }), 1)).toMatchObject({ waiting: MOST_WAITING });
  expect(withAccepted(queue({ waiting: MOST_WAITING }), 1)).toBeUndefined();
  const sending = { from: 3, upTo: 5, since: NOW, tries: 1 };
  expect(withAllDiscarded(queue({ accepted: 20, settled: 2, waiting: 18, sending }))).toMatchObject({
    after: { waiting: 3, dead: 15, discardedUpTo: 20, sending },
    discarded: 15,
  });
});

test('a deliverer has work when something waits, is discarded, or has no known answer', () => {
  expect(hasWork(EMPTY_QUEUE)).toBe(false);
  expect(hasWork(queue({ waiting: 1 }))).toBe(true);
  expect(hasWork(queue({ settled: 1, discardedUpTo: 2 }))).toBe(true);
});

test('a lease holds off others until it runs out', () => {
  const held = queue({ lease: { holder: 'a', until: new Date(NOW.getTime() + 1) } });
  expect(isHeld(held, 'b', NOW)).toBe(true);
  expect(isHeld(held, 'a', NOW)).toBe(false);
  expect(isHeld(held, 'b', new Date(NOW.getTime() + 1))).toBe(false);
});

describe('after a deliverer that was not heard of again', () => {
  const sending = { from: 1, upTo: 2, since: NOW, tries: 1 };
  const found = [stored(1), stored(2), stored(3), stored(4)];
  const deadIn = (put: Partial<ConnectorQueue>, repeatable: boolean) =>
    splitDead(queue({ sending, ...put }), found, { repeatable }).dead.map(({ write: { data }, reason, counted }) => [
      data.sequence,
      reason,
      counted,
    ]);

  test('what it had a permit for is sent again, if that does no harm', () => {
    expect(splitDead(queue({ sending }), found, { repeatable: true })).toMatchObject({ dead: [], unanswered: true });
    expect(deadIn({}, false)).toEqual([
      [1, 'in_doubt', true],
      [2, 'in_doubt', true],
    ]);
    expect(deadIn({ sending: { ...sending, tries: MOST_ATTEMPTS } }, true)).toHaveLength(2);
  });

  test('what was discarded meanwhile is not sent: in doubt if it may be there, discarded if not', () => {
    expect(deadIn({ discardedUpTo: 3 }, true)).toEqual([
      [1, 'in_doubt', true],
      [2, 'in_doubt', true],
      [3, 'discarded', false],
    ]);
  });
});

test('a permit ends before the first that may not be sent', () => {
  const allowed = { allowed: true, mode: 'normal' } as const;
  const ended = { allowed: false, reason: 'SESSION_REVOKED', restriction: undefined } as const;
  const killed = { allowed: false, reason: 'BLOCKED_BY_KILL_SWITCH', restriction: undefined } as const;
  const rest = [stored(1), stored(2), stored(3)];
  const decided = (...decisions: Parameters<typeof permitted>[2] extends (one: never) => infer D ? D[] : never) =>
    permitted(rest, 2, ({ data }) => decisions[data.sequence - 1] ?? allowed);
  expect(decided(allowed)).toMatchObject({ batch: [{ id: 'cwr_1' }, { id: 'cwr_2' }], stop: null });
  expect(decided(allowed, killed)).toMatchObject({ batch: [{ id: 'cwr_1' }], stop: null });
  expect(decided(killed)).toMatchObject({ batch: [], stop: 'restricted' });
  expect(decided(ended, allowed, ended)).toMatchObject({ batch: [{ id: 'cwr_2' }], ended: [{ id: 'cwr_1' }] });
});

test('as many are looked at as can be sent, recorded as discarded, or are without an answer', () => {
  const [drops, keeps] = [{ repeatable: true }, { repeatable: false }];
  expect([mostPermitted(drops, false), mostPermitted(drops, true), mostPermitted(keeps, false)]).toEqual([10, 1, 1]);
  expect([mostToLookAt(queue({}), drops), mostToLookAt(queue({}), keeps)]).toEqual([10, 1]);
  expect(mostToLookAt(queue({ settled: 4, sending: { from: 5, upTo: 12, since: NOW, tries: 1 } }), keeps)).toBe(8);
  expect(mostToLookAt(queue({ settled: 4, discardedUpTo: 5 }), keeps)).toBe(50);
});

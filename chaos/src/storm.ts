/** The functions of a storm over connectors: they are simulated by the backend, at addresses that say how they behave. */
import * as z from 'zod';
import type { connectors, RequestOf } from '../../functions/src/contract';
import type { ExperimentFunction } from './experiment';
import type { Run } from './run-context';
import { passes } from './scope-functions';
import { mustBeDone } from './target';

type Connector = connectors.ConnectorView;

/** Probes; few, because an emulator runs four functions at a time, and health is to be answered beside them. */
const AT_ONCE = 2;
const ROUND_PAUSE_MS = 100;
const HEALTH_PAUSE_MS = 150;
const PATIENCE_MS = 12_000;
/** What hangs is waited for so long by the backend: longer than health may take that asks it. */
const TIMEOUT_MS = 300;
/** Two failures open a breaker; the storm lasts for twice as many rounds of probes as that takes here. */
const ROUNDS = 4;
const HEALTH = '/api/connectors/health';

export const newStorm = (run: Run, ids: readonly string[]): Record<string, ExperimentFunction> => {
  const { measured, target } = run;
  const seen = new Map<string, Connector>();
  const health: { ms: number; done: boolean }[] = [];
  const endOfAsking = new AbortController();
  let stormEndsAt = 0;
  let wellRoundMs = 0;
  const count = (is: (connector: Connector) => boolean) => [...seen.values()].filter(is).length;

  const oneByOne = <Result>(what: (id: string, index: number) => Promise<Result>) => eachOf(ids, 1, what);

  const register = async (until: (index: number) => number): Promise<void> => {
    await oneByOne(async (connectorId, index) => {
      const asked = registration(connectorId, index, until(index));
      seen.set(
        connectorId,
        mustBeDone('connectors-register', await target.call('connectors-register', asked)).connector,
      );
    });
  };
  const probeAll = async (): Promise<void> => {
    await eachOf(ids, AT_ONCE, async (connectorId) => {
      const begunAt = run.now();
      const { probed, ok, connector } = mustBeDone(
        'connectors-probe',
        await target.call('connectors-probe', { connectorId }),
      );
      seen.set(connectorId, connector);
      if (!probed) return;
      measured.attempts.push({
        ...{ way: 'probe', begunAt, endedAt: run.now() },
        ...{ done: ok, reason: ok ? null : (connector.lastFailure ?? 'failed') },
      });
      if (!ok) measured.moments.detected ??= run.now();
      if (isOffline(connector)) measured.moments.acknowledged ??= run.now();
    });
  };
  const probeUntil = async (is: (connector: Connector) => boolean, patienceMs: number): Promise<void> => {
    await run.becomes(async () => {
      await probeAll();
      if (count(is) === ids.length) return true;
      await run.sleep(ROUND_PAUSE_MS);
      return false;
    }, patienceMs);
  };
  const sendToEach = (writes: number) =>
    oneByOne(async (connectorId) => {
      const content = Array.from({ length: writes }, (_, index) => ({ kind: 'chaos.write', content: { index } }));
      return mustBeDone('connectors-send', await target.call('connectors-send', { connectorId, writes: content }));
    });
  const deliverToEach = async () => {
    const answers = await oneByOne(async (connectorId) =>
      mustBeDone('connectors-deliver', await target.call('connectors-deliver', { connectorId })),
    );
    return {
      delivered: sum(answers.map(({ delivered }) => delivered)),
      stopped: answers.map(({ stopped }) => stopped),
    };
  };
  const writesTo = async (connectorId: string) => {
    const answered = await target.call('connectors-writes', { connectorId, limit: 200 });
    return mustBeDone('connectors-writes', answered).writes;
  };
  const askHealth = async () => {
    const { ms, done } = await target.get(HEALTH);
    health.push({ ms, done });
    return done;
  };
  const sent = { offline: 0, waiting: 0 };

  return {
    health_answers: async () => passes(await target.get(HEALTH)),
    async register({ writes }) {
      const begunAt = run.now();
      await register(() => 0);
      await probeAll();
      wellRoundMs = run.now() - begunAt;
      await sendToEach(Number(writes));
      return deliverToEach();
    },
    up: async () => count(isUp),
    async begin_storm({ seconds }) {
      // A slow backend is given longer: else the storm is over before each was asked often enough to be offline.
      const stormyRoundMs = wellRoundMs + (ids.length / AT_ONCE) * TIMEOUT_MS;
      const lasts = Math.max(Number(seconds) * 1000, ROUNDS * stormyRoundMs);
      // Registering takes its time as well, and the storm begins for each when it is registered.
      stormEndsAt = run.now() + lasts;
      const until = Date.parse(run.backendTime(lasts));
      measured.failure = { from: run.now(), to: null };
      await register(() => until);
      return { seconds: lasts / 1000 };
    },
    async ask_for_health() {
      while (!endOfAsking.signal.aborted && !run.isOver()) {
        await askHealth();
        await run.machine.sleep(HEALTH_PAUSE_MS, endOfAsking.signal);
      }
      return { asked: health.length, failed: health.filter(({ done }) => !done).length };
    },
    async probe_until_offline() {
      // What the storm itself did not put offline, nothing does any more.
      await probeUntil(isOffline, Math.max(0, stormEndsAt - run.now()));
      if (count(isOffline) === ids.length) measured.moments.contained = run.now();
    },
    async offline() {
      measured.fallbacks.due += ids.length;
      measured.fallbacks.activated += count(isOffline);
      return count((connector) => isOffline(connector) && connector.breaker !== 'closed');
    },
    async send({ writes }) {
      const answers = await sendToEach(Number(writes));
      sent.offline = answers.filter(({ offline }) => offline).length;
      sent.waiting = sum(answers.map(({ waiting }) => waiting));
      measured.fallbacks.due += answers.length;
      measured.fallbacks.activated += sent.offline;
    },
    waiting: async () => sent.waiting,
    async probe_until_back() {
      await run.sleep(Math.max(0, stormEndsAt - run.now()));
      if (measured.failure) measured.failure.to = stormEndsAt;
      await probeUntil(isUp, PATIENCE_MS);
      if (count(isUp) === ids.length) measured.recoveryMs = run.now() - stormEndsAt;
    },
    deliver: deliverToEach,
    async not_in_order({ each }) {
      const wrong = await oneByOne(async (connectorId) => wrongIn(await writesTo(connectorId), Number(each)));
      return { value: sum(wrong.map(({ length }) => length)), wrong: wrong.flat().slice(0, 5) };
    },
    async permitted_again() {
      const again = await oneByOne(async (id) => {
        const asked = { target: `connectorQueues/${id}`, limit: 200 };
        const { entries } = mustBeDone('audit-query', await target.call('audit-query', asked));
        const sequences = entries.flatMap(({ metadata }) => permittedIn(metadata));
        return sequences.length - new Set(sequences).size;
      });
      return sum(again);
    },
    async dead() {
      return sum(await oneByOne(async (id) => (await writesTo(id)).filter(({ status }) => status === 'dead').length));
    },
    async end_asking() {
      endOfAsking.abort();
    },
    async health_latency() {
      const failed = health.filter(({ done }) => !done).length;
      const [median, most, slowest] = [0.5, 0.95, 1].map((share) => latencyAt(health, share));
      return { value: failed > 0 ? null : most, asked: health.length, failed, median, slowest };
    },
  };
};

const isUp = ({ breaker, offlineSince, lastOkAt }: Connector): boolean =>
  breaker === 'closed' && offlineSince === null && lastOkAt !== null;
const isOffline = ({ offlineSince }: Connector): boolean => offlineSince !== null;

/** `hang` and `error` until then, and well afterwards. */
const registration = (connectorId: string, index: number, until: number): RequestOf<'connectors-register'> => {
  const host = `https://${index + 1}.chaos.invalid`;
  return {
    ...{ connectorId, name: `Chaos ${index + 1}` },
    url: `${host}/${index % 2 === 0 ? 'hang' : 'error'}?until=${until}`,
    deliverTo: `${host}/${index % 2 === 0 ? 'hang' : 'error'}?until=${until}`,
    ...{
      timeoutMs: TIMEOUT_MS,
      failuresToOpen: 2,
      retryAfterSeconds: 1,
      successesToClose: 2,
      offlineAtLeastSeconds: 1,
    },
    // Each write has a permit, and a time, of its own: so that order, and what is sent twice, can be seen.
    repeatable: false,
  };
};

type Write = connectors.ConnectorWriteView;

/** What is not delivered at the first attempt, or settled before one with a lower number; or a number that is missing. */
const wrongIn = (writes: readonly Write[], count: number): string[] => {
  const inOrder = writes.toSorted((one, other) => one.sequence - other.sequence);
  const wrong = inOrder.filter((write, index) => {
    const before = inOrder[index - 1];
    const isEarly = before && (before.settledAt ?? '') > (write.settledAt ?? '');
    return (
      write.status !== 'delivered' ||
      write.attempts !== 1 ||
      isEarly ||
      (before && before.sequence + 1 !== write.sequence)
    );
  });
  const missing = Array.from({ length: Math.max(0, count - writes.length) }, () => 'a write that is not listed');
  return [...wrong.map(({ id, status, attempts }) => `${id}: ${status}, attempts: ${attempts}`), ...missing];
};

const permit = z.looseObject({ permitted: z.object({ from: z.int(), upTo: z.int() }) });

/** The writes that this entry of a delivery let be sent, by their numbers. */
const permittedIn = (metadata: unknown): number[] => {
  const { permitted: { from, upTo } = { from: 1, upTo: 0 } } = permit.safeParse(metadata).data ?? {};
  return Array.from({ length: upTo - from + 1 }, (_, index) => from + index);
};

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

/** Within so many milliseconds this share of the answers came. */
const latencyAt = (asked: readonly { ms: number }[], share: number): number => {
  const sorted = asked.map(({ ms }) => ms).toSorted((one, other) => one - other);
  return Math.round(sorted[Math.ceil(sorted.length * share) - 1] ?? 0);
};

/** Each of these, so many at a time; the answers in their order. */
const eachOf = async <Item, Result>(
  items: readonly Item[],
  atOnce: number,
  what: (item: Item, index: number) => Promise<Result>,
): Promise<Result[]> => {
  const results: Result[] = [];
  for (let begin = 0; begin < items.length; begin += atOnce) {
    const some = items.slice(begin, begin + atOnce);
    results.push(...(await Promise.all(some.map((item, index) => what(item, begin + index)))));
  }
  return results;
};

/** The functions of a storm over connectors: they are simulated by the backend, at addresses that say how they behave. */
import * as z from 'zod';
import type { connectors, RequestOf } from '@muster/contract';
import type { ExperimentFunction } from './experiment';
import type { Run } from './run/run-context';
import { passes } from './scope-functions';
import { mustBeDone } from './target';

type Connector = connectors.ConnectorView;

/** Probes; few, because an emulator runs four functions at a time, and health is to be answered beside them. */
const AT_ONCE = 2;
const ROUND_PAUSE_MS = 100;
const HEALTH_PAUSE_MS = 150;
const PATIENCE_MS = 12_000;
/** What hangs is waited for so long by the backend, and by health as well, were it to ask. */
export const HANGS_FOR_MS = 1000;
/** Two failures open a breaker; the storm lasts for twice as many rounds of probes as that takes here. */
const PROBE_ROUNDS = 4;
const HEALTH = '/api/connectors/health';
/** How often health is asked before the storm; 95 of 100 of fewer would be all of them. */
const CALM_ANSWERS = 20;

export const newStorm = (run: Run, ids: readonly string[]): Record<string, ExperimentFunction> => {
  const { measured, target } = run;
  const seen = new Map<string, Connector>();
  const health: Record<'calm' | 'storm', HealthAnswer[]> = { calm: [], storm: [] };
  const endOfAsking = new AbortController();
  let stormEndsAt = 0;
  let wellRoundMs = 0;
  const count = (is: (connector: Connector) => boolean) => [...seen.values()].filter(is).length;

  const oneByOne = <Result>(what: (id: string, index: number) => Promise<Result>) => eachOf(ids, 1, what);

  const register = async (until: number): Promise<void> => {
    await oneByOne(async (connectorId, index) => {
      // Half of them: those that hang are probed beside one another, so that a round takes no longer than it must.
      const asked = registration(connectorId, index, index < ids.length / 2 ? 'hang' : 'error', until);
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
  const askHealth = async (when: keyof typeof health): Promise<void> => {
    const { ms, done } = await target.get(HEALTH);
    health[when].push({ ms, done });
  };
  /** How long a round of probes takes, and health beside it, while all are well: what the storm is measured against. */
  const measureCalm = async (): Promise<void> => {
    const begunAt = run.now();
    let rounds = 0;
    const isDone = () => health.calm.length >= CALM_ANSWERS || run.isOver();
    const asking = async () => {
      while (!isDone()) await askHealth('calm');
    };
    const probing = async () => {
      do {
        await probeAll();
        rounds += 1;
      } while (!isDone());
    };
    await Promise.all([asking(), probing()]);
    wellRoundMs = (run.now() - begunAt) / rounds;
  };
  const sent = { offline: 0, waiting: 0 };

  return {
    health_answers: async () => passes(await target.get(HEALTH)),
    async register({ writes }) {
      await register(0);
      await probeAll();
      await sendToEach(Number(writes));
      const delivered = await deliverToEach();
      // Once everything has been started: a first round may wait for that, and those of the storm do not.
      await measureCalm();
      return delivered;
    },
    up: async () => count(isUp),
    async begin_storm({ seconds }) {
      // A slow backend is given longer: else the storm is over before each was asked often enough to be offline.
      const stormyRoundMs = wellRoundMs + Math.ceil(ids.length / 2 / AT_ONCE) * HANGS_FOR_MS;
      const lasts = Math.max(Number(seconds) * 1000, PROBE_ROUNDS * stormyRoundMs);
      // Registering takes its time as well, and the storm begins for each when it is registered.
      stormEndsAt = run.now() + lasts;
      const until = Date.parse(run.backendTime(lasts));
      measured.failure = { from: run.now(), to: null };
      await register(until);
      return { seconds: lasts / 1000 };
    },
    async ask_for_health() {
      // What is answered after the storm would only dilute it: how much of it there is depends on how fast the backend delivers.
      while (!endOfAsking.signal.aborted && !run.isOver() && run.now() < stormEndsAt) {
        await askHealth('storm');
        await run.machine.sleep(HEALTH_PAUSE_MS, endOfAsking.signal);
      }
      return { asked: health.storm.length, failed: failedOf(health.storm) };
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
    async health_slower() {
      const [calm, storm] = [latenciesOf(health.calm), latenciesOf(health.storm)];
      const failed = failedOf(health.calm) + failedOf(health.storm);
      return { value: failed > 0 ? null : Math.max(0, storm.p95 - calm.p95), failed, calm, storm };
    },
  };
};

const isUp = ({ breaker, offlineSince, lastOkAt }: Connector): boolean =>
  breaker === 'closed' && offlineSince === null && lastOkAt !== null;
const isOffline = ({ offlineSince }: Connector): boolean => offlineSince !== null;

const registration = (
  connectorId: string,
  index: number,
  behaves: 'hang' | 'error',
  until: number,
): RequestOf<'connectors-register'> => {
  const host = `https://${index + 1}.chaos.invalid`;
  return {
    ...{ connectorId, name: `Chaos ${index + 1}` },
    // Well after that time.
    url: `${host}/${behaves}?until=${until}`,
    deliverTo: `${host}/${behaves}?until=${until}`,
    ...{
      timeoutMs: HANGS_FOR_MS,
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

interface HealthAnswer {
  ms: number;
  done: boolean;
}

const failedOf = (answers: readonly HealthAnswer[]): number => answers.filter(({ done }) => !done).length;

/** In milliseconds. */
const latenciesOf = (answers: readonly HealthAnswer[]) => {
  const sorted = answers.map(({ ms }) => ms).toSorted((one, other) => one - other);
  const at = (share: number) => Math.round(sorted[Math.ceil(sorted.length * share) - 1] ?? 0);
  return { asked: answers.length, median: at(0.5), p95: at(0.95), slowest: at(1) };
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

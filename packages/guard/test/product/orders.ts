/** A host product's own functions, written against the package as it is installed; copied away from here to be compiled and run. */
import { OpenFeature } from '@openfeature/server-sdk';
import { initializeApp } from 'firebase-admin/app';
import {
  createGuard,
  GUARD_REASONS,
  MusterError,
  type Catalog,
  type GuardAnswer,
  type GuardReason,
  type ProductRequest,
} from '@muster/guard';
import { MusterProvider } from '@muster/guard/openfeature';

const REASONS: readonly GuardReason[] = GUARD_REASONS;
const catalog: Catalog = { 'orders.ship': 'write', 'orders.export': 'read' };
const guard = createGuard({ app: initializeApp(), catalog, cacheBoundMs: 10_000 });
const request = (agent: string): ProductRequest => ({ capability: 'orders.ship', actor: agent });

/** Ships an order, once. */
const ship = (order: string, agent: string): Promise<number> =>
  guard.run(request(agent), async (work) => {
    const before = await work.get(`orders/${order}`);
    const shipped = Number(before?.['shipped'] ?? 0) + 1;
    work.set(`orders/${order}`, { ...before, shipped, at: new Date() });
    return shipped;
  });

const commands: Record<string, (order: string) => Promise<unknown>> = {
  ship: (order) => ship(order, 'uid-agent'),
  check: (): Promise<GuardAnswer> => guard.check(request('uid-agent')),
  watch: () => guard.watch(),
  cached: async () => guard.cached(request('uid-agent')),
  async untilDenied() {
    let answer = guard.cached(request('uid-agent'));
    while (answer.allowed) {
      await new Promise((resolve) => setImmediate(resolve));
      answer = guard.cached(request('uid-agent'));
    }
    return answer;
  },
  async flag() {
    await OpenFeature.setProviderAndWait(new MusterProvider(guard));
    return OpenFeature.getClient().getBooleanDetails('orders.ship', true, { targetingKey: 'uid-agent' });
  },
};

process.on('message', ({ command, order }: { command: string; order: string }) => {
  if (command === 'end') {
    guard.close();
    process.disconnect();
    return;
  }
  const answered = (answer: object): void => void process.send?.(answer);
  commands[command]?.(order).then(
    (value) => answered({ value }),
    (error: unknown) => {
      if (!(error instanceof MusterError)) return answered({ unexpected: String(error) });
      const known = REASONS.find((reason) => reason === error.details.reason);
      return answered({ refused: known, code: error.code, message: error.message, next: error.details.next });
    },
  );
});

/** Never called. What the declarations must refuse: if its types had become `any`, the package would pass all of it. */
export const refusedByTheCompiler = async (): Promise<void> => {
  // @ts-expect-error -- a class that is none
  createGuard({ app: initializeApp(), catalog: { 'orders.ship': 'writes' } });
  // @ts-expect-error -- nobody acts
  await guard.check({ capability: 'orders.ship' });
  await guard.run(request('uid-agent'), async (work) => {
    // @ts-expect-error -- a document has fields
    work.set('orders/one', 'shipped');
  });
};

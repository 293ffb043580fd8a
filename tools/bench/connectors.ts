/** `GET /api/connectors/health` while every connector hangs, against the same while nobody is asked. */
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { registerConnector, tendConnectors } from '@muster/functions/features/connectors/index';
import { runJob } from '@muster/functions/platform/operations/job';
import { outboundOver } from '@muster/functions/platform/adapters/outbound';
import { localApi, type LocalApi } from '@muster/functions/test/local-api';
import { compare, type Comparison } from './measure';
import type { Figure } from './switchboard';

const CONNECTORS = 20;
const TIMEOUT_MS = 2_000;
const GOAL_MS = 300;
const RUNS = { runs: 200, warmUp: 50 };

const registerAll = async ({ backend }: LocalApi, port: number): Promise<void> => {
  for (let number = 1; number <= CONNECTORS; number += 1) {
    await backend.run(registerConnector, {
      connectorId: `hangs-${number}`,
      name: 'It hangs',
      url: `https://hangs.example:${port}/`,
      timeoutMs: TIMEOUT_MS,
      // So that all of them are asked in each run, until the end.
      failuresToOpen: 10,
    });
  }
};

export const healthWhileAllHang = async (): Promise<{ comparison: Comparison; figure: Figure }> => {
  const hanging = createServer(() => undefined).listen(0, '127.0.0.1');
  await once(hanging, 'listening');
  const { port } = hanging.address() as AddressInfo;
  const api = await localApi();
  const { backend } = api;
  const outbound = outboundOver({
    clock: () => new Date(),
    allows: () => true,
    resolve: async () => [{ address: '127.0.0.1', family: 4 }],
  });
  backend.deps.outbound.probe = (target) => outbound.probe(target);
  await registerAll(api, port);
  const auditor = await api.person('uid-auditor', 'auditor');
  const took: number[] = [];
  const health = async (): Promise<number> => {
    const before = performance.now();
    const { status } = await api.ask('GET /api/connectors/health', auditor);
    if (status !== 200) throw new Error(`health answered ${status}`);
    return performance.now() - before;
  };

  // Probed again and again, one run after the other, for as long as the first side is asked.
  let minute = 0;
  let storm: Promise<void> | undefined;
  const inStorm = async (): Promise<number> => {
    if (!storm) {
      minute += 1;
      backend.clock.now = new Date(Date.now() + minute * 60_000);
      storm = runJob(backend.deps, tendConnectors, backend.clock.now).finally(() => (storm = undefined));
    }
    const own = await health();
    took.push(own);
    return own;
  };
  const calm = await localApi();
  await registerAll(calm, port);
  const reader = await calm.person('uid-auditor', 'auditor');
  const inCalm = async (): Promise<number> => {
    const before = performance.now();
    await calm.ask('GET /api/connectors/health', reader);
    return performance.now() - before;
  };
  const comparison = await compare(
    `health of ${CONNECTORS} connectors while all hang / while none is asked`,
    { ours: inStorm, theirs: inCalm },
    RUNS,
  );
  await storm;
  await Promise.all([api.close(), calm.close()]);
  hanging.close();
  const worst = Math.max(...took);
  return {
    comparison,
    figure: {
      name: `health while ${CONNECTORS} connectors hang: the slowest of ${took.length} answers (goal ${GOAL_MS} ms)`,
      value: `${worst.toFixed(1)} ms`,
      met: worst < GOAL_MS,
    },
  };
};

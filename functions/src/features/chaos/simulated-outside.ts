/** Outside systems that do not exist, for experiments: no network is touched, and each address says how it behaves. */
import type { Clock } from '@muster/core/clock';
import type { DeploymentEnvironment } from '@muster/contract/chaos';
import type { Courier } from '../../platform/adapters/courier';
import type { Outbound, OutboundResult, OutboundTarget } from '../../platform/adapters/outbound';

export interface ChaosOutboundOptions {
  clock: Clock;
  environment: DeploymentEnvironment;
  /** Waits for so long; what never answers is waited for until the deadline, as it would be outside. */
  wait: (ms: number) => Promise<void>;
}

/** RFC 2606: a name under `.invalid` is nobody's, and never will be. */
const SIMULATED = /(?:^|\.)chaos\.invalid\.?$/u;

/** Of addresses that experiments register alone. One that is not well-formed is for the other side to refuse. */
export const isSimulated = (url: string): boolean => URL.canParse(url) && SIMULATED.test(new URL(url).hostname);

/**
 * `/ok` answers, `/error?until=<epoch ms>` answers 500 before that time, `/hang?until=<epoch ms>` does not answer before it.
 * In production, and by any other path, nobody is there.
 */
export const simulatedAnswer = async (
  { clock, environment, wait }: ChaosOutboundOptions,
  { url, timeoutMs }: OutboundTarget,
): Promise<OutboundResult> => {
  const { pathname, searchParams } = new URL(url);
  if (environment === 'production') return NOBODY_THERE;
  const isOver = clock().getTime() >= Number(searchParams.get('until') ?? Number.NaN);
  switch (pathname) {
    case '/ok':
      return FINE;
    case '/error':
      return isOver ? FINE : { ok: false, latencyMs: 0, status: 500, failure: 'bad_status' };
    case '/hang':
      if (isOver) return FINE;
      await wait(timeoutMs);
      return { ok: false, latencyMs: timeoutMs, status: null, failure: 'timeout' };
    default:
      return NOBODY_THERE;
  }
};

const FINE: OutboundResult = { ok: true, latencyMs: 0, status: 200 };
const NOBODY_THERE: OutboundResult = { ok: false, latencyMs: 0, status: null, failure: 'unreachable' };

/** Asks what does not exist here, and everything else outside. */
export const withChaosOutbound = (outside: Outbound, options: ChaosOutboundOptions): Outbound => ({
  probe: (target) => (isSimulated(target.url) ? simulatedAnswer(options, target) : outside.probe(target)),
});

/** The same for deliveries. Who answers, or holds the connection, has what was sent. */
export const withChaosCourier = (outside: Courier, options: ChaosOutboundOptions): Courier => ({
  async post(target, message) {
    if (!isSimulated(target.url)) return outside.post(target, message);
    const result = await simulatedAnswer(options, target);
    return { ...result, reached: result.ok || result.failure !== 'unreachable' };
  },
});

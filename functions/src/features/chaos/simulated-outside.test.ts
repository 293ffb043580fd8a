import type { DeploymentEnvironment } from '@muster/contract/chaos';
import { isSimulated, withChaosCourier, withChaosOutbound } from './simulated-outside';

const NOW = Date.parse('2026-03-31T09:00:00Z');
const OUTSIDE = { ok: true as const, latencyMs: 7, status: 204 };

const world = (environment: DeploymentEnvironment = 'staging', now = NOW) => {
  const waited: number[] = [];
  const outside: string[] = [];
  const options = {
    clock: () => new Date(now),
    environment,
    wait: async (ms: number) => void waited.push(ms),
  };
  const outbound = withChaosOutbound(
    {
      async probe({ url }) {
        outside.push(url);
        return OUTSIDE;
      },
    },
    options,
  );
  const courier = withChaosCourier(
    {
      async post({ url }) {
        outside.push(url);
        return { ...OUTSIDE, reached: true };
      },
    },
    options,
  );
  const probe = (path: string) => outbound.probe({ url: `https://one.chaos.invalid${path}`, timeoutMs: 500 });
  const post = (path: string) =>
    courier.post({ url: `https://one.chaos.invalid${path}`, timeoutMs: 500 }, { id: 'a', body: '{}', headers: {} });
  return { waited, outside, outbound, courier, probe, post };
};

test.each([
  ['https://chaos.invalid/ok', true],
  ['https://a.b.chaos.invalid:8443/ok', true],
  ['https://A.CHAOS.INVALID/ok', true],
  ['https://a.chaos.invalid./ok', true],
  ['https://notchaos.invalid/ok', false],
  ['https://chaos.invalid.example.com/ok', false],
  ['https://example.com/chaos.invalid', false],
  ['https://example.com?a.chaos.invalid', false],
  ['https://chaos.invalid@example.com/', false],
  ['no address', false],
])('%s is simulated: %s', (url, simulated) => expect(isSimulated(url)).toBe(simulated));

test('what is not simulated is asked outside', async () => {
  const { outbound, courier, outside } = world();
  const target = { url: 'https://example.com/ok', timeoutMs: 500 };
  expect(await outbound.probe(target)).toBe(OUTSIDE);
  expect(await courier.post(target, { id: 'a', body: '{}', headers: {} })).toMatchObject({ status: 204 });
  expect(outside).toEqual([target.url, target.url]);
});

test('each address behaves as it says, and is well from its time on', async () => {
  const fine = { ok: true, latencyMs: 0, status: 200 };
  const later = `?until=${NOW + 1}`;
  const { probe, post, waited, outside } = world();
  expect(await probe('/ok')).toEqual(fine);
  expect(await probe(`/error${later}`)).toEqual({ ok: false, latencyMs: 0, status: 500, failure: 'bad_status' });
  expect(await post(`/error${later}`)).toMatchObject({ ok: false, status: 500, reached: true });
  expect(waited).toEqual([]);
  expect(await probe(`/hang${later}`)).toEqual({ ok: false, latencyMs: 500, status: null, failure: 'timeout' });
  expect(await post(`/hang${later}`)).toMatchObject({ failure: 'timeout', reached: true });
  expect(waited).toEqual([500, 500]);
  for (const path of [`/error?until=${NOW}`, `/hang?until=${NOW}`]) {
    expect(await probe(path)).toEqual(fine);
    expect(await post(path)).toEqual({ ...fine, reached: true });
  }
  for (const path of ['/error', '/error?until=soon']) expect(await probe(path)).toMatchObject({ status: 500 });
  expect(await probe('/else')).toMatchObject({ ok: false, failure: 'unreachable' });
  expect(outside).toEqual([]);
});

test('in production nobody is there, whatever the address says, and nobody is asked', async () => {
  const { probe, post, waited, outside } = world('production');
  for (const path of ['/ok', `/hang?until=${NOW + 1}`, `/error?until=${NOW + 1}`]) {
    expect(await probe(path)).toEqual({ ok: false, latencyMs: 0, status: null, failure: 'unreachable' });
    expect(await post(path)).toMatchObject({ failure: 'unreachable', reached: false });
  }
  expect({ waited, outside }).toEqual({ waited: [], outside: [] });
});

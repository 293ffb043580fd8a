/** The whole backend against real servers that fail in every way there is; nothing of the network is stood in for. */
import { HOSTILE, hostileServers, type Hostile, type HostileServers } from '../../../test/processes/hostile-servers';
import { localApi, type LocalApi } from '../../../test/local-api';
import { runJob } from '../../platform/operations/job';
import { outboundOver } from '../../platform/adapters/outbound';
import { probeConnector, registerConnector, tendConnectors } from '.';

const KINDS = [...(Object.keys(HOSTILE) as Hostile[]), 'well'] as const;
const OUT = KINDS.filter((kind) => kind !== 'well');
const settings = {
  timeoutMs: 2500,
  failuresToOpen: 4,
  retryAfterSeconds: 60,
  successesToClose: 2,
  offlineAtLeastSeconds: 120,
};

interface Row {
  id: string;
  state: string;
  breaker: string;
  lastFailure: string | null;
}

let servers: HostileServers;
let api: LocalApi;
let auditor: string;
let began: number;
beforeAll(async () => {
  [servers, api] = await Promise.all([hostileServers(), localApi()]);
  auditor = await api.person('uid-auditor', 'auditor');
  began = api.backend.clock.now.getTime();
  const outbound = outboundOver({ clock: () => new Date(), ...servers.options });
  api.backend.deps.outbound.probe = (target) => outbound.probe(target);
  for (const kind of KINDS) await register(kind);
  // The first run and the first look load all that is needed, which is not what is measured.
  await Promise.all([tend(0), health()]);
});
afterAll(async () => {
  servers.close();
  await api.close();
});

const register = (connectorId: Hostile | 'well') =>
  api.backend.run(registerConnector, {
    connectorId,
    name: connectorId,
    url: servers.urlOf(connectorId),
    ...settings,
  });

/** What each answer took, in milliseconds. */
const took: number[] = [];
const health = async (): Promise<Map<string, Row>> => {
  const before = performance.now();
  const { status, json } = await api.ask('GET /api/connectors/health', auditor);
  took.push(performance.now() - before);
  expect(status).toBe(200);
  return new Map((json['connectors'] as Row[]).map((row) => [row.id, row]));
};
const states = async (name: 'state' | 'breaker' | 'lastFailure') =>
  Object.fromEntries([...(await health())].map(([id, row]) => [id, row[name]]));
const each = (out: unknown, well: unknown) =>
  Object.fromEntries(KINDS.map((kind) => [kind, kind === 'well' ? well : out]));

const tend = (minute: number) => {
  api.backend.clock.now = new Date(began + minute * 60_000);
  return runJob(api.backend.deps, tendConnectors, api.backend.clock.now);
};
/** Asks for health so often, while something else is done. */
const asking = async (times: number, during: Promise<unknown>) => {
  for (let time = 0; time < times; time += 1) await health();
  await during;
};
const connections = async () => {
  const counts = await servers.connections();
  return OUT.map((kind) => counts[kind]);
};
const offline = async () => {
  const { offline: out } = (await api.backend.firestore.doc('muster_policy/current').get()).data() ?? {};
  return Object.keys(out as object).toSorted();
};

test('health waits for none of them, whatever they do, and breakers open and close as declared', async () => {
  expect(await states('state')).toEqual(each('down', 'up'));
  took.length = 0;

  await asking(60, tend(1));
  expect(await states('lastFailure')).toEqual({ ...HOSTILE, well: null });
  await asking(60, tend(2));
  expect(await states('state')).toEqual(each('down', 'up'));
  expect(await states('breaker')).toEqual(each('closed', 'closed'));
  expect(await offline()).toEqual([]);
  await asking(60, tend(3));
  expect(await states('breaker')).toEqual(each('open', 'closed'));
  expect(await states('state')).toEqual(each('offline', 'up'));
  expect(await offline()).toEqual(OUT.toSorted());
  expect(await connections()).toEqual(OUT.map(() => 4));

  // Open: nobody asks, neither the schedule nor a person.
  await tend(3.9);
  for (const connectorId of OUT) {
    expect(await api.backend.run(probeConnector, { connectorId })).toMatchObject({ probed: false });
  }
  expect(await connections()).toEqual(OUT.map(() => 4));

  // Half open: the schedule and people ask at once, and all fail again; health is asked all the same.
  api.backend.clock.now = new Date(began + 4 * 60_000);
  const people = OUT.map((connectorId) => api.backend.run(probeConnector, { connectorId }));
  await asking(60, Promise.all([tend(4), ...people]));
  expect(await states('breaker')).toEqual(each('open', 'closed'));

  await servers.heal();
  await tend(5);
  expect(await states('breaker')).toEqual(each('closed', 'closed'));
  expect(await states('state')).toEqual(each('offline', 'up'));
  await tend(6);
  expect(await states('state')).toEqual(each('up', 'up'));
  expect(await offline()).toEqual([]);
  expect((await servers.connections()).trap).toBe(0);

  const sorted = took.toSorted((a, b) => a - b);
  const [median, nearlyAll, most] = [0.5, 0.95, 1].map((part) => sorted[Math.ceil(sorted.length * part) - 1]);
  process.stdout.write(`connectors-health, ms: ${JSON.stringify({ asked: took.length, median, nearlyAll, most })}\n`);
  expect(took.length).toBeGreaterThan(200);
  // Who waited for a server that hangs would take as long as its timeout, in a fourth of all answers if in one phase only.
  // The slowest of all is measured where nothing else runs: `npm run bench`.
  expect(nearlyAll).toBeLessThan(settings.timeoutMs);
});

import { as, HOUR, newBackend, refusalOf, START, type Backend } from '../../../test/harness';
import { killCapability, restoreCapability, setKillSwitch } from '.';

/** A network that is down until it is mended; reads and commits alike, or commits alone. */
const brokenBackend = async (): Promise<{ backend: Backend; mend: () => void }> => {
  let broken = true;
  const backend = await newBackend({
    fetch: async (...request) => {
      if (broken) throw new TypeError('no network');
      return fetch(...request);
    },
  });
  return { backend, mend: () => (broken = false) };
};

const reason = 'the bot opens pull requests by itself';
const kill = { capability: 'shipping', reason };
let backend: Backend;
let mend: () => void;
beforeEach(async () => {
  ({ backend, mend } = await brokenBackend());
});
afterEach(() => backend.close());

const incidents = async () => {
  const { docs } = await backend.firestore.collection('muster_incidents').get();
  return docs.map((found) => ({ id: found.id, ...found.data() }));
};

test('a kill that cannot be stored says that containment is incomplete, how bad that is, and what to do by hand', async () => {
  const refusal = await refusalOf(backend.run(killCapability, kill));
  expect(refusal).toMatchObject({
    code: 'UNAVAILABLE',
    message: expect.stringContaining('CONTAINMENT IS INCOMPLETE (P0): killing shipping could not be stored'),
    details: { reason: 'CONTAINMENT_INCOMPLETE', severity: 'P0', capability: 'shipping' },
  });
  expect((refusal.details['steps'] as string[]).length).toBeGreaterThan(3);
  const lines = backend.logged.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines).toContainEqual(
    expect.objectContaining({ severity: 'EMERGENCY', capability: 'shipping', severityOfIncident: 'P0' }),
  );
});

test('an incident is opened as soon as storing works again, without anybody asking, once', async () => {
  await refusalOf(backend.run(killCapability, kill));
  await refusalOf(backend.run(killCapability, kill));
  const [report, second] = backend.left;
  await expect(report!.task()).rejects.toThrow();
  expect(await incidents()).toEqual([]);
  mend();
  backend.clock.now = new Date(START.getTime() + HOUR);
  await report!.task();
  await second!.task();
  expect(await incidents()).toMatchObject([
    { severity: 'P0', status: 'open', exercise: false, capability: 'shipping', openedBy: 'uid-staff' },
  ]);
  const entries = await backend.auditEntries();
  expect(entries).toHaveLength(1);
  const [{ id: incidentId } = { id: '' }] = (await backend.firestore.collection('muster_incidents').get()).docs;
  expect(entries[0]).toMatchObject({
    action: 'incidents.opened',
    severity: 'P0',
    incidentId,
    metadata: { since: START.toISOString() },
  });
});

test('a kill that is stored at last carries the incident in its own commit', async () => {
  await refusalOf(backend.run(killCapability, kill));
  mend();
  backend.clock.now = new Date(START.getTime() + HOUR);
  const { incident } = await backend.run(killCapability, kill);
  expect(await incidents()).toMatchObject([{ id: incident, status: 'contained' }]);
  await backend.left[0]!.task();
  expect(await incidents()).toHaveLength(1);
  expect(await backend.auditEntries()).toHaveLength(1);
  // What was settled is not told of again.
  expect((await backend.run(killCapability, kill)).incident).toBeNull();
});

test('an incident that was contained is not opened again by an attempt that failed before', async () => {
  const failing = { ...kill, requestId: 'kill-at-night', failedSince: new Date(START.getTime() - 1000).toISOString() };
  await refusalOf(backend.run(killCapability, failing));
  mend();
  await backend.run(killCapability, failing);
  await backend.left[0]!.task();
  expect(await incidents()).toMatchObject([{ status: 'contained' }]);
  const [{ id: incidentId } = { id: '' }] = (await backend.firestore.collection('muster_incidents').get()).docs;
  expect(await backend.auditEntries()).toMatchObject([
    { action: 'capability.policy.kill_switch_enabled', severity: 'P0', incidentId },
  ]);
});

test.each([
  ['whose session was ended', { validAfter: START, withdrawn: [] }],
  ['who is staff no more', { validAfter: new Date(0), withdrawn: ['staff'] }],
])('a caller %s opens no incident, though that could not be read when the kill failed', async (_, revocation) => {
  await refusalOf(backend.run(killCapability, kill));
  mend();
  await backend.firestore.doc('muster_revocations/uid-staff').set(revocation);
  await backend.left[0]!.task();
  expect(await incidents()).toEqual([]);
  expect(await backend.auditEntries()).toEqual([]);
});

test('a failure of the day before, which another process has mended, is not taken for the one of today', async () => {
  await refusalOf(backend.run(killCapability, kill));
  const other = await newBackend({ projectId: backend.projectId, installed: false });
  await other.run(killCapability, kill);
  await other.close();
  mend();
  backend.clock.now = new Date(START.getTime() + 24 * HOUR);
  expect((await backend.run(killCapability, kill)).incident).toBeNull();
});

test('another process hears of the failure from the caller, and both mean the same incident', async () => {
  const failing = { ...kill, requestId: 'kill-at-night' };
  await refusalOf(backend.run(killCapability, failing));
  mend();
  await backend.left[0]!.task();
  const other = await newBackend({ projectId: backend.projectId, installed: false });
  const failedSince = new Date(START.getTime() - 1000).toISOString();
  other.clock.now = new Date(START.getTime() + 1000);
  const { incident } = await other.run(killCapability, { ...failing, failedSince });
  expect(await incidents()).toMatchObject([{ id: incident, status: 'contained' }]);
  await other.close();
});

test('killing everything over HTTP fails the same way; a restore that fails is no containment', async () => {
  expect(await refusalOf(backend.run(setKillSwitch, { enabled: true, rationale: reason }))).toMatchObject({
    details: { reason: 'CONTAINMENT_INCOMPLETE', capability: '*' },
  });
  await backend.firestore
    .doc('muster_policy/current')
    .set({ version: 4, mode: 'damaged', killSwitches: {}, offline: {} });
  for (const [operation, input] of [
    [setKillSwitch, { enabled: false, rationale: reason }],
    [restoreCapability, kill],
  ] as const) {
    expect(await refusalOf(backend.run(operation as never, input))).toMatchObject({
      details: { reason: 'STORE_UNAVAILABLE' },
    });
  }
});

test('who may not kill, or asks for nonsense, is refused and nothing is called an emergency', async () => {
  expect(await refusalOf(backend.run(killCapability, kill, as('auditor')))).toMatchObject({
    code: 'PERMISSION_DENIED',
  });
  expect(await refusalOf(backend.run(killCapability, { ...kill, reason: 'short' }))).toMatchObject({
    code: 'INVALID_ARGUMENT',
  });
  expect(backend.left).toEqual([]);
  // The database is away: that nobody could count the refusal is said, and is no emergency.
  expect(backend.logged.map((line) => JSON.parse(line) as unknown)).toMatchObject([
    { severity: 'ERROR', message: 'refusals could not be counted' },
  ]);
});

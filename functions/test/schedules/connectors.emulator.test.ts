/** `connectors-tend` as Cloud Scheduler runs it. The policy of the suite is shared: no breaker is opened here. */
import { runningSuite, type RunningSuite, type SuitePerson } from '../running-suite';
import { ask } from '../security/suite-client';

let suite: RunningSuite;
let staff: SuitePerson;
beforeAll(async () => {
  suite = await runningSuite();
  staff = await suite.person('staff');
});
afterAll(() => suite.close());

test('probes what is registered, once for one time, and health says what it found', async () => {
  const connectorId = suite.mark;
  // A loopback name and a real transport: refused before any connection, so that the test needs no network.
  const settings = { name: 'ours', url: 'https://127.0.0.1/', failuresToOpen: 10 };
  await suite.call('connectors-register', { connectorId, ...settings }, staff);
  const time = new Date();
  expect(await suite.fire('connectors-tend', time)).toBe(200);
  await Promise.all(Array.from({ length: 4 }, () => suite.fire('connectors-tend', time)));

  const { json } = await ask('GET /api/connectors/health', { authorization: staff.authorization });
  const rows = json['connectors'] as { id: string }[];
  expect(rows.find(({ id }) => id === connectorId)).toMatchObject({
    state: 'down',
    breaker: 'closed',
    lastFailure: 'address_refused',
    lastProbedAt: time.toISOString(),
  });
  const { connectors } = await suite.call('connectors-list', { limit: 200 }, staff);
  expect(connectors.find(({ id }) => id === connectorId)).toMatchObject({ lastProbedAt: time.toISOString() });
  const entries = await suite.entries({ correlationId: `connectors_tend@${time.toISOString()}` });
  expect(entries.filter(({ action }) => action === 'connectors.probed')).toHaveLength(1);
  expect(entries.filter(({ action }) => action.startsWith('jobs.'))).toEqual([]);
  expect(await suite.call('connectors-probe', { connectorId }, staff)).toMatchObject({ probed: true, ok: false });
  // What is tended by no run any more: the suite is shared.
  await suite.firestore.doc(`muster_connectors/${connectorId}`).delete();
});

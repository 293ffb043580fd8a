/** Delivery as deployed, on the suite: with its key, and to nobody who is only reached from here. */
import { runningSuite, type RunningSuite, type SuitePerson } from '../running-suite';

let suite: RunningSuite;
let staff: SuitePerson;
beforeAll(async () => {
  suite = await runningSuite();
  staff = await suite.person('staff');
});
afterAll(() => suite.close());

test('the suite signs with its own key, and an address of this machine is delivered nothing', async () => {
  const connectorId = suite.mark;
  const url = 'https://127.0.0.1:9443/';
  await suite.call(
    'connectors-register',
    { connectorId, name: 'Here', url, deliverTo: url, failuresToOpen: 10 },
    staff,
  );
  await suite.call('connectors-send', { connectorId, writes: [{ kind: 'issue', content: { a: 1 } }] }, staff);
  // The schedule, which may deliver at the same time, comes to the same end.
  expect(await suite.call('connectors-deliver', { connectorId }, staff)).toMatchObject({
    delivered: 0,
    dead: 0,
    waiting: 1,
  });
  const { writes } = await suite.call('connectors-writes', { connectorId, status: 'waiting' }, staff);
  expect(writes).toMatchObject([{ lastFailure: 'address_refused', lastStatus: null }]);
  expect(await suite.call('connectors-discard', { connectorId, reason: 'it was for this test' }, staff)).toEqual({
    changed: true,
    discarded: 1,
  });
  expect(await suite.call('connectors-deliver', { connectorId }, staff)).toMatchObject({ dead: 1, stopped: null });
});

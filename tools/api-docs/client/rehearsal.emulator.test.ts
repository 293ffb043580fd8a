import { runningSuite, type RunningSuite } from '@muster/functions/test/running-suite';
import { refusedProposal, rehearse, type Reached } from './rehearsal';

let suite: RunningSuite;
let reached: Reached;
beforeAll(async () => {
  suite = await runningSuite();
  reached = {
    api: process.env['MUSTER_API_URL'] ?? '',
    functions: process.env['MUSTER_FUNCTIONS_URL'] ?? '',
    authorization: (await suite.person('staff')).authorization,
  };
});
afterAll(() => suite.close());

test('a client generated from docs/openapi.json drills in the running suite, by routes and by callables', async () => {
  const told = await rehearse(reached, suite.scenarioId);
  expect(told).toMatchObject({ startedAs: 'in_progress', listed: [told.drillId] });
  expect(told.actions).toContain('studio_ops.drill_event');
});

test('a generated client reads refusals of a route that has a shape of its own for some of them', async () => {
  expect(await refusedProposal(reached)).toEqual({
    status: 404,
    message: expect.stringContaining('no proposal with this id'),
    cause: undefined,
  });
});

import { as, newBackend, refusalOf, SCENARIO_ID, START, type Backend } from '../../../test/harness';
import { completeDrill, getDrill, recordEvent, scheduleDrill, startDrill } from '.';

let backend: Backend;
beforeAll(async () => {
  backend = await newBackend();
});
afterAll(() => backend.close());

const minutesLater = (minutes: number) => new Date(START.getTime() + minutes * 60_000).toISOString();

test('a drill from its plan to its figures', async () => {
  const { drill: planned } = await backend.run(scheduleDrill, {
    scenarioId: SCENARIO_ID,
    dueAt: minutesLater(60),
    roles: { securityLead: 'uid-lead' },
    participants: ['uid-member'],
  });
  expect(planned).toMatchObject({ status: 'scheduled', severity: 'P1', participants: ['uid-member', 'uid-lead'] });

  await backend.run(startDrill, { drillId: planned.id });
  backend.clock.now = new Date(minutesLater(200));
  await backend.run(recordEvent, { drillId: planned.id, type: 'detected', at: minutesLater(15) });
  const { event } = await backend.run(recordEvent, { drillId: planned.id, type: 'acknowledged', at: minutesLater(40) });
  await backend.run(recordEvent, {
    drillId: planned.id,
    type: 'acknowledged',
    at: minutesLater(20),
    supersedes: event.id,
  });
  await backend.run(recordEvent, { drillId: planned.id, type: 'contained', at: minutesLater(134) });
  const { drill } = await backend.run(completeDrill, { drillId: planned.id, outcome: 'partial' });

  // TTD is exactly its target of 15 minutes: met means strictly below.
  expect(drill.figures).toMatchObject({
    ttd: { valueMs: 15 * 60_000, result: 'missed' },
    tta: { valueMs: 5 * 60_000, result: 'met' },
    ttc: { valueMs: 119 * 60_000, result: 'met' },
    ttr: { valueMs: null, result: 'not_measured' },
  });
  const { events } = await backend.run(getDrill, { drillId: planned.id }, as('auditor'));
  expect(events.filter(({ type }) => type === 'acknowledged')).toHaveLength(2);
});

test('what is not allowed is refused with the state', async () => {
  const { drill } = await backend.run(startDrill, { scenarioId: SCENARIO_ID });
  const refusal = await refusalOf(backend.run(startDrill, { drillId: drill.id }));
  expect(refusal).toMatchObject({ code: 'CONFLICT', details: { reason: 'WRONG_STATE', state: 'in_progress' } });
});

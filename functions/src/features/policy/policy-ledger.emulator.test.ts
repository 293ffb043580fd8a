import { expectBadInputIsNamed } from '../../../test/bad-input';
import { calm } from '../../../test/calm';
import { as, HOUR, SCENARIO_ID, START } from '../../../test/harness';
import { watchedBackend, type Watched } from '../../../test/watched-backend';
import { scheduleDrill } from '../drills';
import { enterDegraded, killCapability, policyLedger, restoreCapability } from '.';

let watched: Watched;
beforeAll(async () => {
  watched = await watchedBackend();
});
beforeEach(() => calm(watched));
afterAll(() => watched.backend.close());

const later = (ms: number) => new Date(START.getTime() + ms);
const reason = 'the bot opens pull requests by itself';
const plan = { scenarioId: SCENARIO_ID, dueAt: later(HOUR).toISOString() };

describe('the ledger', () => {
  test('answers by kind, name and whether it stands, newest first, in pages', async () => {
    for (const [index, capability] of ['a', 'b', 'c'].entries()) {
      watched.backend.clock.now = later(index * 1000);
      await watched.call(killCapability, { capability, reason });
    }
    await watched.call(enterDegraded, { mode: 'offline', reason });
    await watched.call(restoreCapability, { capability: 'b', reason });
    const names = async (asked: object) =>
      (await watched.call(policyLedger, asked)).activations.map(({ name }) => name).toSorted();
    expect(await names({ kind: 'mode' })).toEqual(['offline']);
    expect(await names({ kind: 'kill_switch' })).toEqual(['a', 'b', 'c']);
    expect(await names({ on: false })).toEqual(['b']);
    expect(await names({ kind: 'kill_switch', on: true, name: 'c' })).toEqual(['c']);
    const first = await watched.call(policyLedger, { kind: 'kill_switch', limit: 2 });
    expect(first.activations.map(({ name }) => name)).toEqual(['c', 'b']);
    const second = await watched.call(policyLedger, { kind: 'kill_switch', limit: 2, cursor: first.nextCursor! });
    expect(second).toMatchObject({ activations: [{ name: 'a' }], nextCursor: null });
  });

  test('counts what each activation refused, by capability', async () => {
    await watched.call(killCapability, { capability: 'muster.drills', reason });
    for (let call = 0; call < 3; call += 1) await watched.refused(scheduleDrill, plan, as('staff', `uid-${call}`));
    const { activations } = await watched.call(policyLedger, {}, as('auditor'));
    expect(activations).toMatchObject([{ denied: { total: 3, byCapability: { 'muster.drills.schedule': 3 } } }]);
  });

  test('names each field that is wrong', () =>
    expectBadInputIsNamed(watched, policyLedger, {}, [
      ['another kind', { kind: 'ban' }, 'kind'],
      ['a text', { on: 'yes' }, 'on'],
      ['no page', { limit: 0 }, 'limit'],
      ['a cursor of its own', { cursor: 'abc' }, 'cursor'],
    ]));
});

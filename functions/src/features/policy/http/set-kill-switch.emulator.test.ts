import { expectBadInputIsNamed, NEVER } from '../../../../test/bad-input';
import { calm } from '../../../../test/calm';
import { HOUR, SCENARIO_ID, START } from '../../../../test/harness';
import { expectRequestIdsAreKept } from '../../../../test/request-ids';
import { watchedBackend, type Watched } from '../../../../test/watched-backend';
import { scheduleDrill } from '../../drills';
import { killCapability, setKillSwitch } from '..';

let watched: Watched;
beforeAll(async () => {
  watched = await watchedBackend();
});
beforeEach(() => calm(watched));
afterAll(() => watched.backend.close());

const reason = 'the bot opens pull requests by itself';
const plan = { scenarioId: SCENARIO_ID, dueAt: new Date(START.getTime() + HOUR).toISOString() };

describe('everything at once, in the words of existing clients', () => {
  test('is killed and restored, and what was killed by name stays killed and is named', async () => {
    await watched.call(killCapability, { capability: 'shipping', reason });
    expect(await watched.call(setKillSwitch, { enabled: true, rationale: reason })).toMatchObject({
      changed: true,
      enabled: true,
      message: 'Everything is killed, until someone restores it.',
    });
    expect(watched.backend.costs.at(-1)?.spent).toEqual({ reads: 2, writes: 3 });
    expect(watched.entry()).toMatchObject({ action: 'capability.policy.kill_switch_enabled' });
    await watched.refused(scheduleDrill, plan);
    expect(await watched.call(setKillSwitch, { enabled: false, rationale: 'it is understood now' })).toMatchObject({
      changed: true,
      enabled: false,
      message: 'Everything is restored. Killed now: shipping.',
    });
    expect(watched.entry()).toMatchObject({ action: 'capability.policy.kill_switch_disabled' });
    await watched.call(scheduleDrill, plan);
  });

  test('names each field that is wrong', () =>
    expectBadInputIsNamed(watched, setKillSwitch, { enabled: true, rationale: reason }, [
      ...NEVER,
      ['no word on it', { enabled: undefined }, 'enabled'],
      ['a text', { enabled: 'true' }, 'enabled'],
      ['a rationale of nine characters', { rationale: 'too short' }, 'rationale'],
      ['no rationale', { rationale: undefined }, 'rationale'],
    ]));

  test('is done once for one requestId', () =>
    expectRequestIdsAreKept(watched, setKillSwitch, {
      one: { enabled: true, rationale: reason },
      other: { enabled: false, rationale: reason },
      forAnotherUser: { enabled: true, rationale: reason },
    }));
});

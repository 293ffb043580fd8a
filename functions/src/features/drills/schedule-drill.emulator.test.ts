import { expectBadInputIsNamed, NEVER } from '../../../test/bad-input';
import { SCENARIO_ID } from '../../../test/harness';
import { expectRequestIdsAreKept } from '../../../test/request-ids';
import { watchedBackend, type Watched } from '../../../test/watched-backend';
import { getDrill, scheduleDrill } from '.';

let watched: Watched;
beforeAll(async () => {
  watched = await watchedBackend();
});
afterAll(() => watched.backend.close());

const PLAN = { scenarioId: SCENARIO_ID, dueAt: '2026-04-30T09:00:00Z' };

describe('scheduling a drill', () => {
  test('plans it with all that was given, in UTC', async () => {
    const { drill } = await watched.call(scheduleDrill, {
      ...PLAN,
      dueAt: '2026-04-30T11:00:00+02:00',
      severity: 'P0',
      environment: 'production',
      participants: ['uid-member'],
      roles: {
        incidentCommander: 'uid-1',
        securityLead: 'uid-2',
        communicationsLead: 'uid-3',
        technicalLead: 'uid-member',
      },
    });
    expect(drill).toMatchObject({
      id: expect.stringMatching(/^drl_/u),
      exercise: true,
      status: 'scheduled',
      title: 'Token compromise',
      kind: 'tabletop',
      severity: 'P0',
      environment: 'production',
      dueAt: '2026-04-30T09:00:00.000Z',
      startedAt: null,
      overdue: false,
      figures: null,
      participants: ['uid-member', 'uid-1', 'uid-2', 'uid-3'],
      roles: { technicalLead: 'uid-member' },
      createdBy: 'uid-staff',
    });
    expect((await watched.call(getDrill, { drillId: drill.id })).drill).toEqual(drill);
  });

  test('takes 100 participants and roles of others beside them', async () => {
    const participants = Array.from({ length: 100 }, (_, index) => `uid-${index}-invited`);
    const { drill } = await watched.call(scheduleDrill, { ...PLAN, participants, roles: { securityLead: 'uid-lead' } });
    expect(drill.participants).toHaveLength(101);
  });

  test('leaves an entry with the fields that existing clients read', async () => {
    const { drill } = await watched.call(scheduleDrill, PLAN);
    expect(watched.entry()).toMatchObject({
      action: 'studio_ops.drill_event',
      actorType: 'staff',
      target: `drills/${drill.id}`,
      exercise: true,
      metadata: {
        drillId: drill.id,
        scenarioId: SCENARIO_ID,
        status: 'scheduled',
        outcome: null,
        notes: null,
        mttrMinutes: null,
        unresolvedRisks: [],
        severity: 'P1',
      },
    });
  });

  test('of a scenario that the catalog has not is refused by its name', async () => {
    expect(await watched.refused(scheduleDrill, { ...PLAN, scenarioId: 'no-such' })).toMatchObject({
      code: 'NOT_FOUND',
      details: { reason: 'UNKNOWN_SCENARIO', fields: [{ field: 'scenarioId' }] },
    });
  });

  test('names each field that is wrong', async () => {
    await expectBadInputIsNamed(watched, scheduleDrill, PLAN, [
      ...NEVER,
      ['no scenario', { scenarioId: undefined }, 'scenarioId'],
      ['a scenario with a slash', { scenarioId: 'a/b' }, 'scenarioId'],
      ['a scenario that is two dots', { scenarioId: '..' }, 'scenarioId'],
      ['a scenario that is null', { scenarioId: null }, 'scenarioId'],
      ['no due time', { dueAt: undefined }, 'dueAt'],
      ['a due time without a zone', { dueAt: '2026-04-30T09:00:00' }, 'dueAt'],
      ['a due time that is a number', { dueAt: 1_777_000_000 }, 'dueAt'],
      ['a due time in the year 1999', { dueAt: '1999-01-01T00:00:00Z' }, 'dueAt'],
      ['a severity that is not one', { severity: 'P4' }, 'severity'],
      ['an environment that is not one', { environment: 'prod' }, 'environment'],
      ['participants that are no list', { participants: 'uid' }, 'participants'],
      ['a participant with a slash', { participants: ['ok', 'a/b'] }, 'participants.1'],
      ['more than 100 participants', { participants: Array.from({ length: 101 }, (_, i) => `u${i}`) }, 'participants'],
      ['a role that is not one', { roles: { boss: 'uid' } }, 'roles.boss'],
      ['a role for nobody', { roles: { securityLead: '' } }, 'roles.securityLead'],
    ]);
  });

  test('tells all that is wrong at once', async () => {
    const refusal = await watched.refused(scheduleDrill, { dueAt: 'soon', severity: 'P9' });
    expect((refusal.details['fields'] as { field: string }[]).map(({ field }) => field)).toEqual([
      'scenarioId',
      'dueAt',
      'severity',
    ]);
  });

  test('is done once for one requestId', async () => {
    await expectRequestIdsAreKept(watched, scheduleDrill, {
      one: PLAN,
      other: { ...PLAN, severity: 'P3' },
      forAnotherUser: PLAN,
    });
  });
});

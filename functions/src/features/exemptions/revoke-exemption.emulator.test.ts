import { expectBadInputIsNamed, NEVER } from '../../../test/bad-input';
import { ada, at, CAPABILITY, exempting, plan } from '../../../test/exemptions';
import { HOUR, START } from '../../../test/harness';
import { expectRequestIdsAreKept } from '../../../test/request-ids';
import { watchedBackend, type Watched } from '../../../test/watched-backend';
import { NORMAL } from '@muster/guard/policy-document';
import { scheduleDrill } from '../drills';
import { revokeExemption } from '.';

let watched: Watched;
beforeAll(async () => {
  watched = await watchedBackend();
});
beforeEach(async () => {
  watched.backend.clock.now = START;
  await watched.given('muster_policy/current', NORMAL);
});
afterAll(() => watched.backend.close());

const { kill, grant, revoke, policy, holders } = exempting(() => watched);

describe('revoking an exemption', () => {
  test('takes it out of all that it is from, and marks its record', async () => {
    await kill('*');
    await kill(CAPABILITY);
    const before = await grant();
    const other = await grant({ owner: 'uid-bob' });
    watched.backend.clock.now = new Date(START.getTime() + HOUR);
    const revoked = { ...before, revokedAt: at(HOUR), revokedBy: 'uid-staff', state: 'revoked' };
    expect(await revoke(before.id)).toEqual({ changed: true, exemption: revoked });
    expect(watched.entry()).toMatchObject({
      action: 'capability.exemption_revoked',
      target: `exemptions/${before.id}`,
      rationale: 'they have gone',
      metadata: { owner: 'uid-ada', capability: CAPABILITY, grantedBy: 'uid-staff', from: before.from },
    });
    expect(await watched.refused(scheduleDrill, plan, ada)).toMatchObject({
      details: { reason: 'BLOCKED_BY_KILL_SWITCH' },
    });
    for (const { exemptions } of Object.values((await policy()).killSwitches)) {
      expect(Object.keys(exemptions)).toEqual(['uid-bob']);
    }
    expect(await revoke(before.id)).toEqual({ changed: false, exemption: revoked });
    expect(watched.changedSomething()).toBe(false);
    expect(await revoke(other.id)).toMatchObject({ changed: true });
    expect(await holders()).toEqual([]);
  });

  test('is possible when all it was from has ended, and then leaves the policy alone', async () => {
    await kill(CAPABILITY);
    const { id } = await grant();
    await watched.given('muster_policy/current', NORMAL);
    const version = async () => (await watched.backend.firestore.doc('muster_policy/current').get()).updateTime;
    const before = await version();
    expect(await revoke(id)).toMatchObject({ changed: true });
    expect(await version()).toEqual(before);
  });

  test('that is not there is refused by the field', async () => {
    expect(await watched.refused(revokeExemption, { exemptionId: 'exm_nosuch', reason: 'why' })).toMatchObject({
      code: 'NOT_FOUND',
      details: {
        reason: 'UNKNOWN_EXEMPTION',
        fields: [{ field: 'exemptionId' }],
        next: expect.stringContaining('exemptions-list'),
      },
    });
  });

  test('names each field that is wrong', async () => {
    await expectBadInputIsNamed(watched, revokeExemption, { exemptionId: 'exm_nosuch', reason: 'why' }, [
      ...NEVER,
      ['no exemption', { exemptionId: undefined }, 'exemptionId'],
      ['a path', { exemptionId: 'exm_x/../../audit' }, 'exemptionId'],
      ['an id of another kind', { exemptionId: 'dlg_abcd' }, 'exemptionId'],
      ['no reason', { reason: undefined }, 'reason'],
    ]);
  });

  test('is done once for one requestId', async () => {
    await kill(CAPABILITY);
    const [one, other, another] = [
      await grant(),
      await grant({ owner: 'uid-bob' }),
      await grant({ owner: 'uid-cleo' }),
    ];
    await expectRequestIdsAreKept(watched, revokeExemption, {
      one: { exemptionId: one.id, reason: 'why' },
      other: { exemptionId: other.id, reason: 'why' },
      forAnotherUser: { exemptionId: another.id, reason: 'why' },
    });
  });

  test('still marks it when the policy is damaged, and leaves the repair to others', async () => {
    await kill(CAPABILITY);
    const { id } = await grant();
    await watched.given('muster_policy/current', { version: 9 });
    expect(await revoke(id)).toMatchObject({ changed: true, exemption: { state: 'revoked' } });
    expect(await policy()).toEqual({ version: 9 });
  });
});

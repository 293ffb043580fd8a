import { expectBadInputIsNamed, NEVER } from '../../../test/bad-input';
import { ada, at, CAPABILITY, DAY, exempting, plan, valid, why } from '../../../test/exemptions';
import { as, HOUR, START } from '../../../test/harness';
import { expectRequestIdsAreKept } from '../../../test/request-ids';
import { watchedBackend, type Watched } from '../../../test/watched-backend';
import { NORMAL } from '@muster/guard/policy-document';
import { scheduleDrill } from '../drills';
import { enterDegraded, getPolicy, killCapability } from '../policy';
import { grantExemption } from '.';

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

describe('granting an exemption', () => {
  test('lets its owner, and nobody else, do that one thing in spite of all that forbids it', async () => {
    const everything = (await kill('*')).killSwitch.activation;
    const drills = (await kill('muster.drills')).killSwitch.activation;
    await kill('shipping');
    await watched.call(enterDegraded, { mode: 'read_only', reason: 'a storm' });
    const mode = (await policy()).mode.activation;
    expect(await watched.refused(scheduleDrill, plan, ada)).toMatchObject({ code: 'RESTRICTED' });

    const exemption = await grant();
    expect(exemption).toEqual({
      id: expect.stringMatching(/^exm_/u),
      owner: 'uid-ada',
      capability: CAPABILITY,
      ...why,
      grantedBy: 'uid-staff',
      requestedBy: null,
      grantedAt: START.toISOString(),
      until: at(DAY),
      from: [
        { activation: everything, name: '*' },
        { activation: drills, name: 'muster.drills' },
        { activation: mode, name: 'read_only' },
      ],
      revokedAt: null,
      revokedBy: null,
      state: 'active',
    });
    expect(watched.entry()).toMatchObject({
      action: 'capability.exemption_granted',
      actorType: 'staff',
      target: `exemptions/${exemption.id}`,
      rationale: why.justification,
      metadata: { owner: 'uid-ada', capability: CAPABILITY, until: at(DAY), from: exemption.from },
    });
    expect(await holders()).toEqual(expect.arrayContaining(['mode', '*', 'muster.drills']));
    expect(await holders()).toHaveLength(3);
    await watched.call(scheduleDrill, plan, ada);
    expect(await watched.refused(scheduleDrill, plan, as('staff'))).toMatchObject({ code: 'RESTRICTED' });
  });

  test('ends at its time, and may be granted again then', async () => {
    await kill(CAPABILITY);
    const { id } = await grant({ until: at(HOUR) });
    watched.backend.clock.now = new Date(START.getTime() + HOUR - 1000);
    await watched.call(scheduleDrill, plan, ada);
    watched.backend.clock.now = new Date(START.getTime() + HOUR);
    expect(await watched.refused(scheduleDrill, plan, ada)).toMatchObject({
      details: { reason: 'BLOCKED_BY_KILL_SWITCH' },
    });
    expect((await grant()).id).not.toBe(id);
    await watched.call(scheduleDrill, plan, ada);
  });

  test.each([
    ['nothing is restricted', CAPABILITY],
    ['something else is', 'shipping.commit'],
    ['it only reads', 'firestore.read'],
  ])('is refused while %s', async (_, capability) => {
    if (capability !== CAPABILITY) await kill('muster');
    expect(await watched.refused(grantExemption, { ...valid, capability })).toMatchObject({
      code: 'CONFLICT',
      details: { reason: 'NOTHING_RESTRICTED', capability, next: expect.any(String) },
    });
  });

  test('never overwrites one that stands: that is revoked first', async () => {
    await kill(CAPABILITY);
    const { id } = await grant();
    // Also when it is from one only of what restricts it now.
    await kill('*');
    expect(await watched.refused(grantExemption, { ...valid, until: at(HOUR) })).toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining(id),
      details: { reason: 'ALREADY_RECORDED', next: expect.stringContaining('exemptions-revoke') },
    });
    await revoke(id);
    await grant({ until: at(HOUR) });
    await watched.call(scheduleDrill, plan, ada);
  });

  test('is refused when a restriction has 100', async () => {
    await kill(CAPABILITY);
    const until = new Date(START.getTime() + HOUR);
    const many = Array.from({ length: 100 }, (_, index) => [`uid-${index}`, { [CAPABILITY]: { id: 'exm_x', until } }]);
    await watched.backend.firestore.doc('muster_policy/current').update({
      killSwitches: {
        [CAPABILITY]: { ...(await policy()).killSwitches[CAPABILITY], exemptions: Object.fromEntries(many) },
      },
    });
    await watched.settle();
    expect(await watched.refused(grantExemption, valid)).toMatchObject({
      code: 'CONFLICT',
      details: { reason: 'TOO_MANY' },
    });
  });

  test('names each field that is wrong', async () => {
    await kill(CAPABILITY);
    await expectBadInputIsNamed(watched, grantExemption, valid, [
      ...NEVER,
      ['no owner', { owner: undefined }, 'owner'],
      ['an owner that is a path', { owner: 'a/b' }, 'owner'],
      ['an owner that is a prototype', { owner: '__proto__' }, 'owner'],
      ['no capability', { capability: undefined }, 'capability'],
      ['everything', { capability: '*' }, 'capability'],
      ['a capability of five words', { capability: 'a.b.c.d.e' }, 'capability'],
      ['no justification', { justification: undefined }, 'justification'],
      ['one of 9 characters', { justification: 'not long.' }, 'justification'],
      ['one of 9 and spaces', { justification: 'not long.    ' }, 'justification'],
      ['no end', { until: undefined }, 'until'],
      ['an end that is now', { until: at(0) }, 'until'],
      ['an end in 7 days and a millisecond', { until: at(7 * DAY + 1) }, 'until'],
    ]);
  });

  test('is done once for one requestId', async () => {
    await kill(CAPABILITY);
    await expectRequestIdsAreKept(watched, grantExemption, {
      one: valid,
      other: { ...valid, owner: 'uid-bob' },
      forAnotherUser: { ...valid, owner: 'uid-cleo' },
    });
  });

  test('by many at once keeps each, and one of those that are for the same', async () => {
    await kill(CAPABILITY);
    const owners = ['one', 'two', 'three', 'four', 'same', 'same', 'same', 'same'];
    const granted = await Promise.allSettled(
      owners.map((owner) => watched.backend.run(grantExemption, { ...valid, owner })),
    );
    await watched.settle();
    const refused = granted.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    expect(refused).toHaveLength(3);
    for (const error of refused) expect(error).toMatchObject({ details: { reason: 'ALREADY_RECORDED' } });
    const held = (await policy()).killSwitches[CAPABILITY]!.exemptions;
    expect(Object.keys(held).toSorted()).toEqual(['four', 'one', 'same', 'three', 'two']);
  });
});

describe('over a policy that is damaged', () => {
  test('an exemption is from what still stands, and the entry says that it was put together again', async () => {
    const own = await watchedBackend();
    await own.call(killCapability, { capability: CAPABILITY, reason: 'it misbehaves badly' });
    await own.given('muster_policy/current', { version: 9 });
    // Not the usual way, so past the watch: the open activations are read too.
    const { exemption } = await own.backend.run(grantExemption, valid);
    expect(exemption.from).toMatchObject([{ name: CAPABILITY }]);
    const [entry] = (await own.backend.auditEntries()).filter(({ target }) => target === `exemptions/${exemption.id}`);
    expect(entry).toMatchObject({ metadata: { rebuilt: true } });
    await own.settle();
    await own.call(scheduleDrill, plan, ada);
    expect(await own.refused(scheduleDrill, plan)).toMatchObject({ details: { reason: 'BLOCKED_BY_KILL_SWITCH' } });
    await own.backend.close();
  });
});

test('the policy that everyone may read tells how many are exempt, and not who', async () => {
  await kill(CAPABILITY);
  await grant();
  const answer = await watched.call(getPolicy, {}, as('member'));
  expect(answer.killSwitches).toMatchObject([{ capability: CAPABILITY, exemptions: 1 }]);
  expect(JSON.stringify(answer)).not.toContain('uid-ada');
});

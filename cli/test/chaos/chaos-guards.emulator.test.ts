/** Every guard of chaos, tried from outside: nothing runs, each refusal says why and what next, and the audit has each. */
import type { OperationName, ResponseOf } from '@muster/contract';
import {
  calledAt,
  lyingBefore,
  musterAt,
  newProject,
  type Deployed,
  type Person,
  type Project,
} from '../desk/deployed-backend';
import { attemptsOf, CHAOS, expectRefused, journalIn, once, runIn, stateOf, waysIn } from './refused-attempts';

let project: Project;
let staging: Deployed;
let production: Deployed;

beforeAll(async () => {
  project = await newProject();
  [staging, production] = await Promise.all([project.deploy('staging'), project.deploy('production')]);
});
afterAll(() => project.close());

const staffMember = () => project.person({ staff: true });

/** One that is armed where that is allowed. */
const armedBy = async ({ token }: Person): Promise<string> => {
  const { result } = await calledAt(staging, 'chaos-arm', { experiment: 'kill-switch' }, token);
  return (result as ResponseOf<'chaos-arm'>).experiment.id;
};

describe('production by environment: the runner refuses by itself, and reports it', () => {
  const MODE = { reason: 'CHAOS_MODE_NOT_SET', why: 'CHAOS_MODE is not "true"', next: /set CHAOS_MODE=true/u };
  const NODE = { reason: 'NODE_ENV_IS_PRODUCTION', why: 'NODE_ENV is "production"', next: /not part of production/u };
  test.each<[object, typeof MODE | typeof NODE]>([
    [{}, MODE],
    [{ CHAOS_MODE: '' }, MODE],
    [{ CHAOS_MODE: '1' }, MODE],
    [{ CHAOS_MODE: 'TRUE' }, MODE],
    [{ CHAOS_MODE: 'true ' }, MODE],
    [{ CHAOS_MODE: 'yes' }, MODE],
    [{ NODE_ENV: 'production' }, MODE],
    [{ ...CHAOS, NODE_ENV: 'production' }, NODE],
  ])('%j', async (env, said) => {
    for (const { args } of waysIn(project)) {
      const staff = await staffMember();
      const attempt = () => musterAt(project, staging, staff.token, args, { NODE_ENV: 'test', ...env });
      await expectRefused(project, attempt, { exitCode: 6, ...said });
      expect(await attemptsOf(project, staff)).toEqual(once(said.reason, 'runner/kill-switch'));
    }
  });
});

describe('a project that is production, or does not clearly say what it is', () => {
  const said = { exitCode: 6, reason: 'ENVIRONMENT_IS_PRODUCTION', next: /MUSTER_ENVIRONMENT/u };

  test.each(['production', undefined, '', 'Staging', ' staging', 'prod'])('MUSTER_ENVIRONMENT: %j', async (says) => {
    const there = says === 'production' ? production : await project.deploy(says);
    for (const { args } of waysIn(project)) {
      const staff = await staffMember();
      await expectRefused(project, () => musterAt(project, there, staff.token, args, CHAOS), {
        ...said,
        why: 'backend says that it is production',
      });
      expect(await attemptsOf(project, staff)).toEqual(once(said.reason, 'runner/kill-switch'));
    }
    const staff = await staffMember();
    const before = await stateOf(project);
    const direct = await calledAt(there, 'chaos-arm', { experiment: 'kill-switch' }, staff.token);
    expect(direct).toMatchObject({ status: 400, reason: said.reason, next: expect.stringMatching(said.next) });
    expect(await stateOf(project)).toEqual(before);
    expect(await attemptsOf(project, staff)).toEqual(once(said.reason, 'chaos-arm'));
  });

  test('a proxy that says staging in its place: the backend refuses by itself', async () => {
    const lying = await lyingBefore(production);
    const staff = await staffMember();
    const why = 'This project is production';
    await expectRefused(project, () => musterAt(project, lying, staff.token, runIn(project), CHAOS), { ...said, why });
    expect(await attemptsOf(project, staff)).toEqual(once(said.reason, 'chaos-arm'));
    await lying.close();
  });

  test('what was armed while it said something else: it is neither continued nor written for', async () => {
    const staff = await staffMember();
    const experimentId = await armedBy(staff);
    const calls: [OperationName, object][] = [
      ['chaos-write', { experimentId, key: 'one' }],
      ['chaos-continue', { experimentId }],
    ];
    for (const [name, data] of calls) {
      expect(await calledAt(production, name, data, staff.token)).toMatchObject({ status: 400, reason: said.reason });
    }
    const writes = await project.suite.firestore.collection(`muster_experiments/${experimentId}/muster_writes`).get();
    expect(writes.size).toBe(0);
    expect((await attemptsOf(project, staff)).counted).toBe(2);
    expect((await calledAt(production, 'chaos-finish', { experimentId, status: 'aborted' }, staff.token)).status).toBe(
      200,
    );
  });
});

describe('a token without the right', () => {
  const ARM = { experiment: 'kill-switch' };

  test.each([
    ['a member', {}],
    ['an auditor', { auditor: true }],
    ['one whose claim is a word', { staff: 'true' }],
  ])('%s', async (_, claims) => {
    for (const { way, args } of waysIn(project)) {
      const person = await project.person(claims);
      await expectRefused(project, () => musterAt(project, staging, person.token, args, CHAOS), {
        ...{ exitCode: 4, reason: 'ROLE_MISSING', why: /role/u, next: /staff/u },
      });
      // As a drill it comes no further than to the drill, which nobody without the role starts.
      // Who may not even look is refused before, and both are counted under the first.
      const mayLook = 'auditor' in claims;
      const counted = { ...once('ROLE_MISSING', mayLook ? 'chaos-arm' : 'chaos-status'), counted: mayLook ? 1 : 2 };
      if (way === 'run') expect(await attemptsOf(project, person)).toEqual(counted);
    }
    const person = await project.person(claims);
    const before = await stateOf(project);
    expect(await calledAt(staging, 'chaos-arm', ARM, person.token)).toMatchObject({
      status: 403,
      reason: 'ROLE_MISSING',
    });
    const write = { experimentId: 'exp_aaaaaaaaaaaaaaaaaaaa', key: 'one' };
    expect(await calledAt(staging, 'chaos-write', write, person.token)).toMatchObject({ status: 403 });
    expect(await stateOf(project)).toEqual(before);
    expect((await attemptsOf(project, person)).counted).toBe(2);
  });

  test('somebody else’s experiment is not written for', async () => {
    const [owner, other] = [await staffMember(), await staffMember()];
    const experimentId = await armedBy(owner);
    expect(await calledAt(staging, 'chaos-write', { experimentId, key: 'one' }, other.token)).toMatchObject({
      status: 403,
      reason: 'NOT_YOURS',
    });
    await calledAt(staging, 'chaos-finish', { experimentId, status: 'aborted' }, owner.token);
  });

  /**
   * Who it is cannot be told from these: whatever a token says that is not verified, anybody can write into it, and the audit
   * would name whom they like. So they are in the log of the function, and in no audit.
   */
  const WITHOUT_IDENTITY: [string, () => Promise<string | undefined>, RegExp][] = [
    ['no token', async () => undefined, /"auth":"MISSING"/u],
    [
      'an expired token',
      async () => (await project.person({ staff: true }, { exp: Math.floor(Date.now() / 1000) - 60 })).token,
      /Firebase ID token has expired/u,
    ],
    ['no token at all, but something', async () => 'garbage', /Decoding Firebase ID token failed/u],
    [
      'one of another project',
      async () =>
        (await project.person({ staff: true }, { aud: 'demo-other', iss: 'https://securetoken.google.com/demo-other' }))
          .token,
      /incorrect \\?"aud/u,
    ],
  ];
  test.each(WITHOUT_IDENTITY)('%s', async (_, made, logged) => {
    const token = await made();
    const audit = async () => (await project.suite.firestore.collection('muster_audit').count().get()).data().count;
    const before = await audit();
    for (const { args } of waysIn(project)) {
      await expectRefused(project, () => musterAt(project, staging, token, args, CHAOS), {
        ...{ exitCode: 3, reason: token === undefined ? 'NO_TOKEN' : 'BAD_TOKEN', next: /muster login/u },
        why: token === undefined ? 'not signed in' : 'token was refused',
      });
    }
    expect((await calledAt(staging, 'chaos-arm', ARM, token)).status).toBe(401);
    await staging.logs(logged);
    expect(await audit()).toBe(before);
  });

  test('staff whose role was revoked: every session is over, and the one after that has no right', async () => {
    const admin = await project.person({ staff: true, admin: true });
    // Begun a minute ago: of one that was begun in the very second, Firebase Auth may say that it is good, and Muster not.
    const begun = Math.floor(Date.now() / 1000) - 60;
    const { uid, token } = await project.person({ staff: true }, { auth_time: begun });
    await project.suite.auth.setCustomUserClaims(uid, { staff: true });
    const revoking = { uid, role: 'staff', reason: 'has left the team' };
    expect((await calledAt(staging, 'staff-revoke', revoking, admin.token)).status).toBe(200);
    await expectRefused(project, () => musterAt(project, staging, token, runIn(project), CHAOS), {
      ...{ exitCode: 3, reason: 'BAD_TOKEN', why: /./u, next: /./u },
    });
    // A later session, whose token somebody made say what it must not: the withdrawal stands beside the token.
    const later = await project.person(
      { staff: true },
      { sub: uid, user_id: uid, auth_time: Math.ceil(Date.now() / 1000) + 2 },
    );
    await expectRefused(project, () => musterAt(project, staging, later.token, runIn(project), CHAOS), {
      ...{ exitCode: 4, reason: 'ROLE_MISSING', why: /role/u, next: /staff/u },
    });
    const { entries } = await attemptsOf(project, { uid });
    expect(entries).toContainEqual(['chaos.refused', 'refused', 'ROLE_MISSING', 'chaos-status']);
  });
});

test('with none of that in its way it runs', async () => {
  const staff = await staffMember();
  const { exitCode, stderr } = await musterAt(
    project,
    staging,
    staff.token,
    ['chaos', 'run', 'replay', '--journal', journalIn(project)],
    CHAOS,
  );
  expect(`${exitCode} ${stderr}`).toMatch(/^0 /u);
});

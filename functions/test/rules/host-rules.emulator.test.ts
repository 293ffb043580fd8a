/** The helpers as a product has them. One file, so that its last tests can ask what all before them reached. */
import { setLogLevel } from 'firebase/firestore';
import { uid } from '@muster/contract/values';
import { NORMAL } from '@muster/guard/policy-document';
import { coverageOf, expressionsOf, neverEvaluated, oneSided, type CoverageReport } from './coverage';
import { hostRules, type HostRules } from './host-rules';
import { exempting, forbidding, permitting, withMode, withSwitch } from './policies';

/** Four words, of a connector: the most that there is to look at. */
const OF_CONNECTOR = { capability: 'connector.acme.orders.write', uid: 'uid-one' };
const about = { capability: 'shipping.commit.force.now', uid: 'uid-one' };
const [ONE, OTHER] = [about.uid, 'uid-other'] as const;
const PAST = new Date(Date.now() - 3_600_000);

let host: HostRules;

beforeAll(async () => {
  setLogLevel('silent');
  host = await hostRules();
});
beforeEach(() => host.setPolicy(NORMAL));
afterAll(() => host.close());

describe('a kill and a restore bind at the next write', () => {
  test.each(['shipping.commit', 'shipping', '*'])('of %s', async (name) => {
    for (let round = 0; round < 3; round++) {
      expect(await host.creates(ONE, 'shipping.commit')).toBe(true);
      await host.setPolicy(withSwitch(name));
      expect(await host.creates(ONE, 'shipping.commit')).toBe(false);
      expect(await host.creates(undefined, 'shipping.commit')).toBe(false);
      expect(await host.creates(ONE, 'firestore.write')).toBe(name !== '*');
      expect(await host.updates(ONE)).toBe(name !== '*');
      await host.setPolicy(NORMAL);
    }
  });

  test('of what is below or beside it, it does not bind', async () => {
    for (const name of ['shipping.commit.force', 'shipping.push', 'ship', 'shipping-commit', 'commit']) {
      await host.setPolicy(withSwitch(name));
      expect(await host.creates(ONE, 'shipping.commit')).toBe(true);
    }
  });
});

test('an exemption lets one person do one capability', async () => {
  const exemptions = exempting(ONE, 'shipping.commit');
  for (const policy of [withSwitch('shipping', { exemptions }), withMode({ name: 'read_only', exemptions })]) {
    await host.setPolicy(policy);
    expect(await host.creates(ONE, 'shipping.commit')).toBe(true);
    expect(await host.creates(OTHER, 'shipping.commit')).toBe(false);
    expect(await host.creates(undefined, 'shipping.commit')).toBe(false);
    expect(await host.creates(ONE, 'shipping.commit.force')).toBe(false);
    expect(await host.creates(ONE, 'shipping')).toBe(false);
  }
});

test('a uid with dots is one key, not a path into the exemptions', async () => {
  await host.setPolicy(
    withSwitch('*', {
      exemptions: { a: { b: { id: 'exm_one', until: new Date(Date.now() + 1e7), by: ['uid-granter'] } } },
    }),
  );
  expect(await host.creates('a.b', 'shipping')).toBe(false);
  await host.setPolicy(withSwitch('*', { exemptions: exempting('a.b', 'shipping') }));
  expect(await host.creates('a.b', 'shipping')).toBe(true);
});

test('a switch that has ended is as none', async () => {
  await host.setPolicy(withSwitch('shipping', { until: PAST }));
  expect(await host.creates(ONE, 'shipping.commit')).toBe(true);
});

test('read_only forbids every write, degraded none', async () => {
  await host.setPolicy(withMode({ name: 'read_only' }));
  expect(await host.creates(ONE, 'firestore.write')).toBe(false);
  expect(await host.creates(ONE, 'connector.x.write')).toBe(false);
  expect(await host.updates(ONE)).toBe(false);
  await host.setPolicy(withMode({ name: 'read_only', until: PAST }));
  expect(await host.updates(ONE)).toBe(true);
  await host.setPolicy(withMode({ name: 'degraded' }));
  expect(await host.creates(ONE, 'connector.x.write')).toBe(true);
  expect(await host.updates(ONE)).toBe(true);
});

test('offline forbids writes to connectors, and no other', async () => {
  await host.setPolicy(withMode({ name: 'offline' }));
  expect(await host.creates(ONE, 'connector.x.write')).toBe(false);
  for (const capability of ['firestore.write', 'connector', 'connectors.x.write', 'my.connector.x.write']) {
    expect(await host.creates(ONE, capability)).toBe(true);
  }
  expect(await host.updates(ONE)).toBe(true);
});

test('a connector that is out is not written to, by whatever capability of its own; others are', async () => {
  const out = { since: PAST, reason: 'It does not answer.', activation: null };
  await host.setPolicy({ ...NORMAL, offline: { acme: out, other: out } });
  for (const capability of ['connector.acme', 'connector.acme.write', 'connector.acme.orders.write']) {
    expect(await host.creates(ONE, capability)).toBe(false);
  }
  for (const capability of ['connector', 'connector.beta.write', 'connectors.acme.write', 'my.acme.write', 'acme']) {
    expect(await host.creates(ONE, capability)).toBe(true);
  }
  expect(await host.updates(ONE)).toBe(true);
  const exemptions = exempting(ONE, 'connector.acme.write');
  await host.setPolicy({ ...withSwitch('connector', { exemptions }), offline: { acme: out } });
  expect(await host.creates(ONE, 'connector.acme.write')).toBe(false);
  await host.setPolicy({ ...withSwitch('connector', { exemptions }), offline: { beta: out } });
  expect(await host.creates(ONE, 'connector.acme.write')).toBe(true);
});

test('writes without a capability stop with everything, and know no exemption but their end', async () => {
  await host.setPolicy(withSwitch('*', { exemptions: exempting(ONE, 'shipping.commit') }));
  expect(await host.updates(ONE)).toBe(false);
  await host.setPolicy(withSwitch('*', { until: PAST }));
  expect(await host.updates(ONE)).toBe(true);
  for (const damaged of [withSwitch('*', { until: 'now' }), { ...NORMAL, version: 5 }, undefined]) {
    await host.setPolicy(damaged);
    expect(await host.updates(ONE)).toBe(false);
  }
});

test.each(['a', 'a.b', 'a.b.c', 'a.b.c.d', '0_-.x', 'a'.repeat(100), `${'a'.repeat(98)}.b`])(
  'a capability: %s',
  async (capability) => expect(await host.creates(ONE, capability)).toBe(true),
);

test.each([
  ...['a.b.c.d.e', '', '.', 'a.', '.a', 'a..b', 'A', 'a b', 'a\n', '*', 'a.*', '-a', 'ä', 'a/b', `${'a'.repeat(99)}.b`],
  ...[null, 1, ['a'], { a: 1 }],
])('no capability, and so denied: %j', async (capability) => {
  expect(await host.creates(ONE, capability)).toBe(false);
});

describe('signedIn() is true', () => {
  const SIGNED_IN = 1_774_947_600;
  const signedInAfter = (ms: number) => ({ validAfter: new Date(SIGNED_IN * 1000 - ms), withdrawn: [] });

  test('of a session that nobody has ended, and of none that was', async () => {
    const token = { sub: ONE, auth_time: SIGNED_IN };
    expect(await host.isSignedIn(token)).toBe(true);
    await host.setRevocation(ONE, signedInAfter(-1));
    expect(await host.isSignedIn(token)).toBe(false);
    await host.setRevocation(ONE, signedInAfter(0));
    expect(await host.isSignedIn(token)).toBe(true);
    await host.setRevocation(ONE, { validAfter: 'now' });
    expect(await host.isSignedIn(token)).toBe(false);
    await host.setRevocation(ONE, undefined);
  });

  test('of nobody without an account, nor one whose sign-in is not known and was ended', async () => {
    expect(await host.isSignedIn(undefined)).toBe(false);
    await host.setRevocation(ONE, signedInAfter(0));
    expect(await host.isSignedIn({ sub: ONE })).toBe(false);
    await host.setRevocation(ONE, undefined);
  });

  /** What Firebase Auth can hold, and Muster can keep no revocation of; the contract says the same of each. */
  const NO_UIDS = [
    ...['a/b', '.', '..', '__x__', '____', 'a b', 'a\tb', 'a\nb', ' a', 'a\u0000b', 'a\u0085b', 'a\u00a0b', 'a\u2003b'],
    ...['a\u2028b', 'a\u3000b', 'a\ufeffb', 'u'.repeat(129)],
  ];
  const UIDS = ['a', 'a.b', '...', '__x', 'x__', 'a@b', 'ä', 'a\u200db', '中'.repeat(43), 'u'.repeat(128)];
  test.each([...NO_UIDS.map((sub) => [sub, false] as const), ...UIDS.map((sub) => [sub, true] as const)])(
    'of the uid %j: as the contract says, %s',
    async (sub, answered) => {
      expect(await host.isSignedIn({ sub, auth_time: SIGNED_IN })).toBe(answered);
      expect(uid.safeParse(sub).success).toBe(answered);
    },
  );
});

describe('a policy as it was stored', () => {
  test.each(Object.keys(permitting(about)))('allowed: %s', async (name) => {
    await host.setPolicy(permitting(about)[name]);
    expect(await host.creates(ONE, about.capability)).toBe(true);
  });

  test('allowed: all of it, for a connector', async () => {
    const whole = 'everything that can be killed is killed, in read_only, and all of it exempts';
    await host.setPolicy(permitting(OF_CONNECTOR)[whole]);
    expect(await host.creates(ONE, OF_CONNECTOR.capability)).toBe(true);
  });

  test.each(Object.keys(forbidding(about)))('denied: %s', async (name) => {
    await host.setPolicy(forbidding(about)[name]);
    expect(await host.creates(ONE, about.capability)).toBe(false);
  });

  test('denied: none', async () => {
    await host.setPolicy(undefined);
    expect(await host.creates(ONE, about.capability)).toBe(false);
    expect(await host.updates(ONE)).toBe(false);
  });
});

describe('coverage of the helpers by the tests above', () => {
  let coverage: CoverageReport;
  beforeAll(async () => {
    coverage = await coverageOf(host.projectId);
  });

  test('every expression was evaluated', () => {
    expect(expressionsOf(coverage).length).toBeGreaterThan(100);
    expect(neverEvaluated(coverage)).toEqual([]);
  });

  test('every condition came out both ways', () => {
    expect(oneSided(coverage)).toEqual([]);
  });
});

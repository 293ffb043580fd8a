import { FORBIDDEN, type CapabilityClass } from '@muster/contract/capabilities';
import {
  bindsAt,
  exempts,
  modeAt,
  NO_MODE,
  NORMAL,
  policyDocument,
  restrictionsOf,
  type KillSwitch,
  type OfflineConnector,
  type PolicyDocument,
  type Restriction,
} from './policy-document';

const NOW = new Date('2026-03-31T09:00:00Z');
const later = (ms: number) => new Date(NOW.getTime() + ms);
const FAR = new Date('2199-01-01T00:00:00Z');

const killed = (until: Date | null = null): KillSwitch => ({
  since: later(-1000),
  by: 'uid-staff',
  reason: 'because',
  until,
  activation: 'act_1',
  exemptions: {},
});
const OUT: OfflineConnector = { since: later(-1000), reason: 'It does not answer.', activation: 'act_2' };
const inMode = (name: PolicyDocument['mode']['name'], until: Date | null = null): PolicyDocument => ({
  ...NORMAL,
  mode: { ...NO_MODE, name, since: later(-1000), by: 'uid-staff', reason: 'because', until },
});
const killing = (killSwitches: PolicyDocument['killSwitches']): PolicyDocument => ({ ...NORMAL, killSwitches });
const namesIn = (policy: PolicyDocument, name: string, kind: CapabilityClass = 'write', now = NOW): string[] =>
  restrictionsOf(policy, { name, class: kind }, now).map((one) => `${one.kind} ${one.name}`);

describe('a restriction with an end', () => {
  test('binds until its end and not at it; without one it binds for good', () => {
    expect(bindsAt(killed(later(1)), NOW)).toBe(true);
    expect(bindsAt(killed(NOW), NOW)).toBe(false);
    expect(bindsAt(killed(later(-1)), NOW)).toBe(false);
    expect(bindsAt(killed(), FAR)).toBe(true);
  });

  test('is a mode until then', () => {
    expect(modeAt(inMode('read_only', later(1)), NOW)).toBe('read_only');
    expect(modeAt(inMode('read_only', NOW), NOW)).toBe('normal');
    expect(modeAt(inMode('read_only'), FAR)).toBe('read_only');
    expect(modeAt(NORMAL, NOW)).toBe('normal');
  });
});

describe('what restricts a capability', () => {
  const CLASSES: CapabilityClass[] = ['diagnostic', 'read', 'write', 'connector_write'];

  test.each(['normal', 'degraded', 'read_only', 'offline'] as const)('%s forbids what the table says', (mode) => {
    const forbidden = CLASSES.filter((kind) => namesIn(inMode(mode), 'shipping.commit', kind).length > 0);
    expect(forbidden).toEqual(CLASSES.filter((kind) => FORBIDDEN[mode].includes(kind)));
  });

  test('read_only forbids all writes, offline those outside, and nothing forbids looking', () => {
    const forbids = (mode: 'read_only' | 'offline') =>
      CLASSES.filter((kind) => namesIn(inMode(mode), 'a', kind).length > 0);
    expect({ read_only: forbids('read_only'), offline: forbids('offline') }).toEqual({
      read_only: ['write', 'connector_write'],
      offline: ['connector_write'],
    });
    expect(CLASSES.filter((kind) => namesIn(killing({ '*': killed() }), 'a', kind).length > 0)).toEqual([
      'write',
      'connector_write',
    ]);
  });

  test.each<[string, string, boolean]>([
    ['*', 'shipping', true],
    ['*', 'a.b.c.d', true],
    ['shipping', 'shipping', true],
    ['shipping', 'shipping.commit', true],
    ['shipping', 'shipping.commit.deep', true],
    ['shipping.commit', 'shipping', false],
    ['shipping.commit', 'shipping.commits', false],
    ['shipping', 'shippingx.commit', false],
    ['shipping', 'other.shipping', false],
  ])('a kill switch %s and the capability %s: %s', (name, capability, covered) => {
    expect(namesIn(killing({ [name]: killed() }), capability)).toEqual(covered ? [`kill_switch ${name}`] : []);
  });

  test('is all that binds: kill switches whose time has not come, the widest first, then the mode', () => {
    const policy: PolicyDocument = {
      mode: inMode('read_only').mode,
      version: 4,
      offline: {},
      killSwitches: { 'shipping.commit': killed(later(1)), shipping: killed(NOW), '*': killed(), other: killed() },
    };
    expect(namesIn(policy, 'shipping.commit')).toEqual([
      'kill_switch *',
      'kill_switch shipping.commit',
      'mode read_only',
    ]);
    expect(namesIn(policy, 'shipping.commit', 'write', later(1))).toEqual(['kill_switch *', 'mode read_only']);
  });

  test.each<[string, CapabilityClass, boolean]>([
    ['connector.acme.write', 'connector_write', true],
    ['connector.acme.orders.write', 'connector_write', true],
    ['connector.acme', 'connector_write', true],
    ['connector.acme.read', 'read', false],
    ['connector.acmes.write', 'connector_write', false],
    ['connector', 'connector_write', false],
    ['shipping.acme.write', 'connector_write', false],
    ['connector.constructor.write', 'connector_write', false],
  ])('a connector that is out and %s, a %s: %s', (name, kind, forbidden) => {
    const policy = { ...NORMAL, offline: { acme: OUT } };
    expect(namesIn(policy, name, kind)).toEqual(forbidden ? ['connector_offline acme'] : []);
  });

  test('a connector that is out exempts nobody, and is beside what else restricts', () => {
    const policy = { ...killing({ connector: killed() }), offline: { acme: OUT } };
    expect(namesIn(policy, 'connector.acme.write', 'connector_write')).toEqual([
      'kill_switch connector',
      'connector_offline acme',
    ]);
    expect(
      restrictionsOf({ ...NORMAL, offline: { acme: OUT } }, { name: 'connector.acme', class: 'connector_write' }, NOW),
    ).toEqual([{ kind: 'connector_offline', name: 'acme', ...OUT, until: null, by: 'muster', exemptions: {} }]);
  });

  test('carries what a refusal tells', () => {
    const entry = killed(later(5));
    expect(restrictionsOf(killing({ a: entry }), { name: 'a.b', class: 'write' }, NOW)).toEqual([
      { kind: 'kill_switch', name: 'a', ...entry },
    ]);
  });
});

describe('an exemption', () => {
  const from: Restriction = {
    kind: 'kill_switch',
    name: 'shipping',
    ...killed(),
    exemptions: { ada: { 'shipping.commit': { id: 'exm_1', until: later(1), by: ['uid-granter'] } } },
  };

  test.each<[string, string, string, Date, boolean]>([
    ['its owner and capability', 'ada', 'shipping.commit', NOW, true],
    ['its end', 'ada', 'shipping.commit', later(1), false],
    ['another owner', 'bob', 'shipping.commit', NOW, false],
    ['what is above its capability', 'ada', 'shipping', NOW, false],
    ['what is below its capability', 'ada', 'shipping.commit.deep', NOW, false],
    ['an owner that every object has', 'constructor', 'name', NOW, false],
    ['a capability that every object has', 'ada', 'constructor', NOW, false],
    ['the prototype', '__proto__', 'toString', NOW, false],
  ])('for %s', (_, owner, capability, now, passes) => {
    expect(exempts(from, { actor: owner, capability }, now)).toBe(passes);
  });
});

describe('a stored policy', () => {
  const fine = killing({
    shipping: { ...killed(), exemptions: { ada: { a: { id: 'exm_1', until: NOW, by: ['uid-granter'] } } } },
  });

  test('is read as it was written', () => {
    expect(policyDocument.parse(NORMAL)).toEqual(NORMAL);
    expect(policyDocument.parse(fine)).toEqual(fine);
  });

  test.each<[string, unknown]>([
    ['missing', undefined],
    ['null', null],
    ['a word', 'normal'],
    ['a list', []],
    ['empty', {}],
    ['of an earlier version', { ...NORMAL, version: 1 }],
    ['of the version before', { ...NORMAL, version: 2 }],
    ['of a later version', { ...NORMAL, version: 5 }],
    ['without kill switches', { version: 4, mode: NO_MODE, offline: {} }],
    ['without connectors', { version: 4, mode: NO_MODE, killSwitches: {} }],
    ['with a connector of two words', { ...NORMAL, offline: { 'a.b': OUT } }],
    ['with a connector without a reason', { ...NORMAL, offline: { a: { ...OUT, reason: undefined } } }],
    ['with more than it should have', { ...NORMAL, override: true }],
    ['in a mode that there is not', { ...NORMAL, mode: { ...NO_MODE, name: 'open' } }],
    ['with an end that is no time', { ...NORMAL, mode: { ...NO_MODE, until: 'soon' } }],
    ['with a kill switch that is no name', killing({ 'Shipping!': killed() })],
    ['with a kill switch of five words', killing({ 'a.b.c.d.e': killed() })],
    ['with a kill switch without an end', { ...NORMAL, killSwitches: { a: { ...killed(), until: undefined } } }],
  ])('that is %s cannot be read', (_, stored) => {
    expect(policyDocument.safeParse(stored).success).toBe(false);
  });

  test('in which something is damaged that only people read restricts as before', () => {
    const damaged = { ...killed(), since: 'now', by: 1, reason: undefined, activation: 7, scope: 'all' };
    expect(policyDocument.parse({ ...NORMAL, killSwitches: { a: damaged } }).killSwitches).toEqual({
      a: {
        ...{ since: new Date(0), by: '(cannot be read)', reason: '(cannot be read)' },
        ...{ until: null, activation: null, exemptions: {} },
      },
    });
  });

  test.each([
    ['none', null],
    ['a list', []],
    ['everything', { ada: true }],
    ['one without an end', { ada: { a: { id: 'exm_1', by: [] } } }],
    ['one that nobody can have granted', { ada: { a: { id: 'exm_1', until: later(1), by: 7 } } }],
  ])('with damaged exemptions, %s, lets nobody pass', (_, exemptions) => {
    const read = policyDocument.parse({ ...NORMAL, killSwitches: { a: { ...killed(), exemptions } } });
    const [restriction] = restrictionsOf(read, { name: 'a', class: 'write' }, NOW);
    expect(exempts(restriction!, { actor: 'ada', capability: 'a' }, NOW)).toBe(false);
  });

  test('of the version before is read as this one: who asked to end something is to ask again', () => {
    const before = {
      version: 3,
      mode: { ...NO_MODE, endRequest: null },
      killSwitches: {
        a: {
          ...killed(),
          exemptions: { ada: { a: { id: 'exm_1', until: later(1) } } },
          endRequest: { by: 'uid-staff', at: NOW, reason: 'It is repaired.' },
        },
      },
      offline: {},
    };
    expect(policyDocument.parse(before)).toEqual(
      killing({ a: { ...killed(), exemptions: { ada: { a: { id: 'exm_1', until: later(1), by: [] } } } } }),
    );
  });
});

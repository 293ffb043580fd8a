/** Policies as somebody may have stored them, whole and damaged, and what they say about one capability. */
import { NORMAL } from '@muster/guard/policy-document';

type Fields = Record<string, unknown>;

const HOUR = 3_600_000;
const hence = (hours: number): Date => new Date(Date.now() + hours * HOUR);
const without = (map: Fields, name: string): Fields =>
  Object.fromEntries(Object.entries(map).filter(([key]) => key !== name));

/** Normal, but for some fields of the mode. */
export const withMode = (changes: Fields): Fields => ({ ...NORMAL, mode: { ...NORMAL.mode, ...changes } });

/** A kill switch that is on, but for some fields. */
export const aSwitch = (changes: Fields = {}): Fields => ({
  since: hence(-2),
  until: null,
  by: 'uid-staff',
  reason: 'It pushed to the wrong branch.',
  activation: 'act_one',
  exemptions: {},
  ...changes,
});

/** Normal, but for one kill switch. */
export const withSwitch = (name: string, changes: Fields = {}): Fields => ({
  ...NORMAL,
  killSwitches: { [name]: aSwitch(changes) },
});

/** An entry of `exemptions`. */
export const exempting = (uid: string, capability: string, hours = 1): Fields => ({
  [uid]: { [capability]: { id: 'exm_one', until: hence(hours), by: ['uid-granter'] } },
});

/** Of what the policies below are to speak. */
export interface About {
  capability: string;
  uid: string;
}

/** A connector that is out. */
const OUT = { since: hence(-1), reason: 'It does not answer.', activation: 'act_one' };

/** A mode and a switch that let everybody pass, whole; damaged, they stop everybody. */
const OVER = { until: hence(-1) };

/** What a mode or a kill switch cannot be, in what is decided on. */
const DAMAGES: Record<string, Fields> = {
  'an end that is a text': { until: '1970-01-01' },
  'an end that is a number': { until: 0 },
};

/** What only people read, damaged; and what no release wrote. It decides nothing. */
const ILLEGIBLE: Record<string, Fields> = {
  'an activation that is a number': { activation: 1 },
  'exemptions that are none': { exemptions: null },
  'exemptions that are a list': { exemptions: [] },
  'numbers for who and why': { by: 1, reason: 1 },
  'a beginning that is a text': { since: 'now' },
  'nobody and no reason': { by: null, reason: null, since: null },
  'a further key': { scope: 'all' },
};

/** What an exemption cannot be, that would let the person pass if it were whole. */
const damagedExemptions = ({ capability, uid }: About): Record<string, Fields> => {
  const own = (one: unknown): Fields => ({ exemptions: { [uid]: { [capability]: one } } });
  const whole = { id: 'exm_one', until: hence(1), by: ['uid-granter'] };
  return {
    'exemptions that are none': { exemptions: null },
    'exemptions that are a list': { exemptions: [] },
    'own exemptions that are a text': { exemptions: { [uid]: capability } },
    'an own exemption that is none': own(null),
    'an own exemption without an end': own(without(whole, 'until')),
    'an own exemption that ends at a text': own({ ...whole, until: '2199' }),
    'an own exemption that never ends': own({ ...whole, until: null }),
    'an own exemption by a number': own({ ...whole, by: 1 }),
    'an own exemption that they granted themselves': own({ ...whole, by: ['uid-granter', uid] }),
  };
};

const mapped = (table: Record<string, Fields>, what: string, policy: (changes: Fields) => Fields) =>
  Object.fromEntries(Object.entries(table).map(([name, changes]) => [`${what} with ${name}`, policy(changes)]));

const named = (table: [string, Fields][]): Record<string, Fields> => Object.fromEntries(table);

/** The names that kill a capability, from the widest. */
const above = (capability: string): string[] => {
  const words = capability.split('.');
  return ['*', ...words.map((_, index) => words.slice(0, index + 1).join('.'))];
};

/** A restriction that binds, with all its fields, and lets this person pass. */
const passed = (capability: string, uid: string): Fields =>
  aSwitch({ until: hence(1), exemptions: exempting(uid, capability) });

/** Policies under which this person may write under this capability. */
export const permitting = ({ capability, uid }: About): Record<string, Fields> => ({
  normal: NORMAL,
  degraded: withMode({ name: 'degraded', since: hence(-1), by: 'uid-staff', reason: 'outage' }),
  'offline, for what is no connector': withMode({
    name: 'offline',
    since: hence(-1),
    until: hence(1),
    by: 'uid-staff',
  }),
  'read_only that has ended': withMode({ name: 'read_only', ...OVER }),
  'read_only that exempts': withMode({ name: 'read_only', exemptions: exempting(uid, capability) }),
  'read_only that has ended, with all its fields': withMode({
    ...aSwitch(OVER),
    name: 'read_only',
  }),
  ...named(above(capability).map((name) => [`${name} was killed until now`, withSwitch(name, OVER)])),
  ...named(
    above(capability).map((name) => [
      `${name} is killed, and exempts`,
      withSwitch(name, { until: hence(1), exemptions: exempting(uid, capability) }),
    ]),
  ),
  ...mapped(ILLEGIBLE, 'a mode that has ended,', (changes) => withMode({ name: 'read_only', ...OVER, ...changes })),
  ...mapped(ILLEGIBLE, 'a switch that has ended,', (changes) => withSwitch('*', { ...OVER, ...changes })),
  ...named(
    ['since', 'by', 'reason', 'activation', 'exemptions'].map((field) => [
      `a mode, and a switch that has ended, without ${field}`,
      {
        ...NORMAL,
        mode: without(NORMAL.mode, field),
        killSwitches: { '*': without(aSwitch(OVER), field) },
      },
    ]),
  ),
  // For one release: who had asked to end something stood in it, and nobody said who granted an exemption.
  'the version before, with all that it had': {
    version: 3,
    mode: { ...NORMAL.mode, endRequest: null },
    killSwitches: {
      '*': {
        ...aSwitch({ exemptions: { [uid]: { [capability]: { id: 'exm_one', until: hence(1) } } } }),
        endRequest: { by: 'uid-staff', at: hence(-1), reason: 'It is repaired.' },
      },
    },
    offline: {},
  },
  'a switch of no activation, that has ended': withSwitch('*', { ...OVER, activation: null }),
  // The most that one request can have rules look at: it must fit their limit of 1,000 expressions.
  'everything that can be killed is killed, in read_only, and all of it exempts': {
    version: 4,
    mode: { ...passed(capability, uid), name: 'read_only' },
    killSwitches: Object.fromEntries(above(capability).map((name) => [name, passed(capability, uid)])),
    offline: { other: OUT, another: OUT },
  },
  'a connector is out that it is not about': { ...NORMAL, offline: { acme: OUT, shipping: OUT, commit: OUT } },
  'what is killed is beside it': withSwitch(`${above(capability)[1]}.else`),
  'what is killed begins alike': withSwitch(`${capability}x`),
  'what is killed is its beginning, but not at a dot': withSwitch(capability.slice(0, -1)),
  'what is killed are other names': {
    ...NORMAL,
    killSwitches: Object.fromEntries(['a', 'a-b', 'a_1.b', '0.b.c.d'].map((name) => [name, aSwitch()])),
  },
});

/** Policies under which the same is refused. */
export const forbidding = (about: About): Record<string, Fields> => {
  const { capability, uid } = about;
  return {
    read_only: withMode({ name: 'read_only', since: hence(-1), by: 'uid-staff', reason: 'breach' }),
    'read_only for an hour yet': withMode({ name: 'read_only', until: hence(1) }),
    'read_only that exempted': withMode({ name: 'read_only', exemptions: exempting(uid, capability, -1) }),
    'read_only that exempts another': withMode({ name: 'read_only', exemptions: exempting('uid-other', capability) }),
    ...named(above(capability).map((name) => [`${name} is killed`, withSwitch(name)])),
    ...named(above(capability).map((name) => [`${name} is killed for an hour`, withSwitch(name, { until: hence(1) })])),
    ...named(
      above(capability).map((name) => [
        `${name} is killed, and exempted until now`,
        withSwitch(name, { exemptions: exempting(uid, capability, -1) }),
      ]),
    ),
    'killed, and another exempted': withSwitch('*', { exemptions: exempting('uid-other', capability) }),
    ...named(
      above(capability)
        .slice(0, -1)
        .map((name) => [`killed, and ${name} exempted`, withSwitch('*', { exemptions: exempting(uid, name) })]),
    ),
    'killed twice, and exempted from one': {
      ...NORMAL,
      killSwitches: { '*': aSwitch({ exemptions: exempting(uid, capability) }), [capability]: aSwitch() },
    },
    ...named(
      ['Shipping', 'shipping.*', '**', 'a b', 'a\nb!', '.a', 'a.', 'a.b.c.d.e', '-a'].map((name) => [
        `a killed name that can be none: ${JSON.stringify(name)}`,
        withSwitch(name, OVER),
      ]),
    ),
    ...mapped(DAMAGES, 'a mode', (changes) => withMode(changes)),
    ...mapped(DAMAGES, 'a switch', (changes) => withSwitch('*', { ...OVER, ...changes })),
    ...mapped(damagedExemptions(about), 'read_only', (changes) => withMode({ name: 'read_only', ...changes })),
    ...mapped(damagedExemptions(about), 'a switch', (changes) => withSwitch('*', changes)),
    ...named(above(capability).map((name) => [`damage at ${name}`, { ...NORMAL, killSwitches: { [name]: 'off' } }])),
    'a switch without an end': { ...NORMAL, killSwitches: { '*': without(aSwitch(OVER), 'until') } },
    ...named(
      ['name', 'until'].map((field) => [`a mode without ${field}`, { ...NORMAL, mode: without(NORMAL.mode, field) }]),
    ),
    ...mapped(ILLEGIBLE, 'a switch that stands,', (changes) => withSwitch('*', changes)),
    'a mode with a name that is a number': withMode({ name: 1 }),
    'a mode nobody knows': withMode({ name: 'frozen' }),
    'a mode that is a text': { ...NORMAL, mode: 'normal' },
    'switches that are none': { ...NORMAL, killSwitches: null },
    'switches that are a list': { ...NORMAL, killSwitches: [] },
    'connectors that are none': { ...NORMAL, offline: null },
    'connectors that are a list': { ...NORMAL, offline: [] },
    ...named(
      ['Acme', '*', 'a.b', 'a b', 'a\nb!', 'a'.repeat(41)].map((name) => [
        `a connector that can be none: ${JSON.stringify(name)}`,
        { ...NORMAL, offline: { [name]: OUT } },
      ]),
    ),
    'version 1': { version: 1, mode: { name: 'normal', since: null, until: null, by: null, reason: null } },
    'version 1 of everything': { ...NORMAL, version: 1 },
    'version 2': { version: 2, mode: NORMAL.mode, killSwitches: {} },
    'version 5': { ...NORMAL, version: 5 },
    'a version that is a text': { ...NORMAL, version: '4' },
    ...named(Object.keys(NORMAL).map((field) => [`no ${field}`, without({ ...NORMAL }, field)])),
    'a further key': { ...NORMAL, more: {} },
    'nothing in it': {},
  };
};

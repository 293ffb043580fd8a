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
  endRequest: null,
  ...changes,
});

/** Normal, but for one kill switch. */
export const withSwitch = (name: string, changes: Fields = {}): Fields => ({
  ...NORMAL,
  killSwitches: { [name]: aSwitch(changes) },
});

/** An entry of `exemptions`. */
export const exempting = (uid: string, capability: string, hours = 1): Fields => ({
  [uid]: { [capability]: { id: 'exm_one', until: hence(hours) } },
});

/** Of what the policies below are to speak. */
export interface About {
  capability: string;
  uid: string;
}

/** A connector that is out. */
const OUT = { since: hence(-1), reason: 'It does not answer.', activation: 'act_one' };

const END_REQUEST = { by: 'uid-staff', at: hence(-1), reason: 'It is repaired.' };
/** A mode and a switch that let everybody pass, whole; damaged, they stop everybody. */
const OVER = { until: hence(-1) };

/** What a mode or a kill switch cannot be, by field, beside what its values are. */
const DAMAGES: Record<string, Fields> = {
  'an end that is a text': { until: '1970-01-01' },
  'an end that is a number': { until: 0 },
  'an activation that is a number': { activation: 1 },
  'exemptions that are none': { exemptions: null },
  'exemptions that are a list': { exemptions: [] },
  'a request to end it that is a text': { endRequest: 'please' },
  'a request to end it without a reason': { endRequest: without(END_REQUEST, 'reason') },
  'a request to end it with a further key': { endRequest: { ...END_REQUEST, approved: true } },
  'a request to end it of a number': { endRequest: { ...END_REQUEST, by: 1 } },
  'a request to end it at a text': { endRequest: { ...END_REQUEST, at: 'now' } },
  'a request to end it for a number': { endRequest: { ...END_REQUEST, reason: 1 } },
  'a request to end it by and for a number': { endRequest: { ...END_REQUEST, by: 1, reason: 1 } },
  'numbers for who and why': { by: 1, reason: 1 },
  'a beginning that is a text': { since: 'now' },
  'somebody who is a number': { by: 1 },
  'a reason that is a number': { reason: 1 },
  'a further key': { scope: 'all' },
};

/** What an exemption cannot be, that would let the person pass if it were whole. */
const damagedExemptions = ({ capability, uid }: About): Record<string, Fields> => ({
  'own exemptions that are a text': { exemptions: { [uid]: capability } },
  'an own exemption that is none': { exemptions: { [uid]: { [capability]: null } } },
  'an own exemption without an end': { exemptions: { [uid]: { [capability]: { id: 'exm_one' } } } },
  'an own exemption with a further key': {
    exemptions: { [uid]: { [capability]: { id: 'exm_one', until: hence(1), all: true } } },
  },
  'an own exemption whose id is a number': { exemptions: { [uid]: { [capability]: { id: 1, until: hence(1) } } } },
  'an own exemption that ends at a text': { exemptions: { [uid]: { [capability]: { id: 'exm_one', until: '2199' } } } },
  'an own exemption that never ends': { exemptions: { [uid]: { [capability]: { id: 'exm_one', until: null } } } },
});

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
  aSwitch({ until: hence(1), exemptions: exempting(uid, capability), endRequest: END_REQUEST });

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
    ...aSwitch({ ...OVER, endRequest: END_REQUEST }),
    name: 'read_only',
  }),
  ...named(above(capability).map((name) => [`${name} was killed until now`, withSwitch(name, OVER)])),
  ...named(
    above(capability).map((name) => [
      `${name} is killed, and exempts`,
      withSwitch(name, { until: hence(1), exemptions: exempting(uid, capability) }),
    ]),
  ),
  'a switch with a request to end it, that has ended': withSwitch('*', { ...OVER, endRequest: END_REQUEST }),
  'a switch of no activation, that has ended': withSwitch('*', { ...OVER, activation: null }),
  // The most that one request can have rules look at: it must fit their limit of 1,000 expressions.
  'everything that can be killed is killed, in read_only, and all of it exempts': {
    version: 3,
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
    'killed, and exempted until now': withSwitch('*', { exemptions: exempting(uid, capability, -1) }),
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
    ...named(
      Object.keys(aSwitch()).map((field) => [
        `a switch without ${field}`,
        { ...NORMAL, killSwitches: { '*': without(aSwitch(OVER), field) } },
      ]),
    ),
    ...named(
      Object.keys(NORMAL.mode).map((field) => [
        `a mode without ${field}`,
        { ...NORMAL, mode: without(NORMAL.mode, field) },
      ]),
    ),
    'a switch since null': withSwitch('*', { ...OVER, since: null }),
    'a switch by null': withSwitch('*', { ...OVER, by: null }),
    'a switch for no reason': withSwitch('*', { ...OVER, reason: null }),
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
    'version 4': { ...NORMAL, version: 4 },
    'a version that is a text': { ...NORMAL, version: '3' },
    ...named(Object.keys(NORMAL).map((field) => [`no ${field}`, without({ ...NORMAL }, field)])),
    'a further key': { ...NORMAL, more: {} },
    'nothing in it': {},
  };
};

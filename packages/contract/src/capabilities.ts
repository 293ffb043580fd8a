/** What can be stopped: capabilities by name and class, and what each restriction forbids of them. */
import * as z from 'zod';
import type { Mode } from './modes';

/** One name, or the beginning of several: `shipping` is above `shipping.commit`. */
const DOTTED = /^[a-z0-9][a-z0-9_-]*(?:\.[a-z0-9][a-z0-9_-]*){0,3}$/u;
const NAMED = 'one to four lower-case words joined by dots, such as shipping.commit';

/** `shipping.commit`: one to four words of lower-case letters, digits, "_" and "-", joined by dots. */
export const capabilityName = z.string().max(100).regex(DOTTED, NAMED);

/** One word of a capability: `github` in `connector.github.write`. */
export const connectorId = z
  .string()
  .max(40)
  .regex(/^[a-z0-9][a-z0-9_-]*$/u, 'one lower-case word of letters, digits, "_" and "-", at most 40');

/** The connector that a capability is about, if it is about one: `github` for `connector.github.write`. */
export const connectorOf = (capability: string): string | undefined => {
  const [first, id] = capability.split('.');
  return first === 'connector' ? id : undefined;
};

/** Every capability there is. */
export const EVERYTHING = '*';

/** What a kill switch is set for: a capability, the beginning of several, or `*` for all of them. */
export const killedName = z
  .string()
  .max(100)
  .refine((name) => name === EVERYTHING || DOTTED.test(name), `${NAMED}, or * for everything`);

/**
 * `diagnostic` looks at the product itself, `read` at its data; neither is ever forbidden. `write` changes data,
 * `connector_write` changes something outside.
 */
export const capabilityClass = z.enum(['diagnostic', 'read', 'write', 'connector_write']);
export type CapabilityClass = z.infer<typeof capabilityClass>;

/** What each mode, and a kill switch for what it names, forbids. Published in docs/capabilities.md. */
export const FORBIDDEN: Record<Mode | 'kill_switch', readonly CapabilityClass[]> = {
  normal: [],
  degraded: [],
  offline: ['connector_write'],
  read_only: ['write', 'connector_write'],
  kill_switch: ['write', 'connector_write'],
};

/** A name of the catalog; `<id>` stands for any one word. */
export type CapabilityPattern = string;

/** A catalog: the class of each capability, by its name or pattern. */
export type Catalog = Readonly<Record<CapabilityPattern, CapabilityClass>>;

/**
 * The capabilities that Muster knows of itself. A host product adds its own to its guard. A name that no catalog has
 * counts as `connector_write`, the class of which most is forbidden: unknown means no.
 */
export const CAPABILITY_CATALOG = {
  'shipping.commit': 'connector_write',
  'shipping.push': 'connector_write',
  'shipping.pull_request': 'connector_write',
  'shipping.diagnose': 'diagnostic',
  'connector.<id>.read': 'read',
  'connector.<id>.write': 'connector_write',
  'chaos.<id>.write': 'write',
  'canary.write': 'write',
  'firestore.read': 'read',
  'firestore.write': 'write',
  'firestore.batch.start': 'write',
  'firestore.batch.close': 'write',
  'muster.drills.schedule': 'write',
  'muster.drills.start': 'write',
  'muster.drills.record_event': 'write',
  'muster.drills.complete': 'write',
  'muster.drills.cancel': 'write',
  'muster.drills.record': 'write',
  'muster.drills.note': 'write',
  'muster.connectors.send': 'write',
  'muster.delegations.grant': 'write',
  'muster.proposals.request': 'write',
  'muster.proposals.approve': 'write',
  'muster.proposals.execute': 'write',
} as const satisfies Catalog;

/** The capabilities that Muster's own operations are guarded by. */
export type OwnCapability = Extract<keyof typeof CAPABILITY_CATALOG, `muster.${string}`>;

/** What a capability was called in the release before: a kill under that name binds it as one under today's does. */
const FORMERLY: Readonly<Record<string, string>> = { 'muster.proposals': 'muster.actions' };

/**
 * The name and everything it is below of, from the widest: `*`, `shipping`, `shipping.commit`; and the same of the name that it
 * had before.
 */
export const namesAbove = (capability: string): readonly string[] => {
  const known = remembered.get(capability);
  if (known) return known;
  const former = Object.entries(FORMERLY)
    .filter(([name]) => covers(name, capability))
    .flatMap(([name, before]) => beginningsOf(before + capability.slice(name.length)));
  const names = [...new Set([EVERYTHING, ...beginningsOf(capability), ...former])];
  if (remembered.size < MOST_REMEMBERED) remembered.set(capability, names);
  return names;
};

const beginningsOf = (name: string): string[] => {
  const words = name.split('.');
  return words.map((_, index) => words.slice(0, index + 1).join('.'));
};

/** Asked with every decision, so what was worked out once is remembered; not without a bound, since names come from outside. */
const remembered = new Map<string, readonly string[]>();
const MOST_REMEMBERED = 1_000;

/** Whether what is said of `name` (a capability, a beginning, or `*`) is said of `capability` too. */
export const covers = (name: string, capability: string): boolean =>
  name === EVERYTHING || capability === name || capability.startsWith(`${name}.`);

/** The class of a capability, by its name or by a pattern of the same length; unknown means the strictest. */
export const classIn = (catalog: Catalog, capability: string): CapabilityClass => {
  const exact = Object.hasOwn(catalog, capability) ? catalog[capability] : undefined;
  if (exact !== undefined) return exact;
  const pattern = Object.keys(catalog).find((name) => matches(name, capability));
  return (pattern === undefined ? undefined : catalog[pattern]) ?? 'connector_write';
};

/** Names of a catalog that a kill switch would stop: empty for a name that was perhaps mistyped. */
export const coveredIn = (catalog: Catalog, name: string): string[] =>
  Object.keys(catalog).filter((pattern) => namesAbove(pattern).some((above) => above === name || matches(above, name)));

const matches = (pattern: string, capability: string): boolean => {
  const [expected, words] = [pattern.split('.'), capability.split('.')];
  return expected.length === words.length && expected.every((word, index) => word === '<id>' || word === words[index]);
};

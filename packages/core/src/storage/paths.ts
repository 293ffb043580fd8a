/** Every collection and document path of the backend, once. Ids reach this file only after their schema refused slashes. */

/**
 * What every collection id begins with, subcollections too. Muster stands in the database of somebody's product: no
 * collection-group query, index or TTL of the product's may meet a document of ours, and none of ours one of its own.
 */
export const PREFIX = 'muster_';

/** Every collection, by its name without the prefix, which is also how entries and people call it. */
export const COLLECTIONS = [
  ...(['policy', 'activations', 'denials', 'refusals', 'exemptions', 'delegations', 'revocations'] as const),
  ...(['scenarios', 'drills', 'events', 'notes', 'actionItems', 'incidents', 'proposals'] as const),
  ...(['connectors', 'connectorQueues', 'connectorWrites', 'chaos', 'experiments', 'writes'] as const),
  ...(['posture', 'canaries', 'canaryWrites', 'staff', 'claimSurvey', 'requests', 'accountCalls'] as const),
  ...(['audit', 'auditLog', 'tiles', 'checkpoints', 'auditQueries', 'auditAppends'] as const),
] as const;
export type CollectionName = (typeof COLLECTIONS)[number];

/** The id of a collection as it is stored: `muster_drills`. */
const stored = <Name extends CollectionName>(name: Name): `${typeof PREFIX}${Name}` => `${PREFIX}${name}`;

const at = (name: CollectionName, id: string): string => `${stored(name)}/${id}`;

/**
 * The field by which the database deletes a document some time after it says so (TTL), of the same name wherever there is
 * one. A policy is for a collection group, so the name is nobody else's either.
 */
export const TTL_FIELD = 'musterExpireAt';

export const paths = {
  policy: () => at('policy', 'current'),
  revocation: (uid: string) => at('revocations', uid),
  activation: (id: string) => at('activations', id),
  denials: (activationId: string) => at('denials', activationId),
  refusals: (id: string) => at('refusals', id),
  delegation: (id: string) => at('delegations', id),
  exemption: (id: string) => at('exemptions', id),
  connector: (id: string) => at('connectors', id),
  connectorQueue: (id: string) => at('connectorQueues', id),
  connectorWrite: (id: string) => at('connectorWrites', id),
  chaos: () => at('chaos', 'current'),
  experiment: (id: string) => at('experiments', id),
  experimentWrite: (id: string, key: string) => `${at('experiments', id)}/${at('writes', key)}`,
  canary: (id: string) => at('canaries', id),
  canaryWrite: (name: string) => at('canaryWrites', name),
  posture: () => at('posture', 'current'),
  proposal: (id: string) => at('proposals', id),
  incident: (id: string) => at('incidents', id),
  staff: (uid: string) => at('staff', uid),
  claimSurvey: () => at('claimSurvey', 'current'),
  request: (id: string) => at('requests', id),
  accountCalls: (uid: string) => at('accountCalls', uid),
  auditEntry: (id: string) => at('audit', id),
  auditLog: () => at('auditLog', 'current'),
  auditTile: (name: string) => `${at('auditLog', 'current')}/${at('tiles', name)}`,
  auditCheckpoint: (size: string) => `${at('auditLog', 'current')}/${at('checkpoints', size)}`,
  auditHolds: () => at('auditLog', 'holds'),
  auditQueries: () => at('auditQueries', 'current'),
  auditAppends: (uid: string) => at('auditAppends', uid),
  scenario: (id: string) => at('scenarios', id),
  drill: (id: string) => at('drills', id),
  drillEvent: (drillId: string, eventId: string) => `${at('drills', drillId)}/${at('events', eventId)}`,
} as const;

/** Collections that are queried. */
export const collections = {
  activations: stored('activations'),
  refusals: stored('refusals'),
  delegations: stored('delegations'),
  exemptions: stored('exemptions'),
  connectors: stored('connectors'),
  connectorWrites: stored('connectorWrites'),
  experiments: stored('experiments'),
  proposals: stored('proposals'),
  audit: stored('audit'),
  auditCheckpoints: `${at('auditLog', 'current')}/${stored('checkpoints')}`,
  drills: stored('drills'),
  drillEvents: (drillId: string) => `${at('drills', drillId)}/${stored('events')}`,
  staff: stored('staff'),
} as const;

/**
 * What a document or a collection is called in entries, answers and errors: its path without the prefixes, so that the
 * history reads on as it began, and no caller learns where things are stored. `drills/drl_…` for `muster_drills/drl_…`.
 */
export const logicalName = (path: string): string =>
  path
    .split('/')
    .map((part, index) => (index % 2 === 0 && part.startsWith(PREFIX) ? part.slice(PREFIX.length) : part))
    .join('/');

/** Whether a path leads into this collection of Muster's own. */
export const isIn = (name: CollectionName, path: string): boolean => path.startsWith(`${stored(name)}/`);

/** Whether a path leads through a collection of Muster's own, known to this release or not. */
export const isOfMuster = (path: string): boolean =>
  path.split('/').some((part, index) => index % 2 === 0 && part.startsWith(PREFIX));

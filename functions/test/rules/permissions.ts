/** What each role may do with each collection, those to come included: the table that the rules must be. */
import { RECORD_READERS, SIGNED_IN_ROLES, uidOf, type RoleName } from './roles';
import { DRILL } from './rules-world';

interface Permissions {
  /** A document that is there, in the collection that is listed. */
  document: string;
  get: readonly RoleName[];
  list: readonly RoleName[];
  /** Who may create. Nobody may ever update or delete. */
  create?: readonly RoleName[];
  /** What it says, if that matters to the rules. */
  data?: Record<string, unknown>;
}

const NOBODY: readonly RoleName[] = [];
const recordsAt = (document: string): Permissions => ({ document, get: RECORD_READERS, list: RECORD_READERS });
const hiddenAt = (document: string): Permissions => ({ document, get: NOBODY, list: NOBODY });
const AND_PARTICIPANT: readonly RoleName[] = [...RECORD_READERS, 'participant'];

/** Documents that two persons are party to. A list that is not of the caller's own is refused, as with drills. */
const sharedAt = (collection: string, parties: readonly [string, string]): Permissions[] => {
  const between = (name: string, first: RoleName, second: RoleName, get: readonly RoleName[]): Permissions => ({
    document: `${collection}/${name}`,
    get,
    list: RECORD_READERS,
    data: { laidOut: true, [parties[0]]: uidOf(first), [parties[1]]: uidOf(second) },
  });
  return [
    between('shared', 'member', 'participant', [...RECORD_READERS, 'member', 'participant']),
    // Who is party to it, and yet must not read it.
    between('of_revoked', 'revoked member', 'revoked participant', RECORD_READERS),
  ];
};

export const permissions: Permissions[] = [
  recordsAt('scenarios/token-compromise'),
  // A participant's list without a filter on its own uid is refused: see the tests of its query.
  { document: DRILL, get: AND_PARTICIPANT, list: RECORD_READERS },
  { document: `${DRILL}/events/evt_one`, get: AND_PARTICIPANT, list: AND_PARTICIPANT },
  { document: `${DRILL}/notes/note_one`, get: AND_PARTICIPANT, list: AND_PARTICIPANT, create: ['participant'] },
  hiddenAt(`${DRILL}/secrets/one`),
  recordsAt('actionItems/act_one'),
  { document: 'policy/current', get: SIGNED_IN_ROLES, list: RECORD_READERS },
  recordsAt('policy/next'),
  ...['activations/act_one', 'denials/act_one', 'refusals/ref_one', 'exemptions/exm_one'].map(recordsAt),
  ...['connectors/github', 'connectorQueues/github'].map(recordsAt),
  hiddenAt('connectorWrites/cwr_one'),
  ...sharedAt('delegations', ['owner', 'agent']),
  ...sharedAt('proposals', ['actor', 'owner']),
  ...['chaos/current', 'experiments/exp_one', 'experiments/exp_one/writes/one'].map(recordsAt),
  hiddenAt('experiments/exp_one/secrets/one'),
  recordsAt('audit/aud_one'),
  recordsAt('incidents/inc_one'),
  recordsAt('incidents/inc_one/events/evt_one'),
  recordsAt('posture/current'),
  recordsAt('staff/uid-staff'),
  ...[
    'revocations/uid-someone',
    'requests/req_one',
    'auditLog/current',
    'auditLog/holds',
    'auditQueries/current',
    'auditAppends/uid-one',
    'auditLog/current/tiles/0-0',
    'auditLog/current/checkpoints/0000000000000001',
    'incidents/inc_one/notes/note_one',
    'credentials/crd_one',
    'rotations/rot_one',
    'webhookSources/whs_one',
    'webhookDeliveries/whd_one',
    'posture/days/days/2026-03-31',
    'canaries/expected',
    'canaries/cny_one-before',
    'canaryWrites/cny_one-before',
    'outbox/out_one',
    'deadLetters/ded_one',
    'unheardOf/one',
  ].map(hiddenAt),
];

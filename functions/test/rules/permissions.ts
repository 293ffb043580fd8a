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
  recordsAt('muster_scenarios/token-compromise'),
  // A participant's list without a filter on its own uid is refused: see the tests of its query.
  { document: DRILL, get: AND_PARTICIPANT, list: RECORD_READERS },
  { document: `${DRILL}/muster_events/evt_one`, get: AND_PARTICIPANT, list: AND_PARTICIPANT },
  { document: `${DRILL}/muster_notes/note_one`, get: AND_PARTICIPANT, list: AND_PARTICIPANT, create: ['participant'] },
  hiddenAt(`${DRILL}/secrets/one`),
  recordsAt('muster_actionItems/act_one'),
  { document: 'muster_policy/current', get: SIGNED_IN_ROLES, list: RECORD_READERS },
  recordsAt('muster_policy/next'),
  ...[
    'muster_activations/act_one',
    'muster_denials/act_one',
    'muster_refusals/ref_one',
    'muster_exemptions/exm_one',
  ].map(recordsAt),
  ...['muster_connectors/github', 'muster_connectorQueues/github'].map(recordsAt),
  hiddenAt('muster_connectorWrites/cwr_one'),
  ...sharedAt('muster_delegations', ['owner', 'agent']),
  ...sharedAt('muster_proposals', ['actor', 'owner']),
  ...['muster_chaos/current', 'muster_experiments/exp_one', 'muster_experiments/exp_one/muster_writes/one'].map(
    recordsAt,
  ),
  hiddenAt('muster_experiments/exp_one/secrets/one'),
  recordsAt('muster_audit/aud_one'),
  recordsAt('muster_incidents/inc_one'),
  recordsAt('muster_incidents/inc_one/muster_events/evt_one'),
  recordsAt('muster_posture/current'),
  recordsAt('muster_staff/uid-staff'),
  ...[
    'muster_revocations/uid-someone',
    'muster_requests/req_one',
    'muster_auditLog/current',
    'muster_auditLog/holds',
    'muster_auditQueries/current',
    'muster_auditAppends/uid-one',
    'muster_accountCalls/uid-one',
    'muster_claimSurvey/current',
    'muster_auditLog/current/muster_tiles/0-0',
    'muster_auditLog/current/muster_checkpoints/0000000000000001',
    'muster_incidents/inc_one/muster_notes/note_one',
    'credentials/crd_one',
    'rotations/rot_one',
    'webhookSources/whs_one',
    'webhookDeliveries/whd_one',
    'muster_posture/days/days/2026-03-31',
    'muster_canaries/expected',
    'muster_canaries/cny_one-before',
    'muster_canaryWrites/cny_one-before',
    'outbox/out_one',
    'deadLetters/ded_one',
    'unheardOf/one',
  ].map(hiddenAt),
];

/** What each role may do with each collection of DESIGN.md, those to come included: the table that the rules must be. */
import { RECORD_READERS, SIGNED_IN_ROLES, type RoleName } from './roles';
import { DRILL } from './rules-world';

interface Permissions {
  /** A document that is there, in the collection that is listed. */
  document: string;
  get: readonly RoleName[];
  list: readonly RoleName[];
  /** Who may create. Nobody may ever update or delete. */
  create?: readonly RoleName[];
}

const NOBODY: readonly RoleName[] = [];
const recordsAt = (document: string): Permissions => ({ document, get: RECORD_READERS, list: RECORD_READERS });
const hiddenAt = (document: string): Permissions => ({ document, get: NOBODY, list: NOBODY });
const AND_PARTICIPANT: readonly RoleName[] = [...RECORD_READERS, 'participant'];

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
  recordsAt('audit/aud_one'),
  recordsAt('staff/uid-staff'),
  ...[
    'revocations/uid-someone',
    'requests/req_one',
    'exemptions/exm_one',
    'delegations/dlg_one',
    'connectors/con_one',
    'auditLog/head',
    'auditLog/tiles/level0/one',
    'incidents/inc_one',
    'incidents/inc_one/events/evt_one',
    'incidents/inc_one/notes/note_one',
    'credentials/crd_one',
    'rotations/rot_one',
    'webhookSources/whs_one',
    'webhookDeliveries/whd_one',
    'posture/current',
    'posture/days/days/2026-03-31',
    'outbox/out_one',
    'deadLetters/ded_one',
    'unheardOf/one',
  ].map(hiddenAt),
];

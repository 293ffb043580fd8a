import { PROJECT, addressesOf } from './suite-addresses.mjs';

const MOST_NAMED = 5;
const MOST_COUNTED = 200;

/** @typedef {Record<string, { stringValue?: string, timestampValue?: string, mapValue?: { fields?: Fields } }>} Fields */

/**
 * In one line, what is overdue and what is restricted, read from Firestore as its owner.
 *
 * @param {import('./ports.mjs').Ports} ports
 */
export async function statusLine(ports, now = new Date()) {
  const documents = `${addressesOf(ports).firestore}/v1/projects/${PROJECT}/databases/(default)/documents`;
  const [overdue, policy] = await Promise.all([readOverdueDrills(documents), readPolicy(documents)]);
  return `${overdueSentence(overdue)} ${restrictedSentence(policy, now)}`;
}

/** @param {string[]} scenarios of the overdue drills */
export function overdueSentence(scenarios) {
  if (scenarios.length === 0) return 'Overdue: nothing.';
  const count = scenarios.length === MOST_COUNTED ? `${MOST_COUNTED} drills or more` : countOf(scenarios.length);
  const names = [...new Set(scenarios)];
  const shown = names.slice(0, MOST_NAMED).join(', ') + (names.length > MOST_NAMED ? ', …' : '');
  return `Overdue: ${count} (${shown}).`;
}

/** @param {number} drills */
const countOf = (drills) => (drills === 1 ? '1 drill' : `${drills} drills`);

/**
 * @param {Fields | undefined} policy the fields of `muster_policy/current`
 * @param {Date} now
 */
export function restrictedSentence(policy, now) {
  const mode = policy?.mode?.mapValue?.fields;
  const name = mode?.name?.stringValue;
  if (name === undefined) {
    return 'Restricted: everything, because there is no policy to read (npm run muster -- degraded exit stores one).';
  }
  const switches = Object.entries(policy?.killSwitches?.mapValue?.fields ?? {});
  const restrictions = [
    ...(name === 'normal' ? [] : [{ what: name, until: mode?.until?.timestampValue }]),
    ...switches.map(([killed, entry]) => ({
      what: `${killed === '*' ? 'everything' : killed} (killed)`,
      until: entry.mapValue?.fields?.until?.timestampValue,
    })),
    ...Object.keys(policy?.offline?.mapValue?.fields ?? {}).map((id) => ({
      what: `connector ${id} (offline)`,
      until: undefined,
    })),
    // One that has expired binds no one, whether or not the schedule has ended it yet.
  ].filter(({ until }) => until === undefined || new Date(until) > now);
  if (restrictions.length === 0) return 'Restricted: nothing.';
  const said = restrictions.map(
    ({ what, until }) => `${what} until ${until ?? (what.endsWith('(offline)') ? 'it is back' : 'someone ends it')}`,
  );
  return `Restricted: ${said.join(', ')}.`;
}

/** @param {string} documents */
async function readOverdueDrills(documents) {
  const structuredQuery = {
    from: [{ collectionId: 'muster_drills' }],
    where: { fieldFilter: { field: { fieldPath: 'overdue' }, op: 'EQUAL', value: { booleanValue: true } } },
    select: { fields: [{ fieldPath: 'scenarioId' }] },
    limit: MOST_COUNTED,
  };
  const rows = await asOwner(`${documents}:runQuery`, { method: 'POST', body: JSON.stringify({ structuredQuery }) });
  return rows.flatMap((/** @type {{ document?: { fields?: Fields } }} */ { document }) =>
    document === undefined ? [] : [document.fields?.scenarioId?.stringValue ?? 'unnamed'],
  );
}

/**
 * @param {string} documents
 * @returns {Promise<Fields | undefined>}
 */
async function readPolicy(documents) {
  return (await asOwner(`${documents}/muster_policy/current`))?.fields;
}

/**
 * @param {string} url
 * @param {{ method?: string, body?: string }} [init]
 * @returns {Promise<any>} of Firestore, whose word we take
 */
async function asOwner(url, init) {
  // The emulator's way to say that the security rules do not apply to this call.
  const response = await fetch(url, {
    ...init,
    headers: { authorization: 'Bearer owner', 'content-type': 'application/json' },
  });
  if (response.status === 404) return undefined;
  if (!response.ok) throw new Error(`Firestore answered ${response.status} to ${url}`);
  return response.json();
}

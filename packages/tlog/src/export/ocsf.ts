/**
 * OCSF 1.3 API Activity (class 6003), one event a line; the record itself is under `unmapped.muster`. Header and end are
 * events of the export itself, which is an API activity too: a read.
 */
import { messageOf, personalText, shownValue, WITHHELD } from './columns';
import type { EntryRecord, ExportRecord } from './record';

const CLASS = 6003;
const CREATE = 1;
const READ = 2;
const UPDATE = 3;
const DELETE = 4;

/** What an action does, from the words that actions end in. An action that is none of these changes something. */
const ACTIVITY: readonly [RegExp, number][] = [
  [
    /(?:^|[._])(?:create[ds]?|schedule[ds]?|start(?:ed|s)?|grant(?:ed|s)?|register(?:ed|s)?|request(?:ed|s)?|enqueued?|armed)$/u,
    CREATE,
  ],
  [/(?:^|[._])(?:read|queried|exported|listed|viewed|evaluated)$/u, READ],
  [/(?:^|[._])(?:delete[ds]?|remove[ds]?|revoke[ds]?|discard(?:ed|s)?|cancel(?:led|s)?)$/u, DELETE],
];

/** P0 to P3 as Critical, High, Medium, Low; an entry without one informs. A test holds the words against the contract's. */
export const OCSF_SEVERITY: Readonly<Record<string, number>> = { P0: 5, P1: 4, P2: 3, P3: 2 };

/** Of each outcome that an entry can have. */
export const OCSF_STATUS: Readonly<Record<string, { status_id: number; status: string }>> = {
  success: { status_id: 1, status: 'Success' },
  failed: { status_id: 2, status: 'Failure' },
  refused: { status_id: 2, status: 'Failure' },
};

export const encodeOcsf = (record: ExportRecord, origin: string, createdAt: string): string => {
  const activity = activityOf(record);
  return JSON.stringify({
    category_uid: 6,
    class_uid: CLASS,
    activity_id: activity,
    type_uid: CLASS * 100 + activity,
    time: Date.parse(record.kind === 'entry' ? String(record.leaf.at) : createdAt),
    severity_id: record.kind === 'entry' ? (OCSF_SEVERITY[String(record.leaf.severity)] ?? 1) : 1,
    ...(record.kind === 'entry' ? OCSF_STATUS[String(record.leaf.outcome)] : OCSF_STATUS['success']),
    message: messageOf(record),
    metadata: {
      version: '1.3.0',
      product: { name: 'Muster', vendor_name: 'Muster' },
      log_name: origin,
      ...(record.kind === 'entry' ? { uid: record.leaf.id, correlation_uid: record.leaf.correlationId } : {}),
      ...(record.kind === 'entry' && record.outside !== undefined ? { labels: ['outside-period'] } : {}),
      ...('leafIndex' in record && record.leafIndex !== null ? { sequence: record.leafIndex } : {}),
    },
    actor: record.kind === 'entry' ? actorOf(record) : { app_name: 'muster' },
    api: { operation: record.kind === 'entry' ? record.leaf.action : 'audit-export', service: { name: 'muster' } },
    src_endpoint: record.kind === 'entry' ? endpointOf(record) : { name: 'muster' },
    ...(record.kind === 'entry' ? { resources: [{ name: personalText(record, 'target') ?? '' }] } : {}),
    ...requestOf(record),
    unmapped: { muster: record },
  });
};

/** The caller's own id of the request, where it is shown. */
const requestOf = (record: ExportRecord): object => {
  const uid = record.kind === 'entry' ? shownValue(record, 'callerRequestId') : undefined;
  return typeof uid === 'string' ? { http_request: { uid } } : {};
};

const activityOf = (record: ExportRecord): number => {
  if (record.kind !== 'entry') return READ;
  return ACTIVITY.find(([words]) => words.test(String(record.leaf.action)))?.[1] ?? UPDATE;
};

const actorOf = (record: EntryRecord): object => {
  const session = shownValue(record, 'sessionId');
  return {
    user: { uid: personalText(record, 'actorId') ?? '', type: record.leaf.actorType },
    ...(typeof session === 'string' ? { session: { uid: session } } : {}),
  };
};

const endpointOf = (record: EntryRecord): object => {
  const ip = shownValue(record, 'ip');
  if (typeof ip === 'string') return { ip };
  return { name: record.withheld.ip === undefined ? 'muster' : WITHHELD };
};

export const recordInOcsf = (event: Readonly<Record<string, unknown>>): unknown => {
  const unmapped = event['unmapped'];
  return typeof unmapped === 'object' && unmapped !== null && 'muster' in unmapped ? unmapped.muster : undefined;
};

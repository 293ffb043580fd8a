/** Entries that a product writes itself. */
import * as z from 'zod';
import { isPlainJson } from '../proposals';
import { auditAction, auditOutcome, firstWordOf, MUSTER_WORDS } from './entry';
import * as v from '../values';

/** In levels of objects and lists, and in bytes of JSON. */
const DEEPEST_METADATA = 5;
const LONGEST_METADATA = 8 * 1024;

const OF_MUSTER: ReadonlySet<string> = new Set(MUSTER_WORDS);

/**
 * What targets of Muster's own entries begin with: an entry of a product must not look like one about Muster's policy, its staff or
 * its log. What belongs to a drill or an incident says so in fields of their own, so that none passes for the other (law 7).
 */
export const OWN_TARGETS: ReadonlySet<string> = new Set([
  ...(['policy', 'activations', 'denials', 'refusals', 'exemptions', 'delegations', 'revocations'] as const),
  ...(['scenarios', 'drills', 'events', 'notes', 'actionItems', 'incidents', 'proposals'] as const),
  ...(['connectors', 'connectorQueues', 'connectorWrites', 'chaos', 'experiments', 'writes'] as const),
  ...(['posture', 'canaries', 'canaryWrites', 'staff', 'claimSurvey', 'requests', 'accountCalls'] as const),
  ...(['audit', 'auditLog', 'tiles', 'checkpoints', 'auditQueries', 'auditAppends'] as const),
  ...(['capabilities', 'jobs', 'runner', 'uid'] as const),
]);

/** By its first word, however it is written: `Policy/current` and `muster_policy/current` would be read as the same. */
const isOfProduct = (target: string): boolean => {
  const first = (/^[^\p{L}\p{N}_]*([\p{L}\p{N}_]+)/u.exec(target)?.[1] ?? '').toLowerCase().replace(/^muster_/u, '');
  return ![...OWN_TARGETS].some((own) => own.toLowerCase() === first);
};
const OWN_FIELDS = ['drillId', 'incidentId'];

/** The longest name of a field that the database takes, with room to spare. */
const LONGEST_NAME = 200;
const HALF_OF_A_CHARACTER = /\p{Cs}/u;
const isName = (name: string): boolean =>
  name !== '' && name.length <= LONGEST_NAME && !/^__.*__$/su.test(name) && !HALF_OF_A_CHARACTER.test(name);

/** Whether the database stores it, and as it was said: it refuses a list within a list, and some names. */
const isStorable = (value: unknown): boolean => {
  if (typeof value === 'string') return !HALF_OF_A_CHARACTER.test(value);
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every((inner) => !Array.isArray(inner) && isStorable(inner));
  return Object.entries(value).every(([name, inner]) => isName(name) && isStorable(inner));
};

const metadata = z
  .custom<Record<string, unknown>>(
    (value) =>
      typeof value === 'object' && !Array.isArray(value) && value !== null && isPlainJson(value, DEEPEST_METADATA),
    { error: `a JSON object, at most ${DEEPEST_METADATA} levels deep, without a key __proto__`, abort: true },
  )
  .refine((given) => new TextEncoder().encode(JSON.stringify(given)).length <= LONGEST_METADATA, {
    error: 'at most 8 KiB as JSON',
    abort: true,
  })
  .refine(isStorable, {
    error: `no list directly in a list; names of 1 to ${LONGEST_NAME} characters, not __like_this__; no half of a character`,
    abort: true,
  })
  .refine(
    (given) => OWN_FIELDS.every((name) => !Object.hasOwn(given, name)),
    `not ${OWN_FIELDS.join(' or ')}: they are fields of the request`,
  )
  .meta({ type: 'object' });

/** So many entries may a caller append within any minute. */
export const APPENDS_A_MINUTE = 60;

export const appendAudit = {
  request: z
    .strictObject({
      /** In a namespace that the deployment has declared (MUSTER_AUDIT_NAMESPACES). */
      action: auditAction.refine((action) => !OF_MUSTER.has(firstWordOf(action)), "not one of Muster's own actions"),
      target: v
        .text(300)
        .refine(
          isOfProduct,
          "a thing of the product's: not what Muster's own targets begin with (policy/…, staff/…); a drill or an incident is said by drillId or incidentId",
        ),
      rationale: v.text(1000).optional(),
      outcome: auditOutcome.default('success'),
      severity: v.severity.optional(),
      /** Marks the entry as an exercise. */
      drillId: v.drillId.optional(),
      incidentId: v.incidentId.optional(),
      metadata: metadata.default({}),
      requestId: v.requestId.optional(),
    })
    .refine(({ drillId, incidentId }) => drillId === undefined || incidentId === undefined, {
      path: ['incidentId'],
      error: 'not together with drillId: a drill is no incident',
    }),
  response: z.strictObject({ entryId: v.auditEntryId, at: v.instant }),
};

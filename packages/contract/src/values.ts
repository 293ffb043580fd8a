/** The words that all contracts share: ids, times, severities, texts. Pure zod; nothing of Firebase. */
import * as z from 'zod';

/** Ids are random with a type prefix; 20 lower-case base-32 characters (100 bits). */
const idOf = (prefix: string) =>
  z
    .string()
    .regex(
      new RegExp(`^${prefix}_[a-z0-9]{4,64}$`, 'u'),
      `an id that begins with ${prefix}_ (letters and digits only)`,
    );

export const drillId = idOf('drl');
export const drillEventId = idOf('evt');
export const auditEntryId = idOf('aud');
export const activationId = idOf('act');
export const delegationId = idOf('dlg');
export const exemptionId = idOf('exm');
export const proposalId = idOf('prp');
export const connectorWriteId = idOf('cwr');
export const experimentId = idOf('exp');
export const holdId = idOf('hld');
export const savedQueryId = idOf('qry');
export const incidentId = idOf('inc');
/** Of a sign-in, as audit entries have it. */
export const sessionId = idOf('ses');

/** A scenario's id, as written in the catalog: letters, digits, `.`, `_`, `-`; never a slash. */
export const scenarioId = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/u,
    'letters, digits, ".", "_" or "-", at most 100, not beginning with a sign',
  );

/**
 * A uid that Muster answers: 1 to 128 characters, no slash (it is part of document paths), none that cannot be seen. The rules
 * ask the same (`signedIn()`). Firebase Auth can hold others; nobody who has one is answered, and their sessions can be ended.
 */
export const uid = z
  .string()
  .regex(
    /^[^/\p{Z}\p{Cc}\p{Cs}\uFEFF]{1,128}$/u,
    '1 to 128 characters without slash, white space or control characters',
  )
  .refine((value) => value !== '.' && value !== '..' && !/^__.*__$/u.test(value), 'not a name that Firestore reserves');

/** Whatever uid Firebase Auth can hold, for who must be stopped also if they could never be answered. */
export const anyUid = z.string().min(1).max(128, 'at most 128 characters');

/** ISO 8601 with a zone, e.g. `2026-03-31T09:00:00Z`. Answers are always UTC with milliseconds. */
export const instant = z.iso
  .datetime({ offset: true, abort: true, error: 'an ISO 8601 time with a zone, such as 2026-03-31T09:00:00Z' })
  .refine((text) => {
    const year = new Date(text).getUTCFullYear();
    return year >= 2000 && year < 2200;
  }, 'a time between the years 2000 and 2200');

// oxlint-disable-next-line no-control-regex -- refusing control characters is the point
const READABLE = /^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\p{Cs}]*$/u;

/**
 * A text a person wrote: trimmed, 1 to `longest` characters, no control characters but line breaks and tabs, and
 * no lone surrogates, for which the database would store something else than was answered.
 */
export const text = (longest: number) =>
  z.string().trim().min(1).max(longest).regex(READABLE, 'no control characters, no half of a character');

/** Why something is stopped, or let through all the same: a sentence, because a word explains nothing a year later. */
export const justification = text(1000).min(10, 'at least 10 characters: say why, for whoever reads it later');

/** Chosen by the caller; the same id again returns the first answer and changes nothing. */
export const requestId = z
  .string()
  .regex(/^[A-Za-z0-9._:-]{1,128}$/u, '1 to 128 letters, digits, ".", "_", ":" or "-"');

export const severity = z.enum(['P0', 'P1', 'P2', 'P3']);
export type Severity = z.infer<typeof severity>;

/** What became of what was granted until a time. */
export const grantState = z.enum(['active', 'expired', 'revoked']);

/** Where a drill is held. A tabletop touches no system; it names the environment it talks about. */
export const environment = z.enum(['development', 'staging', 'production']);

/** An opaque place in a list, from `nextCursor` of the page before. */
export const cursor = z.string().regex(/^[A-Za-z0-9_-]{1,400}$/u, 'the nextCursor of an earlier answer, unchanged');

/** Page size, 1 to 200, 50 if left out. */
export const limit = z.int().min(1).max(200).default(50);

/** Longest duration accepted from outside: one year, in minutes. */
export const minutes = z
  .number()
  .min(0)
  .max(365 * 24 * 60);

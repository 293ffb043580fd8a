/**
 * What an entry is as a leaf of the tree: the RFC 8785 canonical JSON of the entry as stored, in which each field that may
 * be about a person is a salted commitment. Whoever is shown the value and its salt can compute the commitment; whoever
 * is not learns nothing from it, not even whether two entries have the same value (as in SD-JWT, RFC 9901).
 */
import canonicalize from 'canonicalize';
import { hmacSha256, sha256, toBase64, utf8 } from '#crypto';
import { leafHash } from './merkle';

/**
 * Of a leaf. In the first the correlation id was the caller's, where one was sent. Since the second it is Muster's own, the caller's
 * is a personal field, and what the log says of its own keeping is a field of its own.
 */
export const LEAF_VERSIONS = [1, 2] as const;
export type LeafVersion = (typeof LEAF_VERSIONS)[number];

/** Fields that may be about a person: an export may withhold them. */
export const PERSONAL_FIELDS = [
  'actorId',
  'ip',
  'sessionId',
  'rationale',
  'target',
  'metadata',
  'callerRequestId',
] as const;
export type PersonalField = (typeof PERSONAL_FIELDS)[number];

/** Fields that are in the leaf as they are. */
export const OPEN_FIELDS = [
  'id',
  'at',
  'actorType',
  'action',
  'outcome',
  'severity',
  'correlationId',
  'exercise',
  'drillId',
  'incidentId',
  'keeping',
] as const;
export type OpenField = (typeof OPEN_FIELDS)[number];

const SINCE_SECOND: ReadonlySet<OpenField | PersonalField> = new Set(['keeping', 'callerRequestId']);
const isIn = (version: LeafVersion) => (field: OpenField | PersonalField) => version > 1 || !SINCE_SECOND.has(field);

/** The fields that a leaf of a version has, in the order of an export. */
export const openFieldsOf = (version: LeafVersion): readonly OpenField[] => OPEN_BY_VERSION[version];
export const personalFieldsOf = (version: LeafVersion): readonly PersonalField[] => PERSONAL_BY_VERSION[version];
const OPEN_BY_VERSION = { 1: OPEN_FIELDS.filter(isIn(1)), 2: OPEN_FIELDS };
const PERSONAL_BY_VERSION = { 1: PERSONAL_FIELDS.filter(isIn(1)), 2: PERSONAL_FIELDS };

/** What the log says of its own keeping, in the entries of retention and of legal holds: `keeping` in the leaf. Places are of leaves. */
export interface Keeping {
  /** As it is now, in days. */
  retentionDays: number;
  /** Legal holds that stand now. */
  holds: number;
  /** What is below it comes to its end a week after this, unless a hold is placed; null when nothing was announced. */
  announcedBelow: number | null;
  /** What is below it has come to its end: the database deletes it. A hold keeps everything from here on. */
  endedBelow: number;
}

/** The action of the one entry that says that something has come to its end. */
export const EXPIRY_RAN = 'audit_log.expiry_ran';

/** An entry as it is put into a leaf: JSON alone, times as ISO 8601 in UTC with milliseconds. A leaf of the first version takes no notice of what only the second has. */
export type SealedEntry = { v: LeafVersion } & Record<OpenField | PersonalField, unknown>;

/** What is shown of a personal field: the value, and the salt that its commitment is made with. */
export interface Opening {
  salt: string;
  value: unknown;
}

/** The fields of a leaf: those that are open, and commitments to the others. */
export interface Leaf extends Partial<Record<OpenField, unknown>> {
  v: LeafVersion;
  commitments: Partial<Record<PersonalField, string>>;
}

/** RFC 8785. Throws on what JSON does not have. */
export const canonicalJson = (value: unknown): string => {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('nothing that JSON can say');
  return text;
};

/** The salt of one field, from the secret salt of its entry: shown for one field, it tells nothing of the others. */
const fieldSalt = (entrySalt: string, field: PersonalField): string =>
  toBase64(hmacSha256(utf8(entrySalt), utf8(field)));

/** base64(SHA-256(canonical JSON of [salt, field, value])). */
export const commitmentTo = (field: PersonalField, { salt, value }: Opening): string =>
  toBase64(sha256(utf8(canonicalJson([salt, field, value]))));

/** What opens each commitment of an entry. */
export const openingsOf = (entry: SealedEntry, entrySalt: string): Partial<Record<PersonalField, Opening>> =>
  Object.fromEntries(
    personalFieldsOf(entry.v).map((field) => [field, { salt: fieldSalt(entrySalt, field), value: entry[field] }]),
  );

export const leafOf = (entry: SealedEntry, entrySalt: string): Leaf => ({
  v: entry.v,
  ...Object.fromEntries(openFieldsOf(entry.v).map((field) => [field, entry[field]])),
  commitments: Object.fromEntries(
    Object.entries(openingsOf(entry, entrySalt)).map(([field, opening]) => [
      field,
      commitmentTo(field as PersonalField, opening),
    ]),
  ),
});

/** The keys of a leaf in the order of RFC 8785, sorted once: a leaf is written for each entry that is sealed or checked. */
const KEYS = {
  1: [...openFieldsOf(1), 'commitments', 'v'].toSorted() as (OpenField | 'commitments' | 'v')[],
  2: [...openFieldsOf(2), 'commitments', 'v'].toSorted() as (OpenField | 'commitments' | 'v')[],
} satisfies Record<LeafVersion, unknown>;
const COMMITMENTS = { 1: personalFieldsOf(1).toSorted(), 2: personalFieldsOf(2).toSorted() };

/** The canonical JSON of a leaf. */
export const leafText = (leaf: Leaf): string =>
  members(KEYS[leaf.v], (key) => (key === 'commitments' ? commitmentsText(leaf) : canonicalJson(leaf[key])));

const commitmentsText = ({ v, commitments }: Leaf): string =>
  members(COMMITMENTS[v], (field) => canonicalJson(commitments[field]));

const members = <Key extends string>(keys: readonly Key[], textOf: (key: Key) => string): string =>
  `{${keys.map((key) => `"${key}":${textOf(key)}`).join(',')}}`;

export const hashOfLeaf = (leaf: Leaf): Uint8Array => leafHash(utf8(leafText(leaf)));

/**
 * What an entry is as a leaf of the tree: the RFC 8785 canonical JSON of the entry as stored, in which each field that may
 * be about a person is a salted commitment. Whoever is shown the value and its salt can compute the commitment; whoever
 * is not learns nothing from it, not even whether two entries have the same value (as in SD-JWT, RFC 9901).
 */
import canonicalize from 'canonicalize';
import { hmacSha256, sha256, toBase64, utf8 } from '#crypto';
import { leafHash } from './merkle';

/** Fields that may be about a person: an export may withhold them. */
export const PERSONAL_FIELDS = ['actorId', 'ip', 'sessionId', 'rationale', 'target', 'metadata'] as const;
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
] as const;
export type OpenField = (typeof OPEN_FIELDS)[number];

/** An entry as it is put into a leaf: JSON alone, times as ISO 8601 in UTC with milliseconds. */
export type SealedEntry = Record<OpenField | PersonalField, unknown>;

/** What is shown of a personal field: the value, and the salt that its commitment is made with. */
export interface Opening {
  salt: string;
  value: unknown;
}

/** The fields of a leaf: those that are open, and commitments to the others. */
export interface Leaf extends Record<OpenField, unknown> {
  v: 1;
  commitments: Record<PersonalField, string>;
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
export const openingsOf = (entry: SealedEntry, entrySalt: string): Record<PersonalField, Opening> =>
  Object.fromEntries(
    PERSONAL_FIELDS.map((field) => [field, { salt: fieldSalt(entrySalt, field), value: entry[field] }]),
  ) as Record<PersonalField, Opening>;

export const leafOf = (entry: SealedEntry, entrySalt: string): Leaf => {
  const openings = openingsOf(entry, entrySalt);
  return {
    v: 1,
    ...(Object.fromEntries(OPEN_FIELDS.map((field) => [field, entry[field]])) as Record<OpenField, unknown>),
    commitments: Object.fromEntries(
      PERSONAL_FIELDS.map((field) => [field, commitmentTo(field, openings[field])]),
    ) as Record<PersonalField, string>,
  };
};

/** The keys of a leaf in the order of RFC 8785, sorted once: a leaf is written for each entry that is sealed or checked. */
const KEYS = ([...OPEN_FIELDS, 'commitments', 'v'] as const).toSorted();
const COMMITMENTS = PERSONAL_FIELDS.toSorted();

/** The canonical JSON of a leaf. */
export const leafText = (leaf: Leaf): string =>
  members(KEYS, (key) => (key === 'commitments' ? commitmentsText(leaf) : canonicalJson(leaf[key])));

const commitmentsText = ({ commitments }: Leaf): string =>
  members(COMMITMENTS, (field) => canonicalJson(commitments[field]));

const members = <Key extends string>(keys: readonly Key[], textOf: (key: Key) => string): string =>
  `{${keys.map((key) => `"${key}":${textOf(key)}`).join(',')}}`;

export const hashOfLeaf = (leaf: Leaf): Uint8Array => leafHash(utf8(leafText(leaf)));

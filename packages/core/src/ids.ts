import { createHash, randomBytes } from 'node:crypto';

export type IdPrefix =
  | 'drl'
  | 'evt'
  | 'aud'
  | 'req'
  | 'act'
  | 'dlg'
  | 'exm'
  | 'prp'
  | 'inc'
  | 'rfs'
  | 'cwr'
  | 'exp'
  | 'cny'
  | 'ses'
  | 'hld'
  | 'qry'
  | 'uid';

/** Makes a new id of a kind. Comes in through `Deps`, so that a test can tell what will be made. */
export type Ids = (prefix: IdPrefix) => string;

const ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789';

/** 20 characters of 32 (100 random bits): no two writers meet, and no id tells how many there are. */
export const randomIds: Ids = (prefix) =>
  `${prefix}_${Array.from(randomBytes(20), (byte) => ALPHABET[byte % ALPHABET.length]).join('')}`;

/** The same id for the same words: how a job's entry, or a repeated request, finds itself again. */
export const idFrom = (prefix: IdPrefix, ...words: string[]): string =>
  `${prefix}_${createHash('sha256').update(JSON.stringify(words)).digest('hex').slice(0, 40)}`;

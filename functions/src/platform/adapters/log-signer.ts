/** Who signs the heads of the audit log. */
import { signCheckpoint } from '@muster/tlog/checkpoint';
import { ED25519, formatVerifierKey, parseSignerKey, type SignerKey } from '@muster/tlog/note';

export interface LogSigner {
  /** Which log it is: the name that its keys have. */
  origin: string;
  /** The keys as verifiers take them, the one that signs from now on first. */
  keys: string[];
  /** A checkpoint as C2SP has it, signed with each key. */
  sign(head: { size: number; root: Uint8Array }, at: Date): string;
}

/**
 * `secret` is one signing key or, while one is replaced, two, separated by white space: heads then carry both signatures, and
 * whoever knows either key can verify them. Throws when it is something else; the key itself stands in no message.
 */
export const logSignerFrom = (secret: string): LogSigner => {
  const keys = keysIn(secret);
  const [{ name: origin }] = keys;
  return {
    origin,
    keys: keys.map(formatVerifierKey),
    sign: ({ size, root }, at) => signCheckpoint({ origin, size, root }, keys, at),
  };
};

const keysIn = (secret: string): [SignerKey, ...SignerKey[]] => {
  const [first, ...others] = secret.trim().split(/\s+/u).map(keyIn);
  if (!first || [first, ...others].some(({ type }) => type !== ED25519)) throw new Error(NOT_A_KEY);
  if (others.some(({ name }) => name !== first.name))
    throw new Error('The keys in MUSTER_LOG_KEY must have the same name: it is what the log is called.');
  return [first, ...others];
};

const NOT_A_KEY = 'MUSTER_LOG_KEY must be a signing key, PRIVATE+KEY+NAME+…: make one with `muster audit keygen`.';

const keyIn = (text: string): SignerKey => {
  try {
    return parseSignerKey(text);
  } catch {
    throw new Error(NOT_A_KEY);
  }
};

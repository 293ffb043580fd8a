/** The witnesses of the audit log, as a parameter of the deployment names them. */
import { COSIGNATURE_V1, parseVerifierKey, type VerifierKey } from '@muster/tlog/note';

/**
 * Throws when one is no key of a witness. It is read where a cosignature comes in, not where the deployment begins: a mistake in
 * it must not keep anything else from working.
 */
export const witnessKeysFrom = (parameter: string): VerifierKey[] =>
  parameter
    .split(/\s+/u)
    .filter((text) => text !== '')
    .map(witnessKeyFrom);

const witnessKeyFrom = (text: string): VerifierKey => {
  const key = keyIn(text);
  if (key?.type === COSIGNATURE_V1) return key;
  throw new Error('MUSTER_WITNESS_KEYS has something that is no key of a witness: NAME+HASH+KEY, of type 0x04.');
};

/** A signing key that somebody put there by mistake must stand in no message. */
const keyIn = (text: string): VerifierKey | undefined => {
  try {
    return parseVerifierKey(text);
  } catch {
    return undefined;
  }
};

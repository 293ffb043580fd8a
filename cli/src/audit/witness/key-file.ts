/** Signing keys in files: made once, read by nobody else. */
import { randomBytes } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import {
  COSIGNATURE_V1,
  formatSignerKey,
  NoteError,
  parseSignerKey,
  signerKeyFrom,
  type SignerKey,
} from '@muster/tlog/note';
import { badUsage } from '@muster/client/failure';
import { refuseWhereGitTakes } from '../../taken-by-git';

/** Makes a key, and a file for it that must not be there yet, for a key that is overwritten is lost; nor where git would take it. */
export const newKeyFile = async (file: string, name: string, type: SignerKey['type']): Promise<SignerKey> => {
  const key = keyNamed(name, type);
  refuseWhereGitTakes(file);
  const handle = await open(file, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST')
      throw badUsage(`${file} exists, and is not overwritten: a key may be in it.`, 'Name another file.');
    throw badUsage(`${file} cannot be made: ${error.message}.`, 'Name a file in a folder that is there.');
  });
  try {
    await handle.writeFile(`${formatSignerKey(key)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return key;
};

const keyNamed = (name: string, type: SignerKey['type']): SignerKey => {
  try {
    return signerKeyFrom(name, randomBytes(32), type);
  } catch (error) {
    if (!(error instanceof NoteError)) throw error;
    throw badUsage(`${name} is no name of a key: ${error.message}.`, 'Such as acme.example/audit.');
  }
};

/** The key itself is in no message. */
export const witnessKeyIn = async (file: string): Promise<SignerKey> => {
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw badUsage(`The key cannot be read: ${error.message}.`, MAKE_ONE);
  });
  const key = parsedOrNone(text);
  if (!key) throw badUsage(`${file} has no signing key in it.`, MAKE_ONE);
  if (key.type !== COSIGNATURE_V1)
    throw badUsage(`${file} has the key of a log in it, and a witness needs one of its own.`, MAKE_ONE);
  return key;
};

const MAKE_ONE = 'Make one: muster audit keygen --witness --name NAME --out FILE.';

const parsedOrNone = (text: string): SignerKey | undefined => {
  try {
    return parseSignerKey(text);
  } catch {
    return undefined;
  }
};

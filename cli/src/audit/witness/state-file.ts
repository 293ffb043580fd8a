/**
 * The file in which a witness remembers. It is replaced, never rewritten: a new one is written whole, brought to the disk, and
 * claims its generation by a hard link `FILE.<generation>`, which only one of any number of processes can make. From then on it
 * is the state, whether or not its process lives to rename it to `FILE`: who reads takes the newest generation that there is.
 * So nothing needs a lock, which a witness that was killed would leave behind.
 */
import { randomBytes } from 'node:crypto';
import { link, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { VerifierKey } from '@muster/tlog/note';
import { DamagedState, formatState, parseState, type WitnessState } from './witness-state';

const claimOf = (path: string, generation: number): string => `${path}.${generation}`;

/** Undefined when there is no such file. Throws `DamagedState` when it is none of this witness's. */
export const readState = async (path: string, witness: VerifierKey): Promise<WitnessState | undefined> => {
  for (;;) {
    const text = await textOrNone(path);
    if (text === undefined) return undefined;
    const state = parseState(text, witness);
    const newest = Math.max(0, ...(await claimsOf(path)));
    if (newest <= state.generation) return state;
    // Its process died, or has not come to renaming it yet; or somebody has, and it is gone: then all is read again.
    const claimed = await textOrNone(claimOf(path, newest));
    if (claimed === undefined) continue;
    const newer = parseState(claimed, witness);
    if (newer.generation !== newest)
      throw new DamagedState(`${basename(claimOf(path, newest))} is of another generation`);
    return newer;
  }
};

/** Makes the file of a witness that begins; false when there is one. */
export const beginState = async (path: string, witness: VerifierKey): Promise<boolean> => {
  const written = await writeBeside(path, formatState({ generation: 0, logs: new Map() }, witness));
  const made = await linked(written, path);
  await rm(written);
  if (made) await syncFolderOf(path);
  return made;
};

/** Replaces the state that was read; false when somebody else has replaced it since. It is on the disk once this returns. */
export const replaceState = async (
  path: string,
  { generation, logs }: WitnessState,
  witness: VerifierKey,
): Promise<boolean> => {
  const next = generation + 1;
  const written = await writeBeside(path, formatState({ generation: next, logs }, witness));
  if (!(await linked(written, claimOf(path, next)))) {
    await rm(written);
    return false;
  }
  const claims = await claimsOf(path);
  if (claims.some((claim) => claim > next)) {
    // The claim was free only because later ones had been made, and it had been cleared away.
    await Promise.all([rm(claimOf(path, next)), rm(written)]);
    return false;
  }
  await rename(written, path);
  await syncFolderOf(path);
  await Promise.all(claims.filter((claim) => claim < next).map((claim) => rm(claimOf(path, claim), { force: true })));
  return true;
};

/** Writes it under a name of its own, in the same folder, and waits until the disk has it. */
const writeBeside = async (path: string, text: string): Promise<string> => {
  const beside = `${path}.new-${randomBytes(6).toString('hex')}`;
  const file = await open(beside, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  return beside;
};

const claimsOf = async (path: string): Promise<number[]> => {
  const prefix = `${basename(path)}.`;
  const names = await readdir(dirname(path));
  return names
    .filter((name) => name.startsWith(prefix) && /^[1-9]\d{0,14}$/u.test(name.slice(prefix.length)))
    .map((name) => Number(name.slice(prefix.length)));
};

const linked = async (from: string, to: string): Promise<boolean> => {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
};

const textOrNone = async (path: string): Promise<string | undefined> => {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
};

/** A name is on the disk once its folder is. */
const syncFolderOf = async (path: string): Promise<void> => {
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
};

const codeOf = (error: unknown): unknown => (error as NodeJS.ErrnoException).code;

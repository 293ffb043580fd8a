/** Checks a file without any network: with what is in it, and the keys that came from somewhere else. */
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { ExportProblem, parseRevelation, verifyExport, type Revelation, type Verdict } from '@muster/tlog/export';
import { ED25519, NoteError, parseVerifierKey, type VerifierKey } from '@muster/tlog/note';
import type { CommandContext } from '../../command-context';
import { badUsage } from '@muster/client/failure';
import { progressBar } from './progress-bar';

export interface VerifyOptions {
  key?: string[];
  head?: string[];
  reveal?: string[];
}

/** Large pieces: the file is read once, from its beginning to its end. */
const CHUNK = 256 * 1024;

export const verifyFile = async (context: CommandContext, name: string, options: VerifyOptions): Promise<Verdict> => {
  const file = resolve(name);
  if (!existsSync(file) || !statSync(file).isFile())
    throw badUsage(`${file} cannot be read.`, 'Name the file that muster audit export wrote.');
  const keys = (options.key ?? []).flatMap(keysFrom);
  const held = (options.head ?? []).map((head) => textOf(head, '--head'));
  const revealed = (options.reveal ?? []).map(revelationFrom);
  const bytes = statSync(file).size;
  const bar = progressBar(context.machine, 'bytes checked', !context.json);
  try {
    return await verifyExport(createReadStream(file, { highWaterMark: CHUNK }), {
      ...{ keys, held, revealed, now: context.machine.now() },
      onProgress: (done) => bar.show(done, bytes),
    });
  } finally {
    bar.end();
  }
};

/** A key as it is written, or a file with some, one a line. */
const keysFrom = (text: string): VerifierKey[] => {
  const lines = text.includes('+') && !existsSync(text) ? [text] : textOf(text, '--key').split('\n');
  const keys = lines.map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'));
  if (keys.length === 0) throw badUsage('There is no key in the file of --key.', NEXT_KEY);
  return keys.map(keyFrom);
};

const NEXT_KEY = 'A key is NAME+HASH+KEY on one line, as the team publishes it: not as it stands in the export.';

const keyFrom = (text: string): VerifierKey => {
  try {
    const key = parseVerifierKey(text);
    if (key.type === ED25519) return key;
  } catch (error) {
    if (!(error instanceof NoteError)) throw error;
  }
  throw badUsage('What --key gives is no key of a log.', NEXT_KEY);
};

const textOf = (file: string, option: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw badUsage(`${resolve(file)} cannot be read.`, `Check the file that ${option} names.`);
  }
};

const revelationFrom = (file: string): Revelation => {
  try {
    return parseRevelation(textOf(file, '--reveal'));
  } catch (error) {
    if (!(error instanceof ExportProblem) && !(error instanceof SyntaxError)) throw error;
    throw badUsage(
      `${resolve(file)} reveals no field of an export.`,
      'Give --reveal a file that muster audit reveal wrote.',
    );
  }
};

import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { gameDay, type GameDay, type JournalSink } from '@muster/chaos';
import { badUsage } from '@muster/client/failure';

/** Replaced in one step, so that whoever reads it after a crash reads a whole one. */
export const writeWhole = (file: string, text: string): void => {
  mkdirSync(dirname(file), { recursive: true });
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, text);
  renameSync(unfinished, file);
};

export const journalFile = (file: string): JournalSink => ({ write: (text) => writeWhole(file, text) });

/** A time as the name of a file, in the order of time: `20260331T090000Z`. */
export const stamp = (at: Date): string => at.toISOString().replace(/[-:]|\.\d+/gu, '');

/** A report that someone named; what is wrong with it is said. */
export const readGameDay = (file: string): GameDay => {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw badUsage(`${resolve(file)} cannot be read.`, 'Give --compare the JSON file of an earlier game day.');
  }
  const day = parsedGameDay(text);
  if (!day) throw badUsage(`${resolve(file)} is not the JSON of a game day.`, 'Give --compare one that gameday wrote.');
  return day;
};

/** The newest in a folder; files that are something else are none. */
export const lastGameDay = (folder: string): GameDay | undefined =>
  filesIn(folder)
    .map((name) => parsedGameDay(readFileSync(join(folder, name), 'utf8')))
    .filter((day) => day !== undefined)
    .toSorted((one, other) => other.at.localeCompare(one.at))[0];

const filesIn = (folder: string): string[] => {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.json'));
  } catch {
    return [];
  }
};

const parsedGameDay = (text: string): GameDay | undefined => {
  try {
    return gameDay.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
};

import type { Destination } from '@muster/client/destination';

/** A word as it must be typed in a shell: `*` alone would become the names of files. */
export const typed = (word: string): string =>
  /^[\w.,:/@%+=-]+$/u.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;

/** How someone at another desk reaches the same Muster, whatever was used there last. */
export const whereTo = ({ project, emulators }: Destination): string =>
  emulators ? '--emulator' : `--project ${typed(project)}`;

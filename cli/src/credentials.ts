import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { login, type Login, type Logins, type Place } from '@muster/client/login';
import * as z from 'zod';

const stored = z.object({ version: z.literal(1), last: z.string().nullable(), logins: z.record(z.string(), login) });

/** `credentials.json`: who is signed in where. Readable by its owner alone. */
export interface Credentials extends Logins {
  readonly file: string;
  /** Where someone signed in last. */
  last(): Login | undefined;
  /** False when there was none. */
  forget(where: Place): boolean;
}

export const credentialsIn = (env: Readonly<Record<string, string | undefined>>): Credentials => {
  const home = env['XDG_CONFIG_HOME'] || join(env['HOME'] || homedir(), '.config');
  const file = join(home, 'muster', 'credentials.json');

  const read = (): z.infer<typeof stored> => {
    try {
      return stored.parse(JSON.parse(readFileSync(file, 'utf8')));
    } catch {
      // None yet, or damaged: the way out of both is to sign in, and that writes the file anew.
      return { version: 1, last: null, logins: {} };
    }
  };
  const write = (content: z.infer<typeof stored>): void => {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const unfinished = `${file}.${process.pid}`;
    writeFileSync(unfinished, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
    // A file that was left over keeps its mode when it is written to.
    chmodSync(unfinished, 0o600);
    renameSync(unfinished, file);
  };

  return {
    file,
    last() {
      const { last, logins } = read();
      return last === null ? undefined : logins[last];
    },
    find: (where) => read().logins[keyOf(where)],
    keep(kept, { asLast }) {
      const { last, logins } = read();
      const key = keyOf(kept);
      write({ version: 1, last: asLast ? key : last, logins: { ...logins, [key]: kept } });
    },
    forget(where) {
      const { last, logins } = read();
      const key = keyOf(where);
      if (logins[key] === undefined) return false;
      const { [key]: _, ...others } = logins;
      write({ version: 1, last: last === key ? null : last, logins: others });
      return true;
    },
  };
};

/** Two suites side by side have different accounts, so the address is part of the place. */
const keyOf = ({ project, emulators }: Place): string => (emulators ? `${project} on ${emulators.auth}` : project);

/** The processes of the suite that this bench runs beside: Firebase's command line and what it has started. */
import { readdirSync, readFileSync } from 'node:fs';

export interface SuiteSize {
  processes: number;
  /** Resident memory of all of them together, in bytes. */
  bytes: number;
}

interface Process {
  pid: number;
  parent: number;
  command: string;
  bytes: number;
}

/** Undefined where the system does not tell it by /proc. */
export const suiteSize = (): SuiteSize | undefined => {
  if (process.platform !== 'linux') return undefined;
  const all = processes();
  const found: Process[] = [];
  const of = (parent: number): void => {
    for (const one of all.filter((other) => other.parent === parent)) {
      found.push(one);
      of(one.pid);
    }
  };
  // Whoever started the bench has started the suite, and what builds both.
  const suite = all.find(({ parent, command }) => parent === process.ppid && command.includes('emulators:start'));
  if (!suite) return undefined;
  found.push(suite);
  of(suite.pid);
  return { processes: found.length, bytes: found.reduce((sum, { bytes }) => sum + bytes, 0) };
};

const processes = (): Process[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/u.test(name))
    .flatMap((name) => {
      try {
        const status = readFileSync(`/proc/${name}/status`, 'utf8');
        const parent = Number(/^PPid:\s+(\d+)/mu.exec(status)?.[1]);
        const kilobytes = Number(/^VmRSS:\s+(\d+)/mu.exec(status)?.[1] ?? 0);
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return [{ pid: Number(name), parent, command, bytes: kilobytes * 1024 }];
      } catch {
        return []; // It ended between the listing and the reading.
      }
    });

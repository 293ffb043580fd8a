import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** @typedef {{ pid: number, group: number, command: string }} Process */

/** @returns {Process[]} all that run now and are not merely waiting to be reaped */
export function listProcesses() {
  // Linux images for containers often come without `ps`; other systems have no /proc.
  return process.platform === 'linux' ? fromProc() : fromPs();
}

/**
 * Ends processes for good and waits until they are gone.
 *
 * @param {() => Process[]} select is asked again, because they may start others while they end
 */
export async function killUntilGone(select, { withinMs = 5000 } = {}) {
  const deadline = Date.now() + withinMs;
  for (let left = select(); left.length > 0 && Date.now() < deadline; left = select()) {
    for (const { pid } of left) killQuietly(pid, 'SIGKILL');
    await sleep(50);
  }
}

/**
 * @param {number} pid
 * @param {NodeJS.Signals} signal
 */
export function killQuietly(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended by itself in the meantime, which is what was wanted.
  }
}

function fromProc() {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        // The second field is a name in parentheses, which may hold anything.
        const [state = '', , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        if (state === 'Z') return [];
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return [{ pid: Number(name), group: Number(group), command }];
      } catch {
        return []; // It ended between the listing and the reading.
      }
    });
}

function fromPs() {
  const listing = execFileSync('ps', ['-A', '-ww', '-o', 'pid=,pgid=,stat=,command='], { encoding: 'utf8' });
  return listing.split('\n').flatMap((line) => {
    const [, pid, group, state = 'Z', command = ''] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    return state.startsWith('Z') ? [] : [{ pid: Number(pid), group: Number(group), command }];
  });
}

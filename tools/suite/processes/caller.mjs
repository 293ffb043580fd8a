import { readFileSync } from 'node:fs';

const CHECK_EVERY_MS = 1000;

/**
 * Calls back when the npm that called us has ended. npm starts us through a shell: a signal to npm may end
 * npm and the shell without ever reaching us, and nobody would stop the emulators.
 *
 * @param {() => void} callback
 */
export function whenCallerIsGone(callback) {
  // Called in another way we may be meant to outlive the caller: `nohup node tools/suite/start.mjs &`.
  if (process.env.npm_lifecycle_event === undefined) return;
  const callers = callerIds();
  const timer = setInterval(() => {
    if (callerIds() === callers) return;
    clearInterval(timer);
    callback();
  }, CHECK_EVERY_MS);
  timer.unref();
}

/** Our parent and, where the system tells, its parent: whoever is orphaned gets another one. */
function callerIds() {
  const parent = process.ppid;
  return `${parent} ${process.platform === 'linux' ? parentOf(parent) : ''}`;
}

/** @param {number} pid */
function parentOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is a name in parentheses, which may hold anything.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1];
  } catch {
    return 'gone';
  }
}

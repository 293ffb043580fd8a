import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';

const LINES_THAT_TELL = 25;
const ECHO_INTERVAL_MS = 200;

/** What Firebase prints whether or not all is well, and which would push out the lines that tell. */
const NOISE =
  /^\s*$|^[┌│├└]|Emulator Hub host|Other reserved ports|^Issues\? |will drop support for Java|Emulator UI is not/;

/** @param {string} text of a log */
export function tellingLines(text) {
  const lines = text.split('\n').filter((line) => !NOISE.test(line));
  return lines.slice(-LINES_THAT_TELL).join('\n');
}

/** @param {string} log */
export function readLog(log) {
  return stripVTControlCharacters(readFileSync(log, 'utf8'));
}

/**
 * Repeats on the terminal what is added to the log. The suite writes to the file and not to a pipe of ours,
 * because a pipe breaks when we die, and the suite would not end in good order.
 *
 * @param {string} log
 * @returns {() => void} stops it, after the rest
 */
export function echoLog(log) {
  const file = openSync(log, 'r');
  let position = 0;
  const copy = () => {
    const size = fstatSync(file).size;
    if (size <= position) return;
    const added = Buffer.alloc(size - position);
    position += readSync(file, added, 0, added.length, position);
    process.stderr.write(added);
  };
  const timer = setInterval(copy, ECHO_INTERVAL_MS);
  return () => {
    clearInterval(timer);
    copy();
    closeSync(file);
  };
}

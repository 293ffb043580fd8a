const FRAMES = ['-', '\\', '|', '/'];
const FRAME_MS = 120;
const PLAIN_LINE_MS = 15_000;

/**
 * Shows that a long step is alive: one line that counts seconds on a terminal, a line now and then
 * in a log. Goes to stderr, so that what a command prints stays clean for pipes.
 *
 * @template T
 * @param {string} label
 * @param {() => Promise<T>} work
 * @param {NodeJS.WriteStream} [stream]
 * @returns {Promise<T>}
 */
export async function withProgress(label, work, stream = process.stderr) {
  const started = Date.now();
  const seconds = () => `${Math.round((Date.now() - started) / 1000)} s`;
  const line = isInteractive(stream) ? spinningLine(stream, label, seconds) : plainLines(stream, label, seconds);
  try {
    const result = await work();
    line.end(`${label}: done in ${seconds()}`);
    return result;
  } catch (error) {
    line.end(`${label}: failed after ${seconds()}`);
    throw error;
  }
}

/** @param {NodeJS.WriteStream} stream */
function isInteractive(stream) {
  return stream.isTTY && process.env.TERM !== 'dumb' && !process.env.NO_COLOR && !process.env.CI;
}

/**
 * @param {NodeJS.WriteStream} stream
 * @param {string} label
 * @param {() => string} seconds
 */
function spinningLine(stream, label, seconds) {
  let frame = 0;
  const draw = () => stream.write(`\r${FRAMES[frame++ % FRAMES.length]} ${label} … ${seconds()} `);
  const timer = setInterval(draw, FRAME_MS);
  draw();
  return {
    /** @param {string} summary */
    end(summary) {
      clearInterval(timer);
      stream.write(`\r${summary.padEnd(label.length + 16)}\n`);
    },
  };
}

/**
 * @param {NodeJS.WriteStream} stream
 * @param {string} label
 * @param {() => string} seconds
 */
function plainLines(stream, label, seconds) {
  stream.write(`${label} …\n`);
  const timer = setInterval(() => stream.write(`${label} … ${seconds()}\n`), PLAIN_LINE_MS);
  return {
    /** @param {string} summary */
    end(summary) {
      clearInterval(timer);
      stream.write(`${summary}\n`);
    },
  };
}

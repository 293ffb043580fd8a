import { Refusal } from '../processes/refusal.mjs';

const LEAST_NODE = 20;

/**
 * @param {string} [version] like `20.11.1`
 * @param {string} [platform]
 */
export function requireNode(version = process.versions.node, platform = process.platform) {
  if (Number.parseInt(version, 10) < LEAST_NODE) {
    throw new Refusal(
      `Node ${LEAST_NODE} or newer is needed and this is ${version}: install a current one, then run the same again.`,
    );
  }
  // Process groups and signals are what stops every emulator reliably; Windows has neither.
  if (platform === 'win32') {
    throw new Refusal('The local suite runs on Linux and macOS: on Windows, run the same command inside WSL.');
  }
}

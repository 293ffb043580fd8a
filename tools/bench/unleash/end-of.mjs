/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {string} name for the error when it failed or did not even start
 * @returns {Promise<void>}
 */
export function endOf(child, name) {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) =>
      code === 0 ? resolve() : reject(new Error(`${name} ended with ${code ?? signal}`)),
    );
  });
}

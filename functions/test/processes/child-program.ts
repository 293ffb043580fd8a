/** How TypeScript of ours becomes a program of plain Node, for tests that need processes of their own: to kill, or to race. */
import type { BuildOptions } from 'esbuild';

/** Everything but the largest libraries is in it: a package of ours is TypeScript, which Node could not load. */
export const CHILD_PROGRAM = {
  bundle: true,
  conditions: ['@muster/source', 'module'],
  external: ['@google-cloud/firestore', 'firebase-admin'],
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  logLevel: 'error',
} as const satisfies BuildOptions;

import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';

export const ROOT = resolve(__dirname, '../../..');

/** What is uploaded, but for the bundle that the build writes into it. */
export const DEPLOYED = join(ROOT, 'functions/deploy');

/**
 * Bundles the functions as a deploy does, to a place that no running suite reads. `named` is what MUSTER_NAMED_CALLABLES says:
 * "false" leaves the named callables out.
 */
export const bundleTo = (file: string, named = ''): void => {
  const bundle = new URL(`file://${join(ROOT, 'tools/suite/building/bundle.mjs')}`).href;
  const script = `import(${JSON.stringify(bundle)}).then(({ bundleFunctions }) => bundleFunctions(${JSON.stringify(file)}))`;
  execFileSync(process.execPath, ['-e', script], {
    stdio: 'pipe',
    env: { ...process.env, MUSTER_NAMED_CALLABLES: named },
  });
};

import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';

export const ROOT = resolve(__dirname, '../../..');

/** What is uploaded, but for the bundle that the build writes into it. */
export const DEPLOYED = join(ROOT, 'functions/deploy');

/** Bundles the functions as a deploy does, to a place that no running suite reads. */
export const bundleTo = (file: string): void => {
  const bundle = new URL(`file://${join(ROOT, 'tools/suite/bundle.mjs')}`).href;
  const script = `import(${JSON.stringify(bundle)}).then(({ bundleFunctions }) => bundleFunctions(${JSON.stringify(file)}))`;
  execFileSync(process.execPath, ['-e', script], { stdio: 'pipe' });
};

/** What firebase-tools would learn of the bundle before it plans a deploy. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleTo, ROOT } from './deploy-folder';

interface Endpoint {
  entryPoint: string;
  platform: string;
  region: string[];
  maxInstances: number;
  availableMemoryMb: number;
  timeoutSeconds: number;
  callableTrigger?: object;
  httpsTrigger?: object;
  secretEnvironmentVariables?: { key: string }[];
  scheduleTrigger?: { schedule: string; timeZone: string; retryConfig: { retryCount: number } };
  [more: string]: unknown;
}
/** What the SDK's discovery says of a bundle. */
export interface Manifest {
  endpoints: Record<string, Endpoint>;
  params: { name: string; type: string; default?: unknown }[];
  requiredAPIs: { api: string }[];
}

/** As the Firebase CLI does it: bundle, start the SDK's own discovery in an empty environment, read what it says. */
export const discovered = async (named: string): Promise<Manifest> => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-manifest-'));
  try {
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'bundle', main: 'index.js' }));
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    bundleTo(join(folder, 'index.js'), named);
    const written = join(folder, 'functions.json');
    await finished(
      spawn(process.execPath, [join(ROOT, 'node_modules/firebase-functions/lib/bin/firebase-functions.js'), folder], {
        cwd: folder,
        env: {
          PATH: process.env['PATH'],
          GCLOUD_PROJECT: 'demo-manifest',
          FUNCTIONS_MANIFEST_OUTPUT_PATH: written,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    );
    return JSON.parse(readFileSync(written, 'utf8')) as Manifest;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const finished = async (child: ChildProcess): Promise<void> => {
  let said = '';
  child.stdout?.on('data', (chunk) => (said += String(chunk)));
  child.stderr?.on('data', (chunk) => (said += String(chunk)));
  const code = await new Promise((done) => child.once('exit', done));
  if (code !== 0) throw new Error(`discovery ended with ${String(code)}: ${said}`);
};

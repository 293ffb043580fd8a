import { totalmem } from 'node:os';
import { join } from 'node:path';

const FUNCTIONS_AT_ONCE = '4';
const JAVA_HEAP_MB = 4096;

/** Would lead the suite, or the functions in it, to a real project or to another suite. */
const LEADS_ELSEWHERE = [
  'GOOGLE_APPLICATION_CREDENTIALS',
  'GOOGLE_CLOUD_PROJECT',
  'GCLOUD_PROJECT',
  'FIREBASE_TOKEN',
  'FIREBASE_CONFIG',
  'FIREBASE_AUTH_EMULATOR_HOST',
  'FIRESTORE_EMULATOR_HOST',
  'FIREBASE_EMULATOR_HUB',
];

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {string} temporary
 * @returns {NodeJS.ProcessEnv}
 */
export function suiteChildEnvironment(env, temporary) {
  const kept = Object.fromEntries(Object.entries(env).filter(([name]) => !LEADS_ELSEWHERE.includes(name)));
  return {
    ...kept,
    TMPDIR: temporary,
    // No account of the user, no question about telemetry, and no refusal to start because a remembered
    // message of the day asks for a newer version than the one that this project is tested with.
    XDG_CONFIG_HOME: join(temporary, 'config'),
    NO_UPDATE_NOTIFIER: '1',
    FIREBASE_CLI_DISABLE_UPDATE_CHECK: '1',
    // Functions tell what they are through a file rather than a port, which another suite could take.
    FIREBASE_FUNCTIONS_DISCOVERY_OUTPUT_PATH: 'true',
    // As deployed: in development, Express answers what it cannot parse with a stack trace.
    NODE_ENV: 'production',
    // One worker process for each request in flight: unbounded, 64 requests take more than 5 GB.
    FUNCTIONS_EMULATOR_PARALLEL: env.FUNCTIONS_EMULATOR_PARALLEL || FUNCTIONS_AT_ONCE,
    // One collector that clears away when it must takes a third of the memory of one that does so beside the work, and two cores have
    // better to do. What the user says comes last, and with Java the last one counts.
    JAVA_TOOL_OPTIONS: `-XX:+UseSerialGC -Xmx${javaHeapMegabytes(totalmem())}m ${env.JAVA_TOOL_OPTIONS ?? ''}`.trim(),
  };
}

/** @param {number} memoryBytes */
export function javaHeapMegabytes(memoryBytes) {
  return Math.min(JAVA_HEAP_MB, Math.floor(memoryBytes / 2 / 1024 / 1024));
}

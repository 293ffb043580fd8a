import type { RolesFrom } from './operations/actor';
import { auditAction } from '@muster/contract/audit/entry';
import { firstWordOf, MUSTER_WORDS } from '@muster/contract/audit/entry';
import { deploymentEnvironment, type DeploymentEnvironment } from '@muster/contract/chaos';

/** Which claims are roles. Whatever is not said clearly is the one that lets fewer in. */
export const rolesFromOf = (said: string): RolesFrom => (said === 'claims' ? 'claims' : 'roster');

/** What MUSTER_ENVIRONMENT says; whatever it does not say clearly is production (law 8). */
export const environmentFrom = (said: string): DeploymentEnvironment =>
  deploymentEnvironment.safeParse(said).data ?? 'production';

/** What MUSTER_AUDIT_NAMESPACES declares. What could hold Muster's own actions, or is no name at all, is not one of them. */
export const namespacesFrom = (said: string): string[] =>
  listIn(said).filter(
    (name) => auditAction.safeParse(name).success && !MUSTER_WORDS.some((own) => own === firstWordOf(name)),
  );

/** What a parameter lists, separated by commas. */
export const listIn = (said: string): string[] =>
  said
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');

/** What the emulator suite signs deliveries with (functions/deploy/.secret.local); everyone can read it. */
export const DEVELOPMENT_DELIVERY_SECRET = 'whsec_bXVzdGVyLWRldmVsb3BtZW50LWtleS1uZXZlci1kZXBsb3llZA==';

/** What the emulator suite signs the log with (functions/deploy/.secret.local); everyone can read it. Its name says so in every tree head. */
export const DEVELOPMENT_LOG_KEY =
  'PRIVATE+KEY+demo-muster.invalid/audit/development+8950b71c+AS0YneIRJQ+Gc44TnKgqXH7VxK7gk9RO1AXyDUQiuYYo';

/** Settings that switch off what Muster relies on. The emulator suite sets them; a deployment must not. */
const UNSAFE = [
  'FIREBASE_DEBUG_MODE',
  'FIREBASE_DEBUG_FEATURES',
  'FIREBASE_AUTH_EMULATOR_HOST',
  'FIRESTORE_EMULATOR_HOST',
  'FIREBASE_EMULATOR_HUB',
];

/**
 * Refuses to start a deployment whose environment would have it accept unverified tokens or talk to an
 * emulator. Cloud Run sets K_CONFIGURATION and the emulator suite does not, so a deployment cannot pass for
 * the suite by setting FUNCTIONS_EMULATOR.
 */
export const refuseUnsafeDeployment = (environment: Record<string, string | undefined>): void => {
  if (environment['K_CONFIGURATION'] === undefined) return;
  const found = [...UNSAFE, 'FUNCTIONS_EMULATOR'].filter((name) => environment[name] !== undefined);
  if (found.length > 0) {
    throw new Error(
      `Muster does not start: ${found.join(', ')} must not be set in a deployment. Remove it from functions/.env* and deploy again.`,
    );
  }
  if (environment['MUSTER_DELIVERY_SECRET']?.includes(DEVELOPMENT_DELIVERY_SECRET)) {
    throw new Error(
      'Muster does not start: MUSTER_DELIVERY_SECRET is the key of the emulator suite, which everyone can read. Set one of your own (docs/connectors.md) and deploy again.',
    );
  }
  if (environment['MUSTER_LOG_KEY']?.includes(DEVELOPMENT_LOG_KEY)) {
    throw new Error(
      'Muster does not start: MUSTER_LOG_KEY is the key of the emulator suite, which everyone can read. Make one of your own (muster audit keygen, docs/operations.md) and deploy again.',
    );
  }
};

import { HOST } from './ports.mjs';

export const PROJECT = 'demo-muster';
export const REGION = 'us-central1';

/** @param {import('./ports.mjs').Ports} ports */
export function addressesOf(ports) {
  const functionsOrigin = `http://${HOST}:${ports.functions}`;
  return {
    hosting: `http://${HOST}:${ports.hosting}`,
    functionsOrigin,
    functions: `${functionsOrigin}/${PROJECT}/${REGION}`,
    firestore: `http://${HOST}:${ports.firestore}`,
    hub: `http://${HOST}:${ports.hub}`,
  };
}

/**
 * The variables by which Firebase's libraries, our command line and other people's tests find the suite.
 *
 * @param {import('./ports.mjs').Ports} ports
 */
export function environmentFor(ports) {
  const addresses = addressesOf(ports);
  return {
    FIREBASE_AUTH_EMULATOR_HOST: `${HOST}:${ports.auth}`,
    FIRESTORE_EMULATOR_HOST: `${HOST}:${ports.firestore}`,
    FIREBASE_EMULATOR_HUB: `${HOST}:${ports.hub}`,
    GCLOUD_PROJECT: PROJECT,
    MUSTER_API_URL: addresses.hosting,
    MUSTER_FUNCTIONS_URL: addresses.functions,
    MUSTER_FUNCTIONS_ORIGIN: addresses.functionsOrigin,
  };
}

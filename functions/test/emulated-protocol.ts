/**
 * What the Functions emulator sets for its workers, for a test that answers callables in its own process: the callable
 * protocol then decodes tokens and leaves verifying them to Muster. Imported before anything of firebase-functions, which
 * looks once, when it is loaded.
 */
process.env['FIREBASE_DEBUG_MODE'] = 'true';
export const EMULATED = JSON.stringify({ skipTokenVerification: true, enableCors: true });
process.env['FIREBASE_DEBUG_FEATURES'] = EMULATED;
// A line for each call, which it takes to be of use to whoever debugs.
console.debug = () => undefined;

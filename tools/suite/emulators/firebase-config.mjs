import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { ROOT } from '../processes/places.mjs';
import { HOST } from './ports.mjs';

/**
 * Writes a copy of `firebase.json` and `firebase.firestore.json` with the ports of this run, beside its log and out of sight of git.
 * The emulators have one Hosting site, so its target is left out.
 *
 * firebase-tools takes the folder of its configuration for the project's folder, and its emulators join
 * the paths of functions and hosting to it (so these must lead out of it again) but refuse that of rules
 * unless it is absolute.
 *
 * @param {{ config: string }} places
 * @param {import('./ports.mjs').Ports} ports
 * @param {Codebase[]} [moreFunctions] run beside ours, never deployed
 * @typedef {{ source: string, configDir?: string, codebase: string, runtime: string }} Codebase
 */
export function writeFirebaseConfig({ config }, ports, moreFunctions = []) {
  const configured = (/** @type {string} */ name) => JSON.parse(readFileSync(join(ROOT, name), 'utf8'));
  const source = { ...configured('firebase.json'), ...configured('firebase.firestore.json') };
  const { target: _target, ...hosting } = source.hosting;
  const fromHere = (/** @type {string} */ path) => relative(dirname(config), join(ROOT, path));
  const generated = {
    ...source,
    functions: [...source.functions, ...moreFunctions].map((/** @type {Codebase} */ codebase) => ({
      ...codebase,
      source: fromHere(codebase.source),
      ...(codebase.configDir === undefined ? {} : { configDir: fromHere(codebase.configDir) }),
    })),
    firestore: {
      ...source.firestore,
      rules: join(ROOT, source.firestore.rules),
      indexes: join(ROOT, source.firestore.indexes),
    },
    hosting: { ...hosting, public: fromHere(hosting.public) },
    emulators: emulatorsSection(ports),
  };
  mkdirSync(dirname(config), { recursive: true });
  writeFileSync(config, JSON.stringify(generated, null, 2));
}

/** @param {import('./ports.mjs').Ports} ports */
function emulatorsSection(ports) {
  const at = (/** @type {number} */ port) => ({ host: HOST, port });
  return {
    auth: at(ports.auth),
    functions: at(ports.functions),
    firestore: { ...at(ports.firestore), websocketPort: ports.firestoreWebsocket },
    hosting: at(ports.hosting),
    hub: at(ports.hub),
    logging: at(ports.logging),
    eventarc: at(ports.eventarc),
    tasks: at(ports.tasks),
    ui: { enabled: false },
    // Tests keep out of each other's way by using a project of their own in the same Firestore.
    singleProjectMode: false,
  };
}

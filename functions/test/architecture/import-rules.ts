/**
 * "Imports that must not exist" of the design, as rules over a list of files.
 *
 * Pure of Firebase are `contract/` and the whole of `features/`: Firebase stops at the edge, the named files of the
 * platform and the three at the root that wire it. So a decision cannot come near it even through an operation.
 */
import { dirname, join } from 'node:path/posix';
import type { Import, SourceFile } from './source-file';

const SRC = 'functions/src/';
const GUARD = 'guard/src/';
const CHAOS = 'chaos/src/';
const TLOG = 'tlog/src/';
const isSource = (path: string): boolean => [SRC, GUARD, CHAOS, TLOG].some((folder) => path.startsWith(folder));
const FIREBASE = /^(?:firebase(?:$|[-/])|@firebase\/|@google-cloud\/|googleapis)/u;

/** Files, processes, the network. */
const MACHINE = /^(?:node:)?(?:fs|child_process|http|https|http2|net|tls|dgram|dns|os|process|worker_threads)(?:\/|$)/u;

/** The edge: what may name Firebase at all. */
export const EDGE = [
  ...[
    'compose.ts',
    'index.ts',
    'platform/callable.ts',
    'platform/identity-verifier.ts',
    'platform/job.ts',
    'platform/params.ts',
    'platform/staff-directory.ts',
  ].map((name) => SRC + name),
  ...[
    'create-guard.ts',
    'firebase-endpoint.ts',
    'firestore-source.ts',
    'policy-feed.ts',
    'sdk-values.ts',
    'transaction-protocol.ts',
  ].map((name) => GUARD + name),
];

/** Who may ask the machine: each wraps what it takes, or wires it. */
export const AMBIENT_ALLOWED: Record<string, readonly string[]> = {
  // The time that a simulated outside system takes.
  [`${SRC}compose.ts`]: ['process', 'setTimeout'],
  [`${SRC}platform/outbound.ts`]: ['node:https', 'node:dns/promises', 'setTimeout'],
  // What an address looks like; nothing is asked.
  [`${SRC}platform/caller-address.ts`]: ['node:net'],
  [`${SRC}index.ts`]: ['process'],
  [`${GUARD}clock.ts`]: ['new Date()'],
  [`${GUARD}rest-channel.ts`]: ['node:http', 'node:https'],
  [`${GUARD}create-guard.ts`]: ['process', 'setInterval'],
  // The deadline of a read; nothing is decided by it.
  [`${GUARD}firestore-source.ts`]: ['setTimeout'],
};

/**
 * Files of one feature that another may import: readers, how an audit entry is made, how what an experiment has left is
 * undone, and the one switch that the canary sets.
 */
const OPEN_TO_OTHERS = /(?:-reader|^append-entry|^scope-undoing|^canary-switch)\.ts$/u;

export type Violation = `${string}: ${string}`;

export const violationsIn = (files: readonly SourceFile[]): Violation[] => {
  const paths = new Set(files.map(({ path }) => path));
  return [
    ...files.flatMap((file) => [
      ...file.imports.flatMap((one) => badImport(file.path, one, paths)),
      ...badAmbient(file),
    ]),
    ...reachingFirebase(files, paths),
    ...cyclesIn(files, paths),
  ];
};

const badImport = (path: string, one: Import, paths: ReadonlySet<string>): Violation[] => {
  const target = resolved(path, one.specifier, paths);
  const says = (problem: string): Violation[] => [`${path}: ${problem} (${one.specifier})`];
  const [from, to] = [areaOf(path), areaOf(target)];

  if (isSource(path) && FIREBASE.test(one.specifier) && !EDGE.includes(path)) return says('names Firebase');
  if (isSource(path) && MACHINE.test(one.specifier) && !AMBIENT_ALLOWED[path]?.includes(one.specifier)) {
    return says('asks the machine');
  }
  if (from.kind === 'platform' && to.kind === 'feature') return says('platform imports a feature');
  if (from.kind === 'guard' && target.startsWith('functions/') && to.kind !== 'contract') {
    return says('the guard imports more than the contract');
  }
  if (from.kind === 'contract' && to.kind === 'guard') return says('contract imports more than the contract');
  if (from.kind === 'contract' && path.startsWith(SRC) && target.startsWith(SRC) && to.kind !== 'contract') {
    return says('contract imports more than the contract');
  }
  if (path.startsWith(TLOG) && /^(?:functions|guard|chaos|cli)\//u.test(target))
    return says('the log imports more than itself');
  if (path.startsWith(TLOG) && one.specifier.startsWith('node:') && path !== `${TLOG}crypto.ts`)
    return says('the log asks for Node');
  if (from.kind === 'feature' && to.kind === 'root') return says('a feature imports what wires it');
  if (from.kind === 'feature' && to.kind === 'feature' && from.name !== to.name) {
    const name = target.slice(target.lastIndexOf('/') + 1);
    if (!OPEN_TO_OTHERS.test(name)) return says('a feature imports another');
  }
  if (from.kind === 'client' && (to.kind === 'guard' || (target.startsWith('functions/') && to.kind !== 'contract'))) {
    return says('a client imports more than the contract');
  }
  if (!isTest(path) && isTest(target)) return says('source imports a test');
  return [];
};

const badAmbient = ({ path, ambient }: SourceFile): Violation[] =>
  isSource(path)
    ? ambient.filter((name) => !AMBIENT_ALLOWED[path]?.includes(name)).map((name): Violation => `${path}: uses ${name}`)
    : [];

/** By what is loaded at run time, no file of the contract or of a feature leads to a file that names Firebase. */
const reachingFirebase = (files: readonly SourceFile[], paths: ReadonlySet<string>): Violation[] => {
  const graph = graphOf(files, paths, ({ typeOnly }) => !typeOnly);
  const names = new Set(
    files
      .filter((file) => file.imports.some((one) => !one.typeOnly && FIREBASE.test(one.specifier)))
      .map(({ path }) => path),
  );
  return files
    .map(({ path }) => path)
    .filter((path) => ['contract', 'feature'].includes(areaOf(path).kind))
    .flatMap((path) => {
      const edge = [...reachedFrom(path, graph)].find((reached) => names.has(reached));
      return edge ? [`${path}: reaches Firebase (${edge})` as const] : [];
    });
};

/** A file that leads back to itself at run time. Types may: they are gone by then. */
const cyclesIn = (files: readonly SourceFile[], paths: ReadonlySet<string>): Violation[] => {
  const graph = graphOf(files, paths, ({ typeOnly }) => !typeOnly);
  return files
    .filter(({ path }) => (graph.get(path) ?? []).some((next) => next === path || reachedFrom(next, graph).has(path)))
    .map(({ path }): Violation => `${path}: is part of a cycle`);
};

type Graph = ReadonlyMap<string, readonly string[]>;

const graphOf = (files: readonly SourceFile[], paths: ReadonlySet<string>, counts: (one: Import) => boolean): Graph =>
  new Map(
    files.map(({ path, imports }) => [
      path,
      imports.filter(counts).map(({ specifier }) => resolved(path, specifier, paths)),
    ]),
  );

const reachedFrom = (start: string, graph: Graph): Set<string> => {
  const reached = new Set<string>();
  const next = [start];
  for (let path = next.pop(); path !== undefined; path = next.pop()) {
    for (const one of graph.get(path) ?? []) {
      if (reached.has(one)) continue;
      reached.add(one);
      next.push(one);
    }
  }
  return reached;
};

/** The file that a specifier means; a package keeps its name, a path that is not there its place. */
const resolved = (path: string, specifier: string, paths: ReadonlySet<string>): string => {
  if (specifier.startsWith('@muster/functions')) return join('functions', specifier.slice('@muster/functions'.length));
  if (!specifier.startsWith('.')) return specifier;
  const place = join(dirname(path), specifier);
  const meant = [place, `${place}.ts`, `${place}/index.ts`, place.replace(/\.js$/u, '.ts')];
  return meant.find((one) => paths.has(one)) ?? place;
};

const areaOf = (path: string): { kind: string; name?: string } => {
  if (/^(?:cli|web|chaos)\//u.test(path)) return { kind: 'client' };
  if (path.startsWith(GUARD)) return { kind: 'guard' };
  if (!path.startsWith(SRC)) return { kind: 'outside' };
  const [folder = '', name] = path.slice(SRC.length).split('/');
  if (name === undefined) return folder === 'contract' ? { kind: 'contract' } : { kind: 'root' };
  return folder === 'features' ? { kind: 'feature', name } : { kind: folder };
};

const isTest = (path: string): boolean => /\.test\.ts$|^(?:functions|guard|chaos)\/test\//u.test(path);

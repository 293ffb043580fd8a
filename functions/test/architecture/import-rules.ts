/** The rules of `allowed-imports.ts` over a list of files. A violation says what to do instead. */
import { dirname, join } from 'node:path/posix';
import { AMBIENT_ALLOWED, EDGE, FEATURES, PACKAGES, type FeatureName, type PackageName } from './allowed-imports';
import type { Import, SourceFile } from './source-file';

const FIREBASE = /^(?:firebase(?:$|[-/])|@firebase\/|@google-cloud\/|googleapis)/u;
/** Files, processes, the network. */
const MACHINE = /^(?:node:)?(?:fs|child_process|http|https|http2|net|tls|dgram|dns|os|process|worker_threads)(?:\/|$)/u;
/** Where what comes from the machine comes as an argument. */
const WITHOUT_MACHINE: readonly PackageName[] = ['contract', 'core', 'tlog', 'guard', 'client', 'chaos', 'functions'];

export type Violation = `${string}: ${string}`;

export const violationsIn = (files: readonly SourceFile[]): Violation[] => {
  const paths = new Set(files.map(({ path }) => path));
  return [
    ...files.flatMap((file) => [
      ...file.imports.flatMap((one) =>
        problemsOf(file.path, one, paths).map((says): Violation => `${file.path}: ${says}`),
      ),
      ...badAmbient(file),
    ]),
    ...reachingFirebase(files, paths),
    ...circlesOfFiles(files, paths),
    ...circlesOfFeatures(),
  ];
};

const problemsOf = (path: string, one: Import, paths: ReadonlySet<string>): string[] => {
  const { specifier } = one;
  const target = resolved(path, specifier, paths);
  const [from, to] = [placeOf(path), placeOf(target)];
  const found: string[] = [];
  const says = (problem: string) => found.push(`${problem} (${specifier})`);

  if (FIREBASE.test(specifier) && !EDGE.includes(path))
    says('names Firebase: take it as an argument; who may name it is EDGE in allowed-imports.ts');
  if (
    WITHOUT_MACHINE.includes(from.package) &&
    MACHINE.test(specifier) &&
    !AMBIENT_ALLOWED[path]?.includes(specifier)
  ) {
    says('asks the machine: take it as an argument, or wrap it in an adapter');
  }
  if (from.package === 'tlog' && specifier.startsWith('node:') && path !== 'packages/tlog/src/crypto.ts') {
    says('asks for Node, and the log runs in a browser too: only crypto.ts may, which has a twin for browsers');
  }
  if (specifier.startsWith('.') && (to.package !== from.package || to.outside)) {
    says(`leaves its package by a path: import it by name (@muster/${to.package}/…)`);
  } else if (to.package !== from.package && !to.outside && !mayImport(from.package, to.package)) {
    says(
      `${from.package} may not import ${to.package}: move what both need down, or add the edge to PACKAGES in allowed-imports.ts`,
    );
  }
  if (from.room === 'platform' && to.room === 'features')
    says('platform imports a feature: hand it over in compose.ts or index.ts');
  if (from.room === 'timeline' && to.room !== 'timeline' && to.package === 'functions')
    says('the timeline is pure, and of drills and incidents alike');
  if (from.room === 'features' && to.room === 'root') says('a feature imports what wires it: take it from the context');
  if (from.feature !== undefined && to.feature !== undefined && from.feature !== to.feature) {
    if (!(FEATURES[from.feature as FeatureName] as readonly string[] | undefined)?.includes(to.feature)) {
      says(
        `${from.feature} may not import ${to.feature}: add the edge to FEATURES in allowed-imports.ts if it makes no circle`,
      );
    } else if (!target.includes(`/features/${to.feature}/for-others/`)) {
      says(`reaches into ${to.feature}: what it offers to others stands in its for-others/`);
    }
  }
  if (!isTest(path) && isTest(target)) says('source imports a test');
  return found;
};

const mayImport = (from: PackageName, to: PackageName): boolean =>
  (PACKAGES[from].imports as readonly string[]).includes(to);

const badAmbient = ({ path, ambient }: SourceFile): Violation[] =>
  WITHOUT_MACHINE.includes(placeOf(path).package)
    ? ambient
        .filter((name) => !AMBIENT_ALLOWED[path]?.includes(name))
        .map((name): Violation => `${path}: uses ${name}: take it as an argument`)
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
    .filter((path) => placeOf(path).package === 'contract' || ['features', 'timeline'].includes(placeOf(path).room))
    .flatMap((path) => {
      const edge = [...reachedFrom(path, graph)].find((reached) => names.has(reached));
      return edge ? [`${path}: reaches Firebase (${edge})` as const] : [];
    });
};

/** A file that leads back to itself, be it by types alone: move what both need into a third. */
const circlesOfFiles = (files: readonly SourceFile[], paths: ReadonlySet<string>): Violation[] => {
  const graph = graphOf(files, paths, () => true);
  return files
    .filter(({ path }) => reachedFrom(path, graph).has(path))
    .map(({ path }): Violation => `${path}: is part of a circle: move what both sides need into a third file`);
};

/** The table itself must have no circle. */
const circlesOfFeatures = (): Violation[] => {
  const graph: Graph = new Map(Object.entries(FEATURES));
  return Object.keys(FEATURES)
    .filter((name) => reachedFrom(name, graph).has(name))
    .map((name): Violation => `allowed-imports.ts: the feature ${name} is part of a circle`);
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
  const next = [...(graph.get(start) ?? [])];
  for (let path = next.pop(); path !== undefined; path = next.pop()) {
    if (reached.has(path)) continue;
    reached.add(path);
    next.push(...(graph.get(path) ?? []));
  }
  return reached;
};

/** The file that a specifier means; a package that is not ours keeps its name, a path that is not there its place. */
const resolved = (path: string, specifier: string, paths: ReadonlySet<string>): string => {
  const place = specifier.startsWith('.') ? join(dirname(path), specifier) : placeNamed(specifier);
  if (place === undefined) return specifier;
  const meant = [place, `${place}.ts`, `${place}/index.ts`, place.replace(/\.js$/u, '.ts')];
  return meant.find((one) => paths.has(one)) ?? place;
};

const placeNamed = (specifier: string): string | undefined => {
  const [, name, rest] = /^@muster\/([a-z-]+)(?:\/(.*))?$/u.exec(specifier) ?? [];
  if (name === undefined || !Object.hasOwn(PACKAGES, name)) return undefined;
  const { folder } = PACKAGES[name as PackageName];
  return rest?.startsWith('test/') ? `${folder}/${rest}` : `${folder}/src/${rest ?? 'index'}`;
};

interface Place {
  package: PackageName;
  /** Of no package of ours: a library, or another part of the repository. */
  outside: boolean;
  /** In `functions/src`: platform, timeline, features, or root. */
  room: string;
  feature?: string | undefined;
}

const placeOf = (path: string): Place => {
  const name = (Object.keys(PACKAGES) as PackageName[]).find((one) => path.startsWith(`${PACKAGES[one].folder}/`));
  if (name === undefined) return { package: 'contract', outside: true, room: '' };
  const [, folder, feature] = /^functions\/src\/(?:(\w+)\/)?([\w-]+)?/u.exec(path) ?? [];
  if (!path.startsWith('functions/src/')) return { package: name, outside: false, room: '' };
  return {
    package: name,
    outside: false,
    room: folder ?? 'root',
    feature: folder === 'features' ? feature : undefined,
  };
};

const isTest = (path: string): boolean => /\.test\.ts$|^(?:functions|cli|packages\/\w+)\/test\//u.test(path);

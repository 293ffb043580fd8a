/** What a deploy is packed and planned by; the package brings no types. */
declare module 'firebase-tools/lib/fsAsync' {
  export const readdirRecursive: (asked: { path: string; ignore: string[] }) => Promise<{ name: string }[]>;
}

/** Functions by region and id. */
declare module 'firebase-tools/lib/deploy/functions/backend' {
  export interface Backend {
    endpoints: object;
  }
  export const allEndpoints: (backend: Backend) => { id: string }[];
  export const empty: () => Backend;
}

declare module 'firebase-tools/lib/deploy/functions/runtimes/discovery' {
  export interface Build {
    endpoints: object;
  }
  export const yamlToBuild: (manifest: object, project: string, region: string, runtime: string) => Build;
}

declare module 'firebase-tools/lib/deploy/functions/build' {
  import type { Backend } from 'firebase-tools/lib/deploy/functions/backend';
  import type { Build } from 'firebase-tools/lib/deploy/functions/runtimes/discovery';
  export const toBackend: (build: Build, parameters: object) => Backend;
}

declare module 'firebase-tools/lib/deploy/functions/functionsDeployHelper' {
  import type { Backend } from 'firebase-tools/lib/deploy/functions/backend';
  export interface Filter {
    codebase?: string;
    idChunks?: string[];
  }
  type Codebases = readonly { codebase: string }[];
  export const getEndpointFilters: (options: { only: string }, codebases: Codebases) => Filter[] | undefined;
  export const targetCodebases: (codebases: Codebases, filters: Filter[] | undefined) => string[];
  export const groupEndpointsByCodebase: (
    wanted: Record<string, Backend>,
    standing: readonly object[],
  ) => Record<string, Backend>;
}

declare module 'firebase-tools/lib/deploy/functions/release/planner' {
  import type { Backend } from 'firebase-tools/lib/deploy/functions/backend';
  import type { Filter } from 'firebase-tools/lib/deploy/functions/functionsDeployHelper';
  interface Changes {
    endpointsToCreate: { id: string }[];
    endpointsToUpdate: { endpoint: { id: string } }[];
    endpointsToDelete: { id: string }[];
  }
  export const createDeploymentPlan: (asked: {
    codebase: string;
    filters: Filter[] | undefined;
    wantBackend: Backend;
    haveBackend: Backend;
  }) => Record<string, Changes>;
}

declare module 'firebase-tools/lib/rc' {
  /** What is noted in `.firebaserc`. */
  export interface Noted {
    data: object;
  }
  export const RC: new (path: string, data: { targets: object }) => Noted;
}

declare module 'firebase-tools/lib/hosting/config' {
  import type { Noted } from 'firebase-tools/lib/rc';
  interface Hosting {
    target?: string;
    site?: string;
  }
  export const filterOnly: (configs: Hosting[], only: string) => Hosting[];
  export const resolveTargets: (configs: Hosting[], options: { project: string; rc: Noted }) => Hosting[];
}

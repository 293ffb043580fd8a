/** The house: which package may import which, and which feature which. One table; `imports.test.ts` keeps it. */

/** Where each package stands, and what it may import of the others. */
export const PACKAGES = {
  contract: { folder: 'packages/contract', imports: [] },
  core: { folder: 'packages/core', imports: ['contract'] },
  tlog: { folder: 'packages/tlog', imports: [] },
  guard: { folder: 'packages/guard', imports: ['contract', 'core'] },
  client: { folder: 'packages/client', imports: ['contract'] },
  chaos: { folder: 'packages/chaos', imports: ['contract', 'client'] },
  functions: { folder: 'functions', imports: ['contract', 'core', 'guard', 'tlog'] },
  cli: { folder: 'cli', imports: ['contract', 'client', 'chaos', 'tlog'] },
  console: { folder: 'web/console', imports: ['contract', 'client', 'tlog'] },
  verify: { folder: 'web/verify', imports: ['tlog'] },
} as const satisfies Record<string, { folder: string; imports: readonly string[] }>;
export type PackageName = keyof typeof PACKAGES;

/** Which feature may import which others, each through their `for-others/` alone. Without a circle. */
export const FEATURES = {
  audit: [],
  scenarios: [],
  incidents: [],
  delegations: [],
  sessions: [],
  staff: [],
  proposals: [],
  policy: ['incidents'],
  exemptions: ['policy'],
  connectors: ['policy'],
  drills: ['scenarios', 'audit'],
  chaos: ['connectors', 'delegations', 'drills', 'policy'],
  posture: ['policy'],
} as const satisfies Record<string, readonly string[]>;
export type FeatureName = keyof typeof FEATURES;

/** The edge: what may name Firebase at all. */
export const EDGE = [
  'cli/src/bootstrap/bootstrap.ts',
  'cli/src/bootstrap/operator.ts',
  'functions/src/compose.ts',
  'functions/src/index.ts',
  'functions/src/platform/adapters/app-check.ts',
  'functions/src/platform/adapters/identity-verifier.ts',
  'functions/src/platform/adapters/staff-directory.ts',
  'functions/src/platform/params.ts',
  'functions/src/platform/transport/callable.ts',
  'functions/src/platform/transport/named-callables.ts',
  'functions/src/platform/transport/door.ts',
  'functions/src/platform/transport/scheduled.ts',
  'packages/core/src/storage/firebase-endpoint.ts',
  'packages/core/src/storage/firestore-source.ts',
  'packages/core/src/storage/sdk-values.ts',
  'packages/core/src/storage/transaction-protocol.ts',
  'packages/guard/src/create-guard.ts',
  'packages/guard/src/https.ts',
  'packages/guard/src/policy-feed.ts',
];

/** Who may ask the machine: each wraps what it takes, or wires it. */
export const AMBIENT_ALLOWED: Record<string, readonly string[]> = {
  // The time that a simulated outside system takes; the hub of an emulator suite.
  'functions/src/compose.ts': ['process', 'setTimeout', 'fetch'],
  'functions/src/index.ts': ['process'],
  'functions/src/platform/adapters/outbound.ts': ['node:https', 'node:dns/promises', 'setTimeout'],
  // What an address looks like; nothing is asked.
  'functions/src/platform/transport/caller-address.ts': ['node:net'],
  // The type of what is handed over.
  'packages/client/src/machine.ts': ['fetch'],
  'packages/core/src/clock.ts': ['new Date()'],
  // The deadline of a read; nothing is decided by it.
  'packages/core/src/storage/firestore-source.ts': ['setTimeout'],
  'packages/core/src/storage/rest-channel.ts': ['node:http', 'node:https'],
  'packages/guard/src/create-guard.ts': ['process', 'setInterval'],
};

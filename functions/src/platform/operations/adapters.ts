/** All that operations and jobs may use. Nothing is ambient: no clock, no database, no environment. */
import type { DeploymentEnvironment } from '@muster/contract/chaos';
import type { Salts } from '@muster/core/audit/salts';
import type { AppendEntry } from '@muster/core/audit/audit-draft';
import type { Clock } from '@muster/core/clock';
import type { Ids } from '@muster/core/ids';
import type { Log } from '@muster/core/log';
import type { Cost } from '@muster/core/meter';
import type { Store } from '@muster/core/storage/store';
import type { RefusalCounter } from '@muster/guard/refusal-counter';
import type { Courier } from '../adapters/courier';
import type { LogSigner } from '../adapters/log-signer';
import type { Outbound } from '../adapters/outbound';
import type { StaffDirectory } from '../adapters/staff-directory';
import type { RolesFrom } from './actor';
import type { WritePaths } from '../adapters/write-paths';

/**
 * The one list. What a decision, a read, a job may use of it is `Pick`ed where that is defined, so that one more adapter
 * is a line here and a line in `compose.ts`.
 */
export interface Adapters {
  clock: Clock;
  ids: Ids;
  log: Log;
  store: Store;
  appendEntry: AppendEntry;
  directory: StaffDirectory;
  limits: Limits;
  /** What this project is: chaos runs only where it is not production. */
  environment: DeploymentEnvironment;
  refusals: RefusalCounter;
  perInstance: PerInstance;
  outbound: Outbound;
  /** For whoever tries whether they close. */
  writePaths: WritePaths;
  /** Takes queued writes to their receivers; throws when it has no key to sign them with. */
  courier: () => Courier;
  /** Signs the heads of the audit log; throws when it has no key. */
  signer: () => LogSigner;
  salts: Salts;
  /** Waits; a test goes on at once. */
  wait: (ms: number) => Promise<void>;
  /** Does something after the answer, again and again until it does not throw, within reason. */
  background(what: string, task: () => Promise<void>): void;
  /** Told what each call and each run cost; tests compare it with the declared budget. */
  onCost?: (operation: string, spent: Cost) => void;
}

/** Limits that the deployment's parameters set. */
export interface Limits {
  /** A running drill is overdue after this many milliseconds. */
  maxDrillMs: number;
  /** Whether ending a kill switch, and approving a proposal of one's own, takes a second person. */
  twoPersons: boolean;
  /** Domains of verified e-mail addresses whose accounts may propose, and delegate for that, without a role. */
  identityDomains: readonly string[];
  /** Which claims are roles: all that a token carries, or those that Muster granted. */
  rolesFrom: RolesFrom;
  /** Whether accounts that nobody signed in to are answered at all. */
  anonymous: boolean;
  /** Audit entries are kept for so many days. */
  retentionDays: number;
  /** The witnesses whose cosignatures are taken: verifier keys, separated by spaces. */
  witnessKeys: string;
  /** What actions of the product's own entries may begin with; never one of Muster's words. */
  auditNamespaces: readonly string[];
}

/** What a feature keeps in this process between calls: made when it is first asked for, and the same from then on. */
export type PerInstance = <T>(make: (ids: Ids) => T) => T;

export const stateOfInstance = (ids: Ids): PerInstance => {
  const made = new Map<unknown, unknown>();
  return <T>(make: (ids: Ids) => T): T => {
    if (!made.has(make)) made.set(make, make(ids));
    return made.get(make) as T;
  };
};

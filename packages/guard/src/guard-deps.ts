import type { Catalog } from '@muster/contract/capabilities';
import type { Clock } from '@muster/core/clock';
import type { Ids } from '@muster/core/ids';
import type { Log } from '@muster/core/log';
import type { Store } from '@muster/core/storage/store';
import type { WorkSource } from '@muster/core/storage/work';
import type { PolicyFeed } from './policy-feed';
import type { RefusalCounter } from './refusal-counter';

/** What a guard needs; `createGuard` wires it for a Firebase project. */
export interface GuardDeps {
  store: Store;
  /** Reads documents with their versions, for what is kept in memory. */
  source: Pick<WorkSource, 'fetch'>;
  feed: PolicyFeed;
  clock: Clock;
  ids: Ids;
  log: Log;
  refusals: RefusalCounter;
  /** The product's own capabilities; a name that it shares with Muster's is the product's. */
  catalog?: Catalog | undefined;
  /** Milliseconds that an answer from memory is never older than; 30,000 unless set. */
  cacheBoundMs?: number | undefined;
  /** Calls `task` every `ms` until it is stopped, and keeps no process alive for that. */
  every(ms: number, task: () => void): () => void;
}

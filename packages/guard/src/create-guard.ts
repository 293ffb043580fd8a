import type { App } from 'firebase-admin/app';
import { getFirestore } from 'firebase-admin/firestore';
import type { Catalog } from '@muster/contract/capabilities';
import { appendEntry } from '@muster/core/audit/append-entry';
import { systemClock } from '@muster/core/clock';
import { firestoreEndpoint } from '@muster/core/storage/firebase-endpoint';
import { firestoreSource } from '@muster/core/storage/firestore-source';
import { guardOver, type Guard } from './guard';
import { randomIds } from '@muster/core/ids';
import { cloudLog, type Log } from '@muster/core/log';
import { firestoreFeed } from './policy-feed';
import { refusalCounter } from './refusal-counter';
import { storeOver } from '@muster/core/storage/store';
import { transactionProtocol } from '@muster/core/storage/transaction-protocol';
import { verifyProtocol } from '@muster/core/storage/verify-protocol';

export interface GuardOptions {
  /** The product's own app, with credentials that may read and write Firestore. */
  app: App;
  /** The product's own capabilities and their classes, by name; `<id>` stands for any one word. */
  catalog?: Catalog;
  /** Milliseconds that an answer of `cached` is never older than; 30,000 unless set. */
  cacheBoundMs?: number;
  /** As MUSTER_COMMIT_PROTOCOL of the backend (docs/adr/0002); `verify` unless set. */
  commitProtocol?: 'verify' | 'transaction';
  /** JSON lines to standard output unless set. */
  log?: Log;
}

/** A guard for a product's own functions, in the project where Muster is deployed. One for a process is enough. */
export const createGuard = ({ app, catalog, cacheBoundMs, commitProtocol = 'verify', log }: GuardOptions): Guard => {
  const firestore = getFirestore(app);
  const protocol =
    commitProtocol === 'verify'
      ? verifyProtocol(firestoreEndpoint(app, process.env), () => firestoreSource(firestore))
      : transactionProtocol(firestore);
  const store = storeOver(protocol);
  const written = log ?? cloudLog((line) => process.stdout.write(`${line}\n`));
  return guardOver({
    store,
    source: protocol.source,
    feed: firestoreFeed(firestore),
    clock: systemClock,
    ids: randomIds,
    log: written,
    refusals: refusalCounter({ store, appendEntry, log: written }),
    catalog,
    cacheBoundMs,
    every(ms, task) {
      const timer = setInterval(task, ms);
      timer.unref();
      return () => clearInterval(timer);
    },
  });
};

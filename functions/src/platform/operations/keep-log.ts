import { isLogKeeping } from '@muster/core/storage/append-only';
import type { Meter } from '@muster/core/meter';
import type { Store } from '@muster/core/storage/store';
import type { Work } from '@muster/core/storage/work';

/**
 * Commits what keeps the audit log: its head and tiles, the place and the end of entries. The one commit without an audit
 * entry, because an entry about sealing would itself have to be sealed, for ever; the signed head is its record. Nothing else
 * gets through here.
 */
export const keepLog = <T>(store: Store, meter: Meter, decide: (work: Work) => Promise<T>): Promise<T> =>
  store.change(meter, async (work) => {
    const result = await decide(work);
    const foreign = work.staged.find((write) => !isLogKeeping(write));
    if (foreign) throw new Error(`${foreign.path} is written without an audit entry`);
    return result;
  });

export type KeepLog = <T>(decide: (work: Work) => Promise<T>) => Promise<T>;

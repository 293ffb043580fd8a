import { isLogKeeping } from '../../../guard/src/append-only';
import type { Meter } from '../../../guard/src/meter';
import type { Store } from '../../../guard/src/store';
import type { Work } from '../../../guard/src/work';

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

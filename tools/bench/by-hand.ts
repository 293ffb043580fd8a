/** The same documents, written by hand with the server SDK: what Muster's operations are measured against. */
import { randomBytes } from 'node:crypto';
import type { Firestore } from '@google-cloud/firestore';

const id = (prefix: string): string => `${prefix}_${randomBytes(10).toString('hex')}`;

export interface HandWritten {
  path: string;
  data: Record<string, unknown>;
}

/** Documents of an operation, copied once from what the operation itself stored, under new ids each time. */
export const copies =
  (drill: Record<string, unknown>, event: Record<string, unknown>, entry: Record<string, unknown>) =>
  (drillId = id('drl')): HandWritten[] => [
    { path: `muster_drills/${drillId}`, data: drill },
    { path: `muster_drills/${drillId}/muster_events/${id('evt')}`, data: event },
    { path: `muster_audit/${id('aud')}`, data: entry },
  ];

/** Reads what the operation reads, then commits: no guard, so it may be outrun by a kill. */
export const readThenBatch = async (firestore: Firestore, reads: string[], writes: HandWritten[]): Promise<void> => {
  await firestore.getAll(...reads.map((path) => firestore.doc(path)));
  const batch = firestore.batch();
  for (const { path, data } of writes) batch.set(firestore.doc(path), data);
  await batch.commit();
};

/** The same in a server transaction: safe, at the price of locks. */
export const inTransaction = (firestore: Firestore, reads: string[], writes: HandWritten[]): Promise<void> =>
  firestore.runTransaction(async (transaction) => {
    await transaction.getAll(...reads.map((path) => firestore.doc(path)));
    for (const { path, data } of writes) transaction.set(firestore.doc(path), data);
  });

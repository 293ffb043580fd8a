import type { Firestore } from '@google-cloud/firestore';
import { toSnapshot } from '@muster/core/storage/firestore-source';
import { paths } from '@muster/core/storage/paths';
import type { Snapshot } from '@muster/core/storage/work';

/** Tells of every change of the policy as it happens, until it is stopped. */
export type PolicyFeed = (onPolicy: (policy: Snapshot) => void, onFailure: (error: unknown) => void) => () => void;

/** Firestore's own listener: one read for each change. It may fall silent without a word, so nobody relies on it alone. */
export const firestoreFeed =
  (firestore: Firestore): PolicyFeed =>
  (onPolicy, onFailure) =>
    firestore.doc(paths.policy()).onSnapshot((snapshot) => onPolicy(toSnapshot(snapshot)), onFailure);

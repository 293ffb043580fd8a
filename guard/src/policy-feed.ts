import type { Firestore } from '@google-cloud/firestore';
import { toSnapshot } from './firestore-source';
import { paths } from './paths';
import type { Snapshot } from './work';

/** Tells of every change of the policy as it happens, until it is stopped. */
export type PolicyFeed = (onPolicy: (policy: Snapshot) => void, onFailure: (error: unknown) => void) => () => void;

/** Firestore's own listener: one read for each change. It may fall silent without a word, so nobody relies on it alone. */
export const firestoreFeed =
  (firestore: Firestore): PolicyFeed =>
  (onPolicy, onFailure) =>
    firestore.doc(paths.policy()).onSnapshot((snapshot) => onPolicy(toSnapshot(snapshot)), onFailure);

/** What was written after a restriction was acknowledged, by the clock of the database alone. */
import type { Firestore, Timestamp } from '@google-cloud/firestore';
import { setTimeout as sleep } from 'node:timers/promises';
import { startWriter, type WriterOptions } from './writer';

export interface Slip {
  /** Writes that were committed after the acknowledgment. */
  count: number;
  /** Milliseconds from the acknowledgment to the last of them; 0 when there was none. */
  lastMs: number;
  /** Writes per second while they were allowed. */
  rate: number;
  evaluationMicroseconds: number;
}

export interface SlipOptions extends Omit<WriterOptions, 'collection'> {
  /** Makes the gate allow; resolves when a worker that starts now is allowed. */
  allow(): Promise<void>;
  /** Makes the gate deny; resolves with the acknowledgment. */
  deny(): Promise<void>;
  /** How long the worker writes before. */
  afterMs: number;
  /** More than any gate needs to notice. */
  limitMs: number;
}

const WORKER_START_MS = 30_000;

/**
 * One worker, one denial. The acknowledgment is dated by a document that is committed right after it, so that
 * both times come from one clock; what was committed in the milliseconds between is not counted, in favor of
 * the gate.
 */
export const slipThrough = async (firestore: Firestore, run: string, options: SlipOptions): Promise<Slip> => {
  const collection = `${run}-writes`;
  await options.allow();
  const writer = startWriter({ ...options, collection });
  try {
    await writer.told(true, WORKER_START_MS);
    await sleep(options.afterMs);
    await options.deny();
    const { writeTime } = await firestore.collection(`${run}-acknowledged`).doc().create({});
    await writer.told(false, options.limitMs);
    const { docs } = await firestore.collection(collection).get();
    const commits = docs.map(({ createTime }) => milliseconds(createTime));
    return { ...slipsAmong(commits, milliseconds(writeTime)), evaluationMicroseconds: writer.evaluationMicroseconds() };
  } finally {
    await writer.stop();
  }
};

/** Microseconds are what Firestore stores; a double holds them exactly enough for this century. */
const milliseconds = ({ seconds, nanoseconds }: Timestamp): number => seconds * 1_000 + nanoseconds / 1_000_000;

export const slipsAmong = (
  commits: readonly number[],
  acknowledged: number,
): { count: number; lastMs: number; rate: number } => {
  const [first, last] = [Math.min(...commits), Math.max(...commits)];
  return {
    count: commits.filter((commit) => commit > acknowledged).length,
    lastMs: Math.max(0, last - acknowledged),
    rate: ((commits.length - 1) / (last - first)) * 1_000,
  };
};

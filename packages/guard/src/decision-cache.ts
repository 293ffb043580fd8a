import type { DocumentAddress } from '@muster/core/storage/documents';
import type { Look } from './decision';
import { paths } from '@muster/core/storage/paths';
import type { Snapshot } from '@muster/core/storage/work';

interface Known {
  /** As stored; undefined when there is no such document. */
  data: unknown;
  version: string | undefined;
  /** When the database was last known to say so, in milliseconds of the clock. */
  at: number;
}

/** Documents kept beside the policy, the least recently confirmed dropped first. */
const MOST_DOCUMENTS = 1_000;

/**
 * The documents that decisions rest on, in memory, each with the time at which the database last said so. Answers
 * nothing that is older than the bound.
 */
export class DecisionCache {
  readonly #known = new Map<string, Known>();
  readonly #boundMs: number;

  constructor(boundMs: number) {
    this.#boundMs = boundMs;
  }

  /** What the database answered to a question that was asked at `at`; what is older than what is known is left out. */
  answered(snapshot: Snapshot, at: number): void {
    const before = this.#known.get(snapshot.path);
    const version = comparable(snapshot.version);
    if (before && isOutrun(version, at, before)) return;
    this.#remember({ ...snapshot, version }, at);
  }

  /**
   * What a listener that began at `since` tells, in the order in which it happened; it may have been long on its way. That
   * there is no document is believed at once, because no policy denies.
   */
  told(snapshot: Snapshot, since: number): void {
    const before = this.#known.get(snapshot.path);
    const version = comparable(snapshot.version);
    if (before && isNewer(before.version, version)) return;
    this.#remember({ ...snapshot, version }, since);
  }

  /** Milliseconds since the oldest of these was confirmed, or undefined when one is not known within the bound. */
  ageOf(addresses: readonly DocumentAddress<unknown>[], now: number): number | undefined {
    let age = 0;
    for (const { path } of addresses) {
      const known = this.#known.get(path);
      if (!known || now - known.at > this.#boundMs) return undefined;
      // The clock was set back: how old this is, nobody knows.
      if (known.at > now) {
        this.#known.delete(path);
        return undefined;
      }
      age = Math.max(age, now - known.at);
    }
    return age;
  }

  readonly look: Look = ({ path }) => this.#known.get(path)?.data;

  #remember({ path, data, version }: Snapshot, at: number): void {
    const before = this.#known.get(path);
    this.#known.delete(path);
    this.#known.set(path, {
      // The same version stays the same object, which was looked at already.
      data: before && before.version === version ? before.data : data,
      version,
      // What is newer held no earlier than what it follows.
      at: Math.max(at, before?.at ?? at),
    });
    if (this.#known.size > MOST_DOCUMENTS) this.#forgetOldest();
  }

  #forgetOldest(): void {
    for (const path of this.#known.keys()) {
      if (path === paths.policy()) continue;
      this.#known.delete(path);
      return;
    }
  }
}

/**
 * Whether an answer may be older than what is known. Versions tell; where there is no document there is none, and the
 * times of asking must: in doubt a document stays, because what a missing one means is that nothing was revoked.
 */
const isOutrun = (version: string | undefined, at: number, before: Known): boolean => {
  if (version === undefined && before.version !== undefined) return at <= before.at;
  if (version !== undefined && before.version === undefined) return at < before.at;
  return isNewer(before.version, version);
};

const isNewer = (one: string | undefined, other: string | undefined): boolean =>
  one !== undefined && other !== undefined && one > other;

/**
 * Versions are commit times. A read gives their fractions with as many digits as they need, a listener with nine: the
 * same version must not seem older where it is shorter, or it would never be confirmed.
 */
const comparable = (version: string | undefined): string | undefined => {
  if (version === undefined) return undefined;
  const [seconds = '', fraction = ''] = version.replace(/Z$/u, '').split('.');
  return `${seconds}.${fraction.padEnd(9, '0')}`;
};

import type { CapabilityClass } from '@muster/contract/capabilities';
import { toAnswer, type GuardAnswer } from './answer';
import { DecisionCache } from './decision-cache';
import { decide, documentsFor, type Decision } from './decision';
import type { DocumentAddress } from '@muster/core/storage/documents';
import type { GuardDeps } from './guard-deps';
import { checkedRequest, isAuthTime, type ProductRequest } from './guard-request';
import { errorFields } from '@muster/core/log';
import { policyAsStored } from './policy-document';

/** An answer from memory. `ageMs`: how long ago the database last said so, at the most; null when it is not known. */
export type CachedAnswer = GuardAnswer & { ageMs: number | null };

/** Confirmed so often that one failed attempt, or two, go unnoticed. */
const CONFIRMATIONS_PER_BOUND = 3;
/** After a read that failed nothing is read in the background for so long: whoever asks in a loop must not add to it. */
const PAUSE_MS = 1_000;
/** Names come from callers: what is remembered of them, and read for them at once, has an end. */
const MOST_REMEMBERED = 1_000;

const UNKNOWN: Decision = { allowed: false, reason: 'POLICY_UNAVAILABLE', restriction: undefined };

/** The policy kept in memory by a listener and confirmed by reads, since a listener may fall silent. */
export class CachedGuard {
  readonly #deps: Pick<GuardDeps, 'clock' | 'every' | 'feed' | 'log' | 'source'>;
  readonly #classOf: (capability: string) => CapabilityClass;
  readonly #boundMs: number;
  readonly #cache: DecisionCache;
  readonly #reading = new Set<string>();
  readonly #classes = new Map<string, CapabilityClass>();
  readonly #actors = new Set<string>();
  #failedAt = Number.NEGATIVE_INFINITY;
  #stop: (() => void) | undefined;
  #stopFeed: (() => void) | undefined;

  constructor(
    deps: Pick<GuardDeps, 'clock' | 'every' | 'feed' | 'log' | 'source'>,
    classOf: (capability: string) => CapabilityClass,
    boundMs: number,
  ) {
    this.#deps = deps;
    this.#classOf = classOf;
    this.#boundMs = boundMs;
    this.#cache = new DecisionCache(boundMs);
  }

  ask(request: ProductRequest): CachedAnswer {
    const kind = this.#kindOf(request);
    const addresses = documentsFor(request, kind);
    const now = this.#deps.clock();
    const age = this.#cache.ageOf(addresses, now.getTime());
    if (age === undefined || age * 2 > this.#boundMs) this.#refreshSoon(addresses, request);
    if (age === undefined) return { ...toAnswer(request, UNKNOWN), ageMs: null };
    const decision = decide(request, kind, this.#cache.look, now);
    return decision.allowed
      ? { allowed: true, mode: decision.mode, ageMs: age }
      : { ...toAnswer(request, decision), ageMs: age };
  }

  async watch(): Promise<void> {
    this.#stop ??= this.#begin();
    await this.refresh([policyAsStored()]);
  }

  close(): void {
    this.#stop?.();
    this.#stop = undefined;
  }

  /** Reads these now. A read that is on its way already may be older than the caller's question, and is not waited for. */
  async refresh(addresses: readonly DocumentAddress<unknown>[]): Promise<void> {
    if (addresses.length === 0) return;
    const asked = this.#deps.clock().getTime();
    const found = await this.#deps.source.fetch(addresses.map(({ path }) => path));
    for (const snapshot of found) this.#cache.answered(snapshot, asked);
  }

  /** What is asked for often is checked once; what becomes part of a path is checked again before it is read. */
  #kindOf(request: ProductRequest): CapabilityClass {
    const { capability, actor, authTime } = request;
    const known = this.#classes.get(capability);
    if (known && this.#actors.has(actor) && isAuthTime(authTime)) return known;
    checkedRequest(request);
    const kind = this.#classOf(capability);
    if (this.#classes.size < MOST_REMEMBERED) this.#classes.set(capability, kind);
    if (this.#actors.size >= MOST_REMEMBERED) this.#actors.clear();
    this.#actors.add(actor);
    return kind;
  }

  #begin(): () => void {
    this.#listen();
    const stopTimer = this.#deps.every(this.#boundMs / CONFIRMATIONS_PER_BOUND, () => {
      if (!this.#stopFeed) this.#listen();
      this.#refreshSoon([policyAsStored()]);
    });
    return () => {
      stopTimer();
      this.#stopFeed?.();
      this.#stopFeed = undefined;
    };
  }

  #listen(): void {
    const { feed, clock, log } = this.#deps;
    const since = clock().getTime();
    let ended = false;
    const failed = (error: unknown): void => {
      ended = true;
      this.#stopFeed = undefined;
      log.error('the listener to the policy ended; it begins again with the next confirmation', errorFields(error));
    };
    try {
      const stop = feed((policy) => this.#cache.told(policy, since), failed);
      if (!ended) this.#stopFeed = stop;
    } catch (error) {
      // A client that was closed throws at once, and this may be called by a timer.
      failed(error);
    }
  }

  /** In the background: what asked is answered by now. A request that is not well-formed is read for nobody. */
  #refreshSoon(addresses: readonly DocumentAddress<unknown>[], request?: ProductRequest): void {
    const { clock, log } = this.#deps;
    const unread = addresses.filter(({ path }) => !this.#reading.has(path));
    if (unread.length === 0 || this.#reading.size >= MOST_REMEMBERED) return;
    if (Math.abs(clock().getTime() - this.#failedAt) < PAUSE_MS) return;
    if (request) checkedRequest(request);
    for (const { path } of unread) this.#reading.add(path);
    this.refresh(unread)
      .catch((error: unknown) => {
        this.#failedAt = clock().getTime();
        log.error('what is restricted could not be read; answers from memory age', errorFields(error));
      })
      .finally(() => {
        for (const { path } of unread) this.#reading.delete(path);
      });
  }
}

import { classIn, type CapabilityClass } from '@muster/contract/capabilities';
import { toAnswer, type GuardAnswer } from './answer';
import { CachedGuard, type CachedAnswer } from './cached-guard';
import { decide, documentsFor } from './decision';
import { callerRequestIdFrom } from '@muster/core/correlation';
import { MusterError } from '@muster/core/errors';
import { checkedRequest, type ProductRequest } from './guard-request';
import type { GuardDeps } from './guard-deps';
import { checkedBound, checkedCatalog } from './guard-settings';
import { prefetchFor, refuseForbidden } from './guarded';
import { Meter } from '@muster/core/meter';
import { openWork, refuseMissing, productDocument, type ProductWork } from './product-work';
import { countRefusal } from './count-refusal';
import { guardReasonOf } from './refusal-counter';

export interface RunOptions {
  /** Paths that the work will read: they come in the same round trip as what the decision needs. */
  reads?: readonly string[];
}

/** Decides what a product may do. See README.md of this package. */
export interface Guard {
  /**
   * Decides, lets `work` do its part, and commits both as one: the commit stands only if everything the decision rests on
   * is still as it was read, so an acknowledged restriction is never outrun, and no lock is held meanwhile. `work` may be
   * run more than once; it must do nothing but what its argument offers. Throws a refusal (`details.reason`), CONTENTION
   * when others kept changing the same documents, UNAVAILABLE when the database does not answer; a commit that went
   * unanswered is not repeated, and the error says that it may stand (`details.state` is `in_doubt`). This and all that
   * follow throw INVALID_ARGUMENT for a request that is not well-formed.
   */
  run<T>(request: ProductRequest, work: (work: ProductWork) => Promise<T>, options?: RunOptions): Promise<T>;
  /** Asks the database. Denies when it cannot be read. Binds nobody: what is done after it is not guarded by it. */
  check(request: ProductRequest): Promise<GuardAnswer>;
  /**
   * Answers from memory, at once, and says how old that is. Denies what it does not know within its bound; asking makes
   * it known soon after. For hot paths that only read: a write belongs into `run`.
   */
  cached(request: ProductRequest): CachedAnswer;
  /**
   * Begins to keep the policy in memory; resolves when it has been read. Rejects when it could not be, and goes on trying all
   * the same: until then `cached` denies.
   */
  watch(): Promise<void>;
  /** Reads what `cached` needs for this request now. */
  refresh(request: ProductRequest): Promise<void>;
  /** Stops what `watch` began. */
  close(): void;
}

export const guardOver = (deps: GuardDeps): Guard => {
  const catalog = checkedCatalog(deps.catalog);
  const classOf = (capability: string): CapabilityClass => classIn(catalog, capability);
  const memory = new CachedGuard(deps, classOf, checkedBound(deps.cacheBoundMs));

  return {
    run: guardedRun(deps, classOf),

    async check(asked) {
      const request = checkedRequest(asked);
      const kind = classOf(request.capability);
      try {
        const unit = deps.store.read(new Meter());
        await prefetchFor(unit, request, kind);
        return toAnswer(
          request,
          decide(request, kind, (address) => unit.seen(address), deps.clock()),
        );
      } catch (error) {
        if (guardReasonOf(error) !== 'POLICY_UNAVAILABLE') throw error;
        return toAnswer(request, { allowed: false, reason: 'POLICY_UNAVAILABLE', restriction: undefined });
      }
    },

    cached: (request) => memory.ask(request),
    watch: () => memory.watch(),
    async refresh(asked) {
      const request = checkedRequest(asked);
      await memory.refresh(documentsFor(request, classOf(request.capability)));
    },
    close: () => memory.close(),
  };
};

/** `run` of a guard, for who keeps nothing in memory. */
export const guardedRun =
  (
    deps: Pick<GuardDeps, 'store' | 'clock' | 'ids' | 'log' | 'refusals'>,
    classOf: (capability: string) => CapabilityClass,
  ) =>
  async <T>(
    asked: ProductRequest,
    work: (work: ProductWork) => Promise<T>,
    { reads = [] }: RunOptions = {},
  ): Promise<T> => {
    const request = checkedRequest(asked);
    const kind = classOf(request.capability);
    const correlationId = deps.ids('req');
    let isFirst = true;
    try {
      return await deps.store.change(new Meter(), async (unit, { inDoubt }) => {
        if (inDoubt) throw unanswered();
        await prefetchFor(unit, request, kind, reads.map(productDocument));
        refuseForbidden(unit, request, kind, deps.clock());
        const result = await openWork(unit, work);
        await refuseMissing(unit, !isFirst);
        isFirst = false;
        // Again at the time of the commit: what has expired while the work took its time, has expired.
        if (unit.staged.length > 0) refuseForbidden(unit, request, kind, deps.clock());
        return result;
      });
    } catch (error) {
      await countRefusal(deps, error, {
        caller: request.actor,
        callerType: 'member',
        capability: request.capability,
        correlationId,
        callerRequestId: request.correlationId === undefined ? null : callerRequestIdFrom(request.correlationId),
      });
      throw error instanceof MusterError ? toldWith(error, correlationId) : error;
    }
  };

/** With the id under which the refusal stands in the audit: whoever is shown it can be helped. */
const toldWith = (error: MusterError, correlationId: string): MusterError =>
  new MusterError(error.code, error.message, { ...error.details, correlationId }, { cause: error });

/** Nobody answered the commit, and it must not be made twice: only the product can tell whether it was made. */
const unanswered = (): MusterError =>
  new MusterError('UNAVAILABLE', 'The database did not answer; whether this was done is not known.', {
    reason: 'STORE_UNAVAILABLE',
    state: 'in_doubt',
    next: 'Read what the work writes before you run it again.',
  });

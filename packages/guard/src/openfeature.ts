import {
  ErrorCode,
  StandardResolutionReasons,
  type EvaluationContext,
  type FlagMetadata,
  type JsonValue,
  type Provider,
  type ResolutionDetails,
} from '@openfeature/server-sdk';
import type { GuardAnswer } from './answer';
import type { Guard } from './guard';
import type { ProductRequest } from './guard-request';

export interface MusterProviderOptions {
  /** `cached` answers from memory (default), `check` asks the database each time. */
  ask?: 'cached' | 'check';
}

/**
 * An OpenFeature server provider: a flag is a capability, the targeting key is who acts (`owner`, `delegation`, `scope`
 * and `authTime` are taken from the context too). A boolean says whether it is allowed, a string why not (`ALLOWED`, or the reason
 * code), an object all of it. Whatever goes wrong is `false`, never the default of the caller; only before the provider is
 * ready, and for numbers, does OpenFeature itself answer the default: let it be `false`.
 *
 * A flag tells; it binds nobody. What writes belongs into `guard.run`.
 */
export class MusterProvider implements Provider {
  readonly metadata = { name: 'muster' };
  readonly runsOn = 'server';
  readonly #guard: Guard;
  readonly #ask: 'cached' | 'check';

  constructor(guard: Guard, { ask = 'cached' }: MusterProviderOptions = {}) {
    this.#guard = guard;
    this.#ask = ask;
  }

  initialize(): Promise<void> {
    return this.#guard.watch();
  }

  async onClose(): Promise<void> {
    this.#guard.close();
  }

  async resolveBooleanEvaluation(
    capability: string,
    _default: boolean,
    context: EvaluationContext,
  ): Promise<ResolutionDetails<boolean>> {
    const answer = await this.#answer(capability, context);
    return { value: answer.allowed, ...detailsOf(answer) };
  }

  async resolveStringEvaluation(
    capability: string,
    _default: string,
    context: EvaluationContext,
  ): Promise<ResolutionDetails<string>> {
    const answer = await this.#answer(capability, context);
    return { value: answer.allowed ? 'ALLOWED' : answer.reason, ...detailsOf(answer) };
  }

  async resolveObjectEvaluation<T extends JsonValue>(
    capability: string,
    _default: T,
    context: EvaluationContext,
  ): Promise<ResolutionDetails<T>> {
    const answer = await this.#answer(capability, context);
    return { value: answer as unknown as T, ...detailsOf(answer) };
  }

  async resolveNumberEvaluation(_capability: string, value: number): Promise<ResolutionDetails<number>> {
    return {
      value,
      errorCode: ErrorCode.TYPE_MISMATCH,
      errorMessage: 'a capability is allowed or not; it is no number',
    };
  }

  /** Whatever cannot be asked is denied: a flag must not come to its default because its question was wrong. */
  async #answer(capability: string, context: EvaluationContext): Promise<GuardAnswer> {
    try {
      const request = requestOf(capability, context);
      return this.#ask === 'cached' ? this.#guard.cached(request) : await this.#guard.check(request);
    } catch (error) {
      // By its shape: this file and the guard are bundled apart, each with an error class of its own.
      const message = error instanceof Error && 'details' in error ? error.message : 'Muster could not decide.';
      return {
        allowed: false,
        reason: 'POLICY_UNAVAILABLE',
        message,
        next: 'Name a capability, and the actor as targeting key.',
        restriction: null,
      };
    }
  }
}

/** Of whatever type they are: the guard refuses what it cannot use, where leaving it out would let more pass. */
const requestOf = (capability: string, context: EvaluationContext): ProductRequest => {
  const { targetingKey, owner, delegation, scope, authTime } = context;
  return { capability, actor: targetingKey ?? '', owner, delegation, scope, authTime } as ProductRequest;
};

const detailsOf = (answer: GuardAnswer): { reason: string; variant: string; flagMetadata: FlagMetadata } => ({
  reason: answer.allowed ? StandardResolutionReasons.TARGETING_MATCH : StandardResolutionReasons.DISABLED,
  variant: answer.allowed ? 'allowed' : 'denied',
  flagMetadata: answer.allowed
    ? { mode: answer.mode }
    : { reasonCode: answer.reason, message: answer.message, next: answer.next },
});

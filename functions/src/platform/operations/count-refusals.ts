import type { OwnCapability } from '@muster/contract/capabilities';
import { MusterError } from '@muster/core/errors';
import { countRefusal } from '@muster/guard/count-refusal';
import { actorOf, claimedRoles } from './actor';
import type { Adapters } from './adapters';
import { noteRefusedAccount } from './account-gone';
import type { Call } from './operation';

/**
 * Counts what is refused for a reason that is recorded: who tries what they have no role for is a signal, whom Firebase Auth refuses among them: such an account has cost a
 * round of reads. Whoever is refused hears why all the same.
 */
export const counting =
  <Response>(
    name: string,
    { guarded }: { guarded?: OwnCapability | false },
    run: (deps: Adapters, call: Call, raw: unknown) => Promise<Response>,
  ) =>
  async (deps: Adapters, call: Call, raw: unknown): Promise<Response> => {
    try {
      return await onceConfirmed(call, run(deps, call, raw));
    } catch (error) {
      const { identity, correlationId, callerRequestId } = call;
      await countRefusal(deps, error, {
        caller: identity.uid,
        callerType: actorOf(identity, claimedRoles(identity)).type,
        capability: (error instanceof MusterError ? error.details.capability : undefined) ?? (guarded || name),
        correlationId,
        callerRequestId,
      });
      await noteRefusedAccount(deps, error, { uid: identity.uid, correlationId });
      throw error;
    }
  };

/** What the operation comes to, once Firebase Auth has let its caller in; its refusal comes first, whatever was found meanwhile. */
const onceConfirmed = async <Response>({ confirmed }: Call, running: Promise<Response>): Promise<Response> => {
  const [outcome] = await Promise.allSettled([running]);
  await confirmed;
  if (outcome.status === 'rejected') throw outcome.reason;
  return outcome.value;
};

import type { Actor, AuditDraft, RequestOrigin } from '@muster/core/audit/audit-draft';
import type { Ids } from '@muster/core/ids';
import type { Meter } from '@muster/core/meter';
import type { Work } from '@muster/core/storage/work';
import type { Adapters } from './adapters';

/**
 * What a decision comes to: one change with its one audit entry, or nothing at all, but for the answer that is
 * `remembered` for a repeated request.
 */
export type Decision<Response> =
  | { changed: true; response: Response; entry: AuditDraft }
  | { changed: false; response: Response; remembered?: string };

export const changed = <Response>(response: Response, entry: AuditDraft): Decision<Response> => ({
  changed: true,
  response,
  entry,
});

export const unchanged = <Response>(response: Response): Decision<Response> => ({ changed: false, response });

export type ChangeAdapters = Pick<Adapters, 'clock' | 'ids' | 'log' | 'store' | 'appendEntry'>;

/** Survives the attempts of one change: what was chosen first stays chosen when the work is decided again. */
export type Memory = Map<string, string>;

/**
 * The one way to write: what was decided and its audit entry in the same atomic commit (law 1). A decision
 * that writes without an entry, or that gives an entry without being a change, does not get through.
 */
export const commitChange = async <Response>(
  deps: ChangeAdapters,
  meter: Meter,
  envelope: { actor: () => Actor; correlationId: string; now: Date; entryId?: string; from?: RequestOrigin },
  decide: (work: Work, memory: Memory, entryId: string) => Promise<Decision<Response>>,
): Promise<Response> => {
  const entryId = envelope.entryId ?? deps.ids('aud');
  const memory: Memory = new Map();
  let last: Response | undefined;

  return deps.store.change(meter, async (work, { inDoubt }) => {
    // An earlier commit went unanswered. Its entry stands only if the whole of it does.
    if (inDoubt && last !== undefined) {
      const own = deps.appendEntry(PROBE, { ...envelope, actor: SYSTEM, at: envelope.now, entryId });
      await work.prefetch([own.address]);
      if (work.restsOn.some(({ path, version }) => path === own.address.path && version !== undefined)) return last;
    }
    const decision = await decide(work, memory, entryId);
    if (!decision.changed) {
      if (work.staged.some(({ path }) => path !== decision.remembered))
        throw new Error('a decision without a change has staged writes');
      return decision.response;
    }
    const { address, data } = deps.appendEntry(decision.entry, {
      entryId,
      at: envelope.now,
      actor: envelope.actor(),
      correlationId: envelope.correlationId,
      from: envelope.from,
    });
    work.create(address, data);
    last = decision.response;
    return decision.response;
  });
};

const SYSTEM: Actor = { type: 'system', id: 'muster' };
const PROBE: AuditDraft = { action: 'probe', target: 'probe' };

/**
 * The same ids in the same order with each attempt: an earlier one may turn out to stand, and is answered with what
 * was decided last.
 */
export const sameIds = (ids: Ids, memory: Memory): Ids => {
  let drawn = 0;
  return (prefix) => {
    const key = `id ${(drawn += 1)} ${prefix}`;
    const id = memory.get(key) ?? ids(prefix);
    memory.set(key, id);
    return id;
  };
};

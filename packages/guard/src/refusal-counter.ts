/** Counts what was refused, so that it can be proved and cannot be used to flood the log (docs/adr/0006). */
import * as z from 'zod';
import {
  CHAOS_REASONS,
  GUARD_REASONS,
  type GuardReason,
  RECORDED_REASONS,
  type RecordedReason,
  ROLE_REASONS,
} from '@muster/contract/errors';
import type { Actor, AppendEntry, AuditDraft } from '@muster/core/audit/audit-draft';
import { documentAt } from '@muster/core/storage/documents';
import { MusterError } from '@muster/core/errors';
import { idFrom } from '@muster/core/ids';
import { errorFields, type Log } from '@muster/core/log';
import { Meter } from '@muster/core/meter';
import { paths } from '@muster/core/storage/paths';
import type { Store } from '@muster/core/storage/store';
import type { Work } from '@muster/core/storage/work';

const MINUTE_MS = 60_000;
/** How long the counts are kept; what they came to stands in the audit. */
const KEPT_MS = 30 * 24 * 60 * MINUTE_MS;
/** Names are the caller's; past this many different ones in a minute they are counted together. */
const MOST_CAPABILITIES = 20;
export const OTHER_CAPABILITIES = '(others)';
/** The same for what one activation has denied, as far as this process knows: it may stand for weeks. */
const MOST_DENIED = 100;

/** `muster_refusals/{id}`: how often one caller was refused for one reason, within one minute. */
export const refusalCount = z.strictObject({
  caller: z.string(),
  reason: z.enum(RECORDED_REASONS),
  minute: z.date(),
  count: z.int(),
  byCapability: z.record(z.string(), z.int()),
  /** Whether there are more than the audit has been told of; the minute's entry tells of the first alone. */
  uncounted: z.boolean(),
  correlationId: z.string(),
  musterExpireAt: z.date(),
});
export type RefusalCount = z.infer<typeof refusalCount>;

/** `muster_denials/{activation}`: how many operations a restriction refused. A document that nothing else waits for. */
export const denials = z.strictObject({ total: z.int(), byCapability: z.record(z.string(), z.int()) });
export const denialsAt = (activation: string) => documentAt(paths.denials(activation), denials);

/** One refused call. */
export interface Refused {
  caller: string;
  callerType: Actor['type'];
  reason: RecordedReason;
  /** What was refused: a capability, or the operation that has none. */
  capability: string;
  /** The activation of the restriction that refused it, if one did. */
  activation?: string | undefined;
  correlationId: string;
  callerRequestId?: string | null | undefined;
}

export interface RefusalCounter {
  /** Resolves when it is counted, or the log says that it could not be. Never throws: the refusal stands anyway. */
  record(refused: Refused, now: Date): Promise<void>;
}

/** What of an error is for the guard's books: its reason, if the guard refused. */
export const guardReasonOf = (error: unknown): GuardReason | undefined =>
  error instanceof MusterError ? GUARD_REASONS.find((reason) => reason === error.details.reason) : undefined;

/** What of an error is for the books at all: the guard's reasons, chaos, and a role that is missing. */
export const recordedReasonOf = (error: unknown): RecordedReason | undefined =>
  error instanceof MusterError ? RECORDED_REASONS.find((reason) => reason === error.details.reason) : undefined;

const isGuardReason = (reason: RecordedReason): boolean => GUARD_REASONS.some((other) => other === reason);

/** The first word of a refusal's entries: a capability was refused, or chaos by its own rules or to who may not. */
export const refusedSubject = ({
  reason,
  capability,
}: Pick<Refused, 'reason' | 'capability'>): 'capability' | 'chaos' => {
  if (CHAOS_REASONS.some((other) => other === reason)) return 'chaos';
  return ROLE_REASONS.some((known) => known === reason) && capability.startsWith('chaos-') ? 'chaos' : 'capability';
};

interface Window {
  refused: Refused;
  /** When the first came, and the minute of that. */
  at: Date;
  minute: Date;
  /** Counted, and not yet written. */
  pending: { capability: string; activation: string | undefined; denied: string }[];
  names: Set<string>;
  created: boolean;
  writing: Promise<void> | undefined;
}

export const refusalCounter = (deps: { store: Store; appendEntry: AppendEntry; log: Log }): RefusalCounter => {
  const windows = new Map<string, Window>();
  const denied = new Map<string, Set<string>>();

  const windowOf = (refused: Refused, now: Date): Window => {
    const minute = new Date(Math.floor(now.getTime() / MINUTE_MS) * MINUTE_MS);
    const id = windowId(refused, minute);
    const standing = windows.get(id);
    if (standing) return standing;
    for (const [other, { minute: at, writing }] of windows) {
      if (at < minute && !writing) windows.delete(other);
    }
    const opened: Window = {
      refused,
      at: now,
      minute,
      pending: [],
      names: new Set<string>(),
      created: false,
      writing: undefined,
    };
    windows.set(id, opened);
    return opened;
  };

  const commit = (window: Window, batch: Batch, denialsByName: boolean): Promise<void> => {
    let opens = !window.created;
    return deps.store.change(new Meter(), async (work, { inDoubt }) => {
      if (inDoubt) throw new Error('whether the refusals were counted is not known');
      if (opens) open(work, window, batch, deps.appendEntry);
      else add(work, window, batch);
      addDenials(work, batch, denialsByName);
      // Outrun: another process has opened the same minute, which is then added to. Or none has, and the database was busy.
      opens = !window.created && !opens;
    });
  };

  const deniedName = (activation: string | undefined, capability: string): string => {
    if (activation === undefined) return capability;
    const names = denied.get(activation) ?? new Set<string>();
    denied.set(activation, names);
    return nameAmong(names, capability, MOST_DENIED);
  };

  /** Writes what is pending, as one commit; whoever comes meanwhile is written with the next. */
  const write = async (window: Window): Promise<void> => {
    const batch = window.pending.splice(0);
    try {
      await commit(window, batch, true).catch((error: unknown) => {
        if (!isRefused(error)) throw error;
        // The names that an activation has denied may fill their document; the sum is of one size.
        return commit(window, batch, false);
      });
      window.created = true;
    } catch (error) {
      deps.log.error('refusals could not be counted', {
        caller: window.refused.caller,
        reason: window.refused.reason,
        count: batch.length,
        ...errorFields(error),
      });
    }
  };

  return {
    async record(refused, now) {
      const window = windowOf(refused, now);
      const { capability } = refused;
      const { activation } = refused;
      const counted = nameAmong(window.names, capability, MOST_CAPABILITIES);
      window.pending.push({ capability: counted, activation, denied: deniedName(activation, counted) });
      const mine = window.pending;
      while (window.writing) await window.writing;
      // Whoever waited with me may have written for me.
      if (mine.length === 0) return;
      window.writing = write(window).finally(() => (window.writing = undefined));
      await window.writing;
    },
  };
};

/** The name under which it is counted: its own, until there are too many. */
const nameAmong = (names: Set<string>, name: string, most: number): string => {
  if (names.has(name)) return name;
  if (names.size >= most) return OTHER_CAPABILITIES;
  names.add(name);
  return name;
};

/** The database answered, and would not store it. */
const isRefused = (error: unknown): boolean =>
  error instanceof MusterError && (error.code === 'PAYLOAD_TOO_LARGE' || error.details.reason === 'STORE_REFUSED');

const windowId = ({ caller, reason }: Refused, minute: Date): string =>
  idFrom('rfs', caller, reason, minute.toISOString());

const sumsOf = (names: string[]): Map<string, number> => {
  const sums = new Map<string, number>();
  for (const name of names) sums.set(name, (sums.get(name) ?? 0) + 1);
  return sums;
};

type Batch = Window['pending'];
const capabilitiesIn = (batch: Batch) => sumsOf(batch.map(({ capability }) => capability));

const open = (work: Work, { refused, at, minute }: Window, batch: Batch, appendEntry: AppendEntry): void => {
  const id = windowId(refused, minute);
  work.create(documentAt(paths.refusals(id), refusalCount), {
    caller: refused.caller,
    reason: refused.reason,
    minute,
    count: batch.length,
    byCapability: Object.fromEntries(capabilitiesIn(batch)),
    uncounted: batch.length > 1,
    correlationId: refused.correlationId,
    musterExpireAt: new Date(minute.getTime() + KEPT_MS),
  });
  const { address, data } = appendEntry(refusalDraft(refused), {
    entryId: idFrom('aud', 'refused', id),
    at,
    actor: { type: refused.callerType, id: refused.caller },
    correlationId: refused.correlationId,
    from: { ip: null, sessionId: null, callerRequestId: refused.callerRequestId },
  });
  work.create(address, data);
};

const refusalDraft = ({ reason, capability, activation }: Refused): AuditDraft => ({
  action: `${refusedSubject({ reason, capability })}.refused`,
  target: `capabilities/${capability}`,
  outcome: 'refused',
  // What an experiment had refused by the guard, as it should, passes for nothing else (law 7).
  exercise: isGuardReason(reason) && capability.startsWith('chaos.'),
  metadata: { reason, capability, ...(activation === undefined ? {} : { activation }) },
});

const add = (work: Work, { refused, minute }: Window, batch: Batch): void => {
  const sums = [...capabilitiesIn(batch)].map(([name, sum]) => ({ field: ['byCapability', name], add: sum }));
  work.stage({
    kind: 'increment',
    path: paths.refusals(windowId(refused, minute)),
    data: { uncounted: true },
    by: [{ field: ['count'], add: batch.length }, ...sums],
    expects: 'present',
  });
};

const addDenials = (work: Work, batch: Batch, byName: boolean): void => {
  const activations = new Set(batch.flatMap(({ activation }) => activation ?? []));
  for (const activation of activations) {
    const own = batch.filter((one) => one.activation === activation);
    const names = byName ? [...sumsOf(own.map(({ denied }) => denied))] : [];
    const sums = names.map(([name, sum]) => ({ field: ['byCapability', name], add: sum }));
    work.stage({
      kind: 'increment',
      path: paths.denials(activation),
      data: {},
      by: [{ field: ['total'], add: own.length }, ...sums],
      expects: 'anything',
    });
  }
};

/** Ends a run early, once, for a reason. While it is rolled back, nothing halts it any more. */
import type { JournalStatus } from './journal';

export interface Halt {
  /** Of the phase: given when the run must end, and never while it is rolled back. */
  signal: () => AbortSignal;
  stop: (reason: string, status?: 'aborted' | 'failed') => void;
  /** Why, and how the journal calls it; null when it was not halted. */
  cause: () => { reason: string; status: HaltedAs } | null;
  /** From here on everything is carried out to its end. */
  rollBack: () => void;
}

type HaltedAs = Extract<JournalStatus, 'aborted' | 'interrupted' | 'failed'>;

export const newHalt = (outer: AbortSignal | undefined): Halt => {
  const controller = new AbortController();
  const never = new AbortController().signal;
  let current = controller.signal;
  let cause: ReturnType<Halt['cause']> = null;
  const give = (reason: string, status: HaltedAs): void => {
    if (cause !== null || current === never) return;
    cause = { reason, status };
    controller.abort(reason);
  };
  const interrupted = () => give('interrupted by whoever ran it', 'interrupted');
  if (outer?.aborted) interrupted();
  outer?.addEventListener('abort', interrupted, { once: true });
  return {
    signal: () => current,
    stop: (reason, status = 'aborted') => give(reason, status),
    cause: () => cause,
    rollBack() {
      outer?.removeEventListener('abort', interrupted);
      current = never;
    },
  };
};

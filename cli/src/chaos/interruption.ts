import { EXIT } from '../exit-codes';
import type { Machine } from '../machine';

export interface Interruption {
  signal: AbortSignal;
  /** From here on, Ctrl-C does what it always does. */
  end: () => void;
}

/** The first Ctrl-C has the run rolled back, and waits; the second leaves at once, and says who undoes it then. */
export const interruptionOf = ({ stderr, onInterrupt, leave }: Machine): Interruption => {
  const controller = new AbortController();
  const end = onInterrupt(() => {
    if (controller.signal.aborted) {
      stderr.write(
        'Left at once. What is left of the experiment is undone by the backend within two minutes: muster chaos status.\n',
      );
      leave(EXIT.interrupted);
      return;
    }
    stderr.write('Interrupted: rolling back, which takes some seconds. Ctrl-C once more leaves at once.\n');
    controller.abort();
  });
  return { signal: controller.signal, end };
};

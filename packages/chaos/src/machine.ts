/** All that the library takes from the machine it runs on; nothing in it asks for it. */
export interface Machine {
  env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since 1970. */
  now: () => number;
  /** Returns early, without an error, when the signal is given. */
  sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Letters and digits that were never used before. */
  newId: () => string;
  /** As in the journal of the Chaos Toolkit: what it ran on, and the name of the machine. */
  platform: string;
  node: string;
}

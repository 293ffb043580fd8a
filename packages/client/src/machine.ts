/** All that calling takes from the machine it runs on; nothing here asks for it. */
export interface Machine {
  env: Readonly<Record<string, string | undefined>>;
  fetch: typeof fetch;
  now: () => Date;
  wait: (ms: number) => Promise<void>;
}

/**
 * Forces a race: commits wait at the gate until as many have come as were asked for, so that all of them have
 * decided before the first one is let through.
 */
export class CommitGate {
  #expected = 0;
  #waiting: (() => void)[] = [];

  /** The next `count` commits meet here; those after them pass. */
  holdUntil(count: number): void {
    this.#expected = count;
  }

  readonly fetch: typeof fetch = async (input, init) => {
    await this.#turn();
    return fetch(input, init);
  };

  #turn(): Promise<void> | undefined {
    if (this.#expected === 0) return undefined;
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      if (this.#waiting.length < this.#expected) return;
      this.#expected = 0;
      for (const go of this.#waiting.splice(0)) go();
    });
  }
}

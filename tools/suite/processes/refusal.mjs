/** A failure that was foreseen: its message is the one sentence that the user needs, and no stack is shown. */
export class Refusal extends Error {
  /**
   * @param {string} sentence
   * @param {{ exitCode?: number, cause?: unknown }} [options]
   */
  constructor(sentence, { exitCode = 1, cause } = {}) {
    super(sentence, { cause });
    this.name = 'Refusal';
    this.exitCode = exitCode;
  }
}

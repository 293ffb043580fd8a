export type Gate = {
  /**
   * asked before each write, and measured alone
   */
  allowed: () => boolean;
  /**
   * resolves when it is stored
   */
  write: () => Promise<unknown>;
  close: () => Promise<void>;
};
export type OpenGate = (collection: string) => Promise<Gate>;

/** The time now. Comes in through `Deps`; nothing else asks the machine. */
export type Clock = () => Date;

export const systemClock: Clock = () => new Date();

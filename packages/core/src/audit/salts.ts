import { randomBytes } from 'node:crypto';

/** Makes the salt of a leaf: what the personal fields of its entry are committed with in the log (tlog/src/leaf.ts). */
export type Salts = () => string;

/** 256 random bits: nobody who guesses at a name can check the guess against a commitment. */
export const randomSalts: Salts = () => randomBytes(32).toString('base64');

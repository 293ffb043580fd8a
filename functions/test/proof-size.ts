/** Set by `npm run prove`, in which the proofs whose size is the point run whole. */
const WHOLE = process.env['MUSTER_PROVE'] === 'whole';

/**
 * How many of something a proof does. In `npm test` as many as would still show the fault, because everyone waits for it; the whole
 * number in `npm run prove`, which finds the files to run by their import of this one.
 */
export function proofSize({ test, whole }: { test: number; whole: number }): number {
  if (!(test > 0 && test <= whole))
    throw new Error(`A proof of ${test} in npm test must be part of the whole, ${whole}.`);
  return WHOLE ? whole : test;
}

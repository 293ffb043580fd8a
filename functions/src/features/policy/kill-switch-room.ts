/**
 * How many kill switches the policy document has room for. It is one document, so that a guard is one read, and must stay below
 * what Firestore stores in one. Killing is never refused for that: a wider name is killed instead. Pure.
 */
import { EVERYTHING } from '@muster/contract/capabilities';
import type { PolicyDocument } from '@muster/guard/policy-document';

/** Kill switches by a name. `*` is not counted: everything can always be killed. */
export const MOST_NAMED = 120;
/** Of these, so many are kept for names of one word: whoever fills the rest has not filled what is above it. */
const KEPT_FOR_ONE_WORD = 20;

type Switches = PolicyDocument['killSwitches'];

const isOneWord = (name: string): boolean => !name.includes('.');

/** Whether a further name can be killed. Those whose time has come keep their places until the schedule has ended them. */
export const hasRoomFor = (switches: Switches, name: string): boolean => {
  if (name === EVERYTHING) return true;
  const named = Object.keys(switches).filter((one) => one !== EVERYTHING);
  if (named.length >= MOST_NAMED) return false;
  return isOneWord(name) || named.filter((one) => !isOneWord(one)).length < MOST_NAMED - KEPT_FOR_ONE_WORD;
};

/** What a name is below of, the nearest first: `a.b`, `a`, `*` for `a.b.c`. */
export const widerNames = (name: string): string[] => {
  const words = name === EVERYTHING ? [] : name.split('.');
  return [...words.slice(1).map((_, index) => words.slice(0, words.length - 1 - index).join('.')), EVERYTHING];
};

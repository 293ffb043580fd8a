import { badUsage } from '@muster/client/failure';
import type { policy } from '@muster/contract';
import { either } from '../options/either';

type RestrictedMode = Exclude<policy.Mode, 'normal'>;

/** What each mode does, in two or three words. */
const MODES: Record<RestrictedMode, string> = {
  degraded: 'announces',
  read_only: 'no guarded write',
  offline: 'none to outside systems',
};

/** The modes, as help tells them. */
export const MODES_HELP = either(Object.entries(MODES).map(([mode, does]) => `${mode} (${does})`));

/** The mode that was named, as an argument or as the option that was there before it; undefined if neither was given. */
export const modeTyped = (argument: string | undefined, option: string | undefined): string | undefined => {
  const [one, other] = [argument, option].map((text) => text?.replaceAll('-', '_'));
  if (one !== undefined && other !== undefined && one !== other) {
    throw badUsage(`Two modes were named: ${one} and ${other}. Nothing was changed.`, 'Name one: the argument alone.');
  }
  return one ?? other;
};

/** The same, where one must be named. */
export const modeNeeded = (argument: string | undefined, option: string | undefined): string => {
  const mode = modeTyped(argument, option);
  if (mode !== undefined) return mode;
  throw badUsage('Which mode? Nothing was changed.', `Name one: muster degraded enter MODE, which is ${MODES_HELP}.`);
};

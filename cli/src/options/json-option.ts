import { badUsage } from '@muster/client/failure';

/** What an option says in JSON. Whether it is an object, and not too large, is for the contract to say. */
export const jsonTyped = (option: string, text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw badUsage(`${option} is not JSON. Nothing was sent.`, `Quote all of it: ${option} '{"branch": "main"}'.`);
  }
};

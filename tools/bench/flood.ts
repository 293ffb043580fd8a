/** A kill beside an account without a role that asks for delegations as fast as it is answered. */
import { MusterError } from '@muster/core/errors';
import { grantDelegation } from '@muster/functions/features/delegations/index';
import { killCapability, restoreCapability } from '@muster/functions/features/policy/index';
import { as, newBackend, type Backend } from '@muster/functions/test/harness';

const KILLS = 100;
/** Calls of the one account that are in flight at any moment. */
const AT_ONCE = 60;
const reason = 'it does what nobody asked for';

export interface FloodFigures {
  /** Milliseconds of each acknowledged kill, in ascending order. */
  alone: number[];
  flooded: number[];
  granted: number;
  refused: number;
}

export const killsBesideFlood = async (): Promise<FloodFigures> => {
  const backend = await newBackend();
  await kills(backend, 10);
  const alone = await kills(backend, KILLS);
  const flood = { isOver: false, granted: 0, refused: 0 };
  const flooding = Promise.all(Array.from({ length: AT_ONCE }, () => askOn(backend, flood)));
  const flooded = await kills(backend, KILLS);
  flood.isOver = true;
  await flooding;
  await backend.close();
  return { alone, flooded, granted: flood.granted, refused: flood.refused };
};

const kills = async (backend: Backend, count: number): Promise<number[]> => {
  const took: number[] = [];
  for (let kill = 0; kill < count; kill += 1) {
    backend.clock.now = new Date();
    const began = performance.now();
    await backend.run(killCapability, { capability: 'shipping', reason });
    took.push(performance.now() - began);
    await backend.run(restoreCapability, { capability: 'shipping', reason });
  }
  return took.toSorted((one, other) => one - other);
};

const askOn = async (backend: Backend, flood: { isOver: boolean; granted: number; refused: number }): Promise<void> => {
  const call = as('member', 'uid-flood');
  while (!flood.isOver) {
    const expiresAt = new Date(backend.clock.now.getTime() + 3_600_000).toISOString();
    try {
      await backend.run(grantDelegation, { agent: 'uid-robot', capabilities: ['shipping'], reason, expiresAt }, call);
      flood.granted += 1;
    } catch (error) {
      if (!(error instanceof MusterError)) throw error;
      flood.refused += 1;
    }
  }
};

/** Policies by chance, the same from the same seed: what stands in them and what does not, whole and damaged. */
import { NORMAL } from '@muster/guard/policy-document';

type Fields = Record<string, unknown>;

const HOUR = 3_600_000;

/** Names that are killed: near to the capabilities below, above and beside them. */
const KILLED = [
  '*',
  'shipping',
  'shipping.commit',
  'shipping.commit.force',
  'shipping.commit.force.now',
  'shipping.push',
  'ship',
  'connector',
  'connector.acme',
  'connector.acme.write',
  'connectors',
] as const;

export const CAPABILITIES = [
  'shipping',
  'shipping.commit',
  'shipping.commit.force',
  'shipping.commit.force.now',
  'shipping.commits',
  'ship.it',
  'connector',
  'connector.acme.write',
  'connector.beta.write',
  'connector.acme.orders.write',
  'connectors.acme',
] as const;

export const UIDS = ['uid-one', 'uid.two', 'uid-three'] as const;

/** Mulberry32: 32 bits of state are plenty for a test, and the same everywhere. */
const chanceFrom = (seed: number) => {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const isHit = (share: number): boolean => next() < share;
  const oneOf = <T>(all: readonly T[]): T => {
    const found = all[Math.floor(next() * all.length)];
    if (found === undefined) throw new Error('nothing to choose from');
    return found;
  };
  const someOf = <T>(all: readonly T[], share: number): T[] => all.filter(() => isHit(share));
  return { isHit, oneOf, someOf };
};
type Chance = ReturnType<typeof chanceFrom>;

/** Hours away from now: the clocks of the guard and of the rules need not agree to the second. */
const hoursAway = (chance: Chance, now: Date): Date =>
  new Date(now.getTime() + chance.oneOf([-48, -5, -2, 2, 5, 48]) * HOUR);

const standing = (chance: Chance, now: Date): Fields => ({
  until: chance.isHit(0.5) ? null : hoursAway(chance, now),
  activation: chance.isHit(0.3) ? null : 'act_one',
  exemptions: Object.fromEntries(
    chance
      .someOf(UIDS, 0.5)
      .map((uid) => [
        uid,
        Object.fromEntries(
          chance
            .someOf(CAPABILITIES, 0.5)
            .map((capability) => [
              capability,
              { id: 'exm_one', until: hoursAway(chance, now), by: chance.isHit(0.2) ? [uid] : ['uid-granter'] },
            ]),
        ),
      ]),
  ),
});

/** A value that no field of a restriction should have; or the field is not there. */
const damaged = (chance: Chance, restriction: Fields): Fields => {
  const name = chance.oneOf(Object.keys(restriction));
  const rest = Object.fromEntries(Object.entries(restriction).filter(([key]) => key !== name));
  return chance.isHit(0.3) ? rest : { ...rest, [name]: chance.oneOf([0, true, ['a']]) };
};

/**
 * Damage is where rules can see it: in the mode, and at `*`, which is about every capability. Of a switch that is not
 * about the capability they see the name alone; there the guard is the stricter one.
 */
const generatedPolicy = (chance: Chance, now: Date): Fields => {
  const name = chance.oneOf(['normal', 'normal', 'degraded', 'offline', 'offline', 'read_only']);
  const mode = { ...NORMAL.mode, name, ...(chance.isHit(0.9) ? standing(chance, now) : {}) };
  const switches = chance.someOf(KILLED, chance.oneOf([0, 0.1, 0.3])).map((killed) => {
    const entry = { since: hoursAway(chance, now), by: 'uid-staff', reason: 'outage', ...standing(chance, now) };
    return [killed, killed === '*' && chance.isHit(0.15) ? damaged(chance, entry) : entry];
  });
  return {
    version: chance.isHit(0.12) ? chance.oneOf([1, 2, 5, '4']) : chance.oneOf([3, 4]),
    mode: chance.isHit(0.2) ? damaged(chance, mode) : mode,
    killSwitches: Object.fromEntries(switches),
    offline: Object.fromEntries(
      chance
        .someOf(['acme', 'beta', 'shipping', 'orders'], chance.oneOf([0, 0, 0.3]))
        .map((id) => [id, { since: hoursAway(chance, now), reason: 'It does not answer.', activation: null }]),
    ),
  };
};

/** So many policies, each with some requests to try under it; an actor who is undefined is not signed in. */
export const generatedCases = (seed: number, count: number, now: Date) => {
  const chance = chanceFrom(seed);
  return Array.from({ length: count }, () => ({
    policy: generatedPolicy(chance, now),
    requests: [...UIDS, undefined].map((actor) => ({ actor, capability: chance.oneOf(CAPABILITIES) })),
  }));
};

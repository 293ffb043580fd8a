/** What a witness remembers, as text: the newest tree of each log that it has cosigned, each with the note that says so. */
import * as z from 'zod';
import { sameBytes } from '@muster/tlog/bytes';
import { parseCheckpoint } from '@muster/tlog/checkpoint';
import { fromBase64, toBase64 } from '@muster/tlog/crypto';
import { formatVerifierKey, parseNote, vouchedBy, type VerifierKey } from '@muster/tlog/note';
import type { WitnessedTree } from '@muster/tlog/witness';

/** With the note as the log signed it and the witness cosigned it: half of a proof, should the log ever sign another. */
export interface RememberedTree extends WitnessedTree {
  note: string;
}

export interface WitnessState {
  /** Counts the times that it was replaced, so that two at once cannot both replace the same one. */
  generation: number;
  /** By the origin of the log. */
  logs: ReadonlyMap<string, RememberedTree>;
}

/** The text is not what this witness saved. Nothing is done until somebody has looked at it. */
export class DamagedState extends Error {
  override name = 'DamagedState';
}

const stored = z.strictObject({
  muster: z.literal('audit-witness'),
  version: z.literal(1),
  generation: z.int().min(0),
  witness: z.string(),
  logs: z.record(z.string(), z.strictObject({ size: z.int().min(0), root: z.string(), note: z.string() })),
});

export const formatState = ({ generation, logs }: WitnessState, witness: VerifierKey): string => {
  const entries = [...logs].map(([origin, { size, root, note }]) => [origin, { size, root: toBase64(root), note }]);
  const state: z.input<typeof stored> = {
    muster: 'audit-witness',
    version: 1,
    generation,
    witness: formatVerifierKey(witness),
    logs: Object.fromEntries(entries) as z.input<typeof stored>['logs'],
  };
  return `${JSON.stringify(state, null, 2)}\n`;
};

/** Every tree in it must be one that this witness has cosigned: a size or a root that was edited has no such note. */
export const parseState = (text: string, witness: VerifierKey): WitnessState => {
  const { generation, witness: key, logs } = storedIn(text);
  if (key !== formatVerifierKey(witness))
    throw new DamagedState(`it is the state of the witness ${key}, and the key that was given is another one`);
  const trees = Object.entries(logs).map(([origin, tree]) => [origin, rememberedIn(origin, tree, witness)] as const);
  return { generation, logs: new Map(trees) };
};

const storedIn = (text: string): z.output<typeof stored> => {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new DamagedState('it is cut short, or no JSON', { cause: error });
  }
  const parsed = stored.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new DamagedState('it is not what this command writes', { cause: parsed.error });
};

const rememberedIn = (
  origin: string,
  { size, root, note }: z.output<typeof stored>['logs'][string],
  witness: VerifierKey,
): RememberedTree => {
  try {
    const parsed = parseNote(note);
    const checkpoint = parseCheckpoint(parsed.text);
    const isOfIt =
      checkpoint.origin === origin && checkpoint.size === size && sameBytes(checkpoint.root, fromBase64(root));
    if (isOfIt && vouchedBy(parsed, witness).signed) return { size, root: checkpoint.root, note };
  } catch (error) {
    throw new DamagedState(`what it says of ${origin} cannot be read`, { cause: error });
  }
  throw new DamagedState(`what it says of ${origin} is not what this witness has cosigned`);
};

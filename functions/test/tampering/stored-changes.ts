/** Single changes of a sealed log, made in the database past everything that Muster has. */
import { Timestamp, type DocumentData } from '@google-cloud/firestore';
import type { Chance } from './chance';

/** What a change writes; undefined deletes. */
export type Writes = Map<string, DocumentData | undefined>;

export interface Entry {
  id: string;
  data: DocumentData;
}

export interface StoredTile {
  hashes: Uint8Array;
  /** Of the lowest level alone. */
  salts?: string[];
}

/** The entries of one page, in the order of the log. */
export interface Target {
  entries: readonly Entry[];
  /** The tiles, as stored. */
  tiles: ReadonlyMap<string, StoredTile>;
}

export interface Change {
  kind: string;
  /** The leaf that the first problem must name; null where it cannot be told which. */
  names: number | null;
  writes: Writes;
}

const placeOf = ({ data }: Entry): number => data['leafIndex'] as number;
const pathOf = ({ id }: Entry): string => `muster_audit/${id}`;

const changed = (entry: Entry, kind: string, data: DocumentData): Change => ({
  kind,
  names: placeOf(entry),
  writes: new Map([[pathOf(entry), data]]),
});

const TEXTS = ['actorId', 'action', 'rationale', 'target', 'correlationId', 'ip', 'sessionId'] as const;

/** Another character at one place, one bit away where that is a character that can be seen. */
const otherText = (text: string, chance: Chance): string => {
  const at = chance.below(text.length);
  const flipped = String.fromCharCode(text.charCodeAt(at) ^ (1 << chance.below(5)));
  const other = /[a-z0-9]/u.test(flipped) ? flipped : text[at] === 'x' ? 'y' : 'x';
  return `${text.slice(0, at)}${other}${text.slice(at + 1)}`;
};

const content = (entry: Entry, chance: Chance): Change => {
  const field = chance.one(TEXTS);
  return changed(entry, `a bit of ${field}`, {
    ...entry.data,
    [field]: otherText(entry.data[field] as string, chance),
  });
};

const VALUES: readonly DocumentData[] = [
  { outcome: 'failed' },
  { severity: 'P3' },
  { drillId: 'drl_other0000' },
  { incidentId: 'inc_other0000' },
  { actorType: 'operator' },
  { actorId: 'somebody-else' },
  { rationale: null },
  { ip: null },
  { metadata: {} },
  { metadata: { attempt: 'as text' } },
  { metadata: { at: Timestamp.fromMillis(0) } },
  { unknown: 'field' },
];

const field = (entry: Entry, chance: Chance): Change => {
  // One of a drill is an exercise already.
  const value = chance.one([...VALUES, { exercise: entry.data['exercise'] !== true }]);
  return changed(entry, `the field ${Object.keys(value)[0]}`, { ...entry.data, ...value });
};

/** A field that is null says the same when it is not there (entries of an older guard), and so it is no change. */
const lacking = (entry: Entry, chance: Chance): Change => {
  const name = chance.one(Object.keys(entry.data).filter((one) => one !== 'leafIndex' && entry.data[one] !== null));
  const { [name]: _, ...rest } = entry.data;
  return changed(entry, `without ${name}`, rest);
};

const time = (entry: Entry, chance: Chance): Change => {
  const at = entry.data['at'] as Timestamp;
  const moved = Timestamp.fromMillis(at.toMillis() + (chance.below(2) === 0 ? 1 : -1) * (1 + chance.below(1_000_000)));
  return changed(entry, 'another time', { ...entry.data, at: moved });
};

const order = (entry: Entry, chance: Chance, { entries }: Target): Change => {
  const other = chance.one(entries.filter((one) => one !== entry));
  const [first] = [placeOf(entry), placeOf(other)].toSorted((one, another) => one - another);
  return {
    kind: 'two places exchanged',
    names: first ?? null,
    writes: new Map([
      [pathOf(entry), { ...entry.data, leafIndex: placeOf(other) }],
      [pathOf(other), { ...other.data, leafIndex: placeOf(entry) }],
    ]),
  };
};

const moved = (entry: Entry, chance: Chance): Change =>
  changed(entry, 'another place', { ...entry.data, leafIndex: chance.one([null, 4_999_999, -7, 0.5, 'one']) });

const removal = (entry: Entry): Change => ({
  kind: 'removed',
  names: placeOf(entry),
  writes: new Map([[pathOf(entry), undefined]]),
});

const newPath = (chance: Chance): string => `muster_audit/aud_forged${chance.below(1_000_000)}`;

const insertion = (entry: Entry, chance: Chance, { entries }: Target): Change => ({
  kind: 'inserted',
  names: placeOf(entry),
  writes: new Map([[newPath(chance), { ...chance.one(entries).data, rationale: 'forged', leafIndex: placeOf(entry) }]]),
});

const duplicate = (entry: Entry, chance: Chance): Change => ({
  kind: 'duplicated',
  names: placeOf(entry),
  writes: new Map([[newPath(chance), entry.data]]),
});

const tile = (entry: Entry, chance: Chance, { tiles }: Target): Change => {
  const place = placeOf(entry);
  const path = `muster_auditLog/current/muster_tiles/0-${Math.floor(place / 256)}`;
  const { hashes: original = new Uint8Array(), ...rest } = tiles.get(path) ?? {};
  const hashes = Buffer.from(original);
  const at = (place % 256) * 32 + chance.below(32);
  hashes[at] = (hashes[at] ?? 0) ^ (1 << chance.below(8));
  return { kind: 'a bit of a tile', names: place, writes: new Map([[path, { ...rest, hashes }]]) };
};

const salt = (entry: Entry, chance: Chance, { tiles }: Target): Change => {
  const place = placeOf(entry);
  const path = `muster_auditLog/current/muster_tiles/0-${Math.floor(place / 256)}`;
  const { hashes = new Uint8Array(), salts = [] } = tiles.get(path) ?? {};
  const other = chance.below(4) === 0 ? '' : otherText(salts[place % 256] ?? '', chance);
  return {
    kind: other === '' ? 'a salt removed' : 'a bit of a salt',
    names: place,
    writes: new Map([[path, { hashes, salts: salts.map((one, at) => (at === place % 256 ? other : one)) }]]),
  };
};

const derived = (entry: Entry, chance: Chance): Change =>
  changed(entry, 'what it is found by', {
    ...entry.data,
    ...chance.one<DocumentData>([
      { words: [] },
      { words: ['other'] },
      { actionPrefixes: ['o'] },
      { actionPrefixes: [] },
    ]),
  });

const KINDS: readonly ((entry: Entry, chance: Chance, target: Target) => Change)[] = [
  ...[
    content,
    content,
    content,
    field,
    lacking,
    time,
    order,
    moved,
    removal,
    insertion,
    duplicate,
    tile,
    salt,
    derived,
  ],
];

/** One change somewhere in a page. */
export const storedChange = (target: Target, chance: Chance): Change =>
  chance.one(KINDS)(chance.one(target.entries), chance, target);

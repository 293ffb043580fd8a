/** A sealed log as it is stored: changed past Muster, read again, and put back. */
import type { DocumentData } from '@google-cloud/firestore';
import { Meter } from '@muster/core/meter';
import type { ResponseOf } from '@muster/contract/operations';
import { rowsOfRange, storedEntryAt } from '../../src/features/audit/evidence/evidence-reader';
import type { AsStored } from '../../src/features/audit/log/log-documents';
import { logTileAt } from '../../src/features/audit/log/log-documents';
import type { Backend } from '../harness';
import type { Change, Entry, StoredTile, Target } from './stored-changes';

export type Rows = Pick<ResponseOf<'audit-export'>, 'rows' | 'strays'>;

export interface Range {
  begin: number;
  end: number;
}

export interface StoredLog {
  /** Its pages. */
  targets: readonly Target[];
  /** Makes the changes, looks, and puts everything back. */
  during<T>(changes: readonly Change[], look: () => Promise<T>): Promise<T>;
  /**
   * What the export would read of a page, without its query, for which the emulator looks at every document each time: those
   * that were changed as the store reads them now, the others as it read them before.
   */
  rowsNow(changes: readonly Change[]): Promise<(range: Range) => Promise<Rows>>;
}

export const storedLog = async (backend: Backend, page: number): Promise<StoredLog> => {
  const targets = await targetsIn(backend, page);
  const tiles = targets[0]?.tiles ?? new Map<string, StoredTile>();
  const lowest = [...tiles.keys()].filter((path) => path.includes('/0-'));
  const untouched = await readAll(backend, [
    ...targets.flatMap(({ entries }) => entries.map(({ id }) => `muster_audit/${id}`)),
    ...lowest,
  ]);
  return {
    targets,
    during: (changes, look) => during(backend, withoutSharedTiles(changes, tiles), look),
    async rowsNow(changes) {
      const now = await readAll(
        backend,
        changes.flatMap(({ writes }) => [...writes.keys()]),
      );
      const found = [...new Map([...untouched.entries, ...now.entries])].flatMap(([id, data]) =>
        data ? [{ id, data }] : [],
      );
      const stored = new Map([...untouched.tiles, ...now.tiles]);
      const hashes = new Map([...stored].map(([name, one]) => [name, one.hashes]));
      const saltOf = (leaf: number) => stored.get(`0-${Math.floor(leaf / 256)}`)?.salts?.[leaf % 256] ?? '';
      return async (range) =>
        rowsOfRange(
          range,
          found.filter(({ data }) => isWithin(data['leafIndex'], range)),
          { tiles: hashes, saltOf },
          { withheld: new Set() },
        );
    },
  };
};

const isWithin = (place: unknown, { begin, end }: Range): boolean =>
  typeof place === 'number' && place >= begin && place < end;

const targetsIn = async ({ firestore }: Backend, page: number): Promise<Target[]> => {
  const [found, stored] = await Promise.all([
    firestore.collection('muster_audit').orderBy('leafIndex').get(),
    firestore.collection('muster_auditLog/current/muster_tiles').get(),
  ]);
  const entries: Entry[] = found.docs.map((document) => ({ id: document.id, data: document.data() }));
  const tiles = new Map(stored.docs.map((document) => [document.ref.path, document.data() as StoredTile]));
  const pages = Math.ceil(entries.length / page);
  return Array.from({ length: pages }, (_, at) => ({ entries: entries.slice(at * page, (at + 1) * page), tiles }));
};

interface Read {
  entries: Map<string, AsStored | undefined>;
  tiles: Map<string, StoredTile>;
}

const readAll = async ({ deps }: Backend, paths: readonly string[]): Promise<Read> => {
  const work = deps.store.read(new Meter());
  const read: Read = { entries: new Map(), tiles: new Map() };
  const ids = paths
    .filter((path) => path.startsWith('muster_audit/'))
    .map((path) => path.slice('muster_audit/'.length));
  const names = paths
    .filter((path) => path.startsWith('muster_auditLog/'))
    .map((path) => path.slice(path.lastIndexOf('/') + 1));
  const tileAt = (name: string) => logTileAt({ level: 0, index: Number(name.split('-')[1]) });
  await work.prefetch([...ids.map(storedEntryAt), ...names.map(tileAt)]);
  for (const id of ids) read.entries.set(id, await work.read(storedEntryAt(id)));
  for (const name of names) {
    const { hashes = new Uint8Array(), salts = [] } = (await work.read(tileAt(name))) ?? {};
    read.tiles.set(name, { hashes, salts });
  }
  return read;
};

const during = async <T>(backend: Backend, changes: readonly Change[], look: () => Promise<T>): Promise<T> => {
  const { firestore } = backend;
  const writes = new Map(changes.flatMap(({ writes: some }) => [...some]));
  const before = new Map<string, DocumentData | undefined>();
  for (const snapshot of await firestore.getAll(...[...writes.keys()].map((path) => firestore.doc(path))))
    before.set(snapshot.ref.path, snapshot.data());
  await writeAll(backend, writes);
  try {
    return await look();
  } finally {
    await writeAll(backend, before);
  }
};

const writeAll = async (
  { firestore }: Backend,
  writes: ReadonlyMap<string, DocumentData | undefined>,
): Promise<void> => {
  const batch = firestore.batch();
  for (const [path, data] of writes) {
    const document = firestore.doc(path);
    if (data === undefined) batch.delete(document);
    else batch.set(document, data);
  }
  await batch.commit();
};

/** Two changes of one tile are one write with both. */
const withoutSharedTiles = (changes: readonly Change[], original: ReadonlyMap<string, StoredTile>): Change[] => {
  const merged = new Map<string, Required<StoredTile>>();
  return changes.map((change) => {
    const [[path, data] = ['', undefined]] = change.writes;
    if (!original.has(path) || !data) return change;
    const untouched = { hashes: new Uint8Array(), salts: [], ...original.get(path) };
    const before = merged.get(path) ?? untouched;
    const mine = data as Required<StoredTile>;
    const hashes = Buffer.from(
      before.hashes.map((byte, at) => (mine.hashes[at] === untouched.hashes[at] ? byte : (mine.hashes[at] ?? 0))),
    );
    const salts = before.salts.map((one, at) =>
      mine.salts[at] === untouched.salts[at] ? one : (mine.salts[at] ?? ''),
    );
    merged.set(path, { hashes, salts });
    return { ...change, writes: new Map([[path, { hashes, salts }]]) };
  });
};

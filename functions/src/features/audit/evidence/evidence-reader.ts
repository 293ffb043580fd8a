/** Entries as evidence: by their place in the log, as stored, whatever state they are in. */
import { auditEntry, toAuditRow } from '@muster/core/audit/audit-entry';
import { documentAt, type BoundedQuery, type Filter } from '@muster/core/storage/documents';
import { badInput } from '@muster/core/errors';
import { collections, paths } from '@muster/core/storage/paths';
import { toBase64 } from '@muster/tlog/crypto';
import { HASH_LENGTH } from '@muster/tlog/merkle';
import { leafHashAt, nameOf, TileMissing, type Tiles } from '@muster/tlog/tiles';
import { auditRow } from '@muster/contract/audit/entry';
import { evidenceRecord, type BodyRecord, type EvidenceParts, type Shown } from '@muster/tlog/export';
import { asStored, type AsStored } from '../log/log-documents';
import type { SaltOf } from '../log/log-reader';
import { hashOfEntry, misderivedFields, toSealedEntry } from '../log/sealed-entry';

export interface Found {
  id: string;
  data: AsStored;
}

export const storedEntryAt = (id: string) => documentAt(paths.auditEntry(id), asStored);

const byPlace = (where: Filter[], direction: 'asc' | 'desc', limit: number): BoundedQuery<AsStored> => ({
  collection: collections.audit,
  schema: asStored,
  where,
  orderBy: [{ field: 'leafIndex', direction }],
  limit,
});

/** The entry that claims the last place of all. */
export const lastPlaced = (size: number): BoundedQuery<AsStored> =>
  byPlace([{ field: 'leafIndex', is: '>=', value: size }], 'desc', 1);

export interface Selection {
  drillId?: string | undefined;
  incidentId?: string | undefined;
}

export const inSelection = (
  { drillId, incidentId }: Selection,
  { begin, size, limit }: { begin: number; size: number; limit: number },
): BoundedQuery<AsStored> => {
  const [field, value] = drillId === undefined ? ['incidentId', incidentId ?? ''] : ['drillId', drillId];
  return byPlace(
    [
      { field, is: '==', value },
      { field: 'leafIndex', is: '>=', value: begin },
      { field: 'leafIndex', is: '<', value: size },
    ],
    'asc',
    limit + 1,
  );
};

/** Where a selection goes on: an opaque word around the next place. */
export const toPlaceCursor = (place: number): string => Buffer.from(`leaf ${place}`).toString('base64url');

export const fromPlaceCursor = (cursor: string): number => {
  const [, place] = /^leaf (\d{1,15})$/u.exec(Buffer.from(cursor, 'base64url').toString('utf8')) ?? [];
  if (place === undefined) throw badInput([{ field: 'cursor', problem: 'not a nextCursor of an earlier answer' }]);
  return Number(place);
};

export const placeOf = ({ data }: Pick<Found, 'data'>): number => Number(data['leafIndex']);

/** Whether what it says can be a place at all. */
export const isPlaced = ({ data }: Pick<Found, 'data'>): boolean => {
  const place = data['leafIndex'];
  return typeof place === 'number' && Number.isSafeInteger(place) && place >= 0;
};

export const toStray = (one: Found) => ({ id: one.id, leafIndex: Number.isFinite(placeOf(one)) ? placeOf(one) : -1 });

/** What the log has of leaves. */
export interface Stored {
  tiles: Tiles;
  saltOf: SaltOf;
}

/** Every leaf of a range with what was found of it, and what claims a place between two. */
export const rowsOfRange = (
  { begin, end }: { begin: number; end: number },
  found: readonly Found[],
  { tiles, saltOf }: Stored,
  shown: Shown,
): { rows: BodyRecord[]; strays: ReturnType<typeof toStray>[] } => {
  const claiming = new Map<number, Found[]>();
  for (const one of found) claiming.set(placeOf(one), [...(claiming.get(placeOf(one)) ?? []), one]);
  const places = Array.from({ length: end - begin }, (_, at) => begin + at);
  return {
    rows: places.map((place) => evidenceRecord(partsOf(place, claiming.get(place) ?? [], { tiles, saltOf }), shown)),
    strays: found.filter((one) => !isPlaced(one)).map(toStray),
  };
};

/** One leaf, with what claims to be its entry: none, one, or (somebody was here) several. */
export const partsOf = (leafIndex: number, claiming: readonly Found[], { tiles, saltOf }: Stored): EvidenceParts => {
  const damaged: string[] = [];
  const entries = claiming.map((one) => toEntry(one, saltOf(leafIndex)));
  const hash = hashIn(tiles, leafIndex, damaged) ?? entries[0]?.hash ?? toBase64(new Uint8Array(HASH_LENGTH));
  const entry = entries.find((one) => one.hash === hash) ?? entries[0];
  // A tile that is missing is why its salts are.
  const isTileLost = damaged.length > 0;
  if (entries.length > 1) damaged.push('leafIndex (another document has the same)');
  damaged.push(...(entry?.damaged ?? []).filter((field) => field !== 'salt' || !isTileLost));
  return { leafIndex, hash, entry: entry?.sealed ?? null, salt: entry?.salt ?? null, damaged, proof: null };
};

const hashIn = (tiles: Tiles, leafIndex: number, damaged: string[]): string | undefined => {
  try {
    return toBase64(leafHashAt(tiles, leafIndex));
  } catch (error) {
    if (!(error instanceof TileMissing)) throw error;
    damaged.push(`tile ${nameOf(error.tile)}`);
    return undefined;
  }
};

interface Read extends Pick<EvidenceParts, 'salt'> {
  damaged: string[];
  sealed: EvidenceParts['entry'];
  hash: string | undefined;
}

const toEntry = ({ id, data }: Found, saltInTile: string): Read => {
  const parsed = auditEntry.safeParse(data);
  if (!parsed.success) {
    const fields = parsed.error.issues.map(({ path }) => String(path[0] ?? 'document'));
    return { sealed: null, salt: null, hash: undefined, damaged: [...new Set(fields)] };
  }
  const row = auditRow.safeParse(toAuditRow({ id, data: parsed.data }));
  if (!row.success || !isJson(parsed.data.metadata))
    return { sealed: null, salt: null, hash: undefined, damaged: [row.success ? 'metadata' : 'id'] };
  const sealed = toSealedEntry(id, parsed.data);
  // Of an entry of before it may still be where it was (move-salts.ts).
  const salt = saltInTile === '' ? (parsed.data.salt ?? '') : saltInTile;
  if (salt === '') return { sealed, salt: null, hash: undefined, damaged: ['salt'] };
  return { sealed, salt, hash: toBase64(hashOfEntry(id, parsed.data, salt)), damaged: misderivedFields(parsed.data) };
};

/** Muster stores nothing else in an entry; a time or bytes of the database would be another value with the same leaf. */
const isJson = (value: unknown): boolean => {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (Array.isArray(value)) return value.every(isJson);
  if (typeof value !== 'object') return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return (prototype === Object.prototype || prototype === null) && Object.values(value).every(isJson);
};

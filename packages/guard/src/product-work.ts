import * as z from 'zod';
import type { BoundedQuery, Stored } from '@muster/core/storage/documents';
import { documentAt } from '@muster/core/storage/documents';
import { MusterError } from '@muster/core/errors';
import { isIn, isOfMuster } from '@muster/core/storage/paths';
import { toRestValue } from '@muster/core/storage/rest-values';
import type { Work } from '@muster/core/storage/work';

type Fields = Record<string, unknown>;
const anyFields = z.record(z.string(), z.unknown());

/** What is looked for: all of a collection unless `where` says otherwise, in no order unless `orderBy` does, and never more than `limit`. */
export type ProductQuery = Pick<BoundedQuery<Fields>, 'collection' | 'limit' | 'after'> &
  Partial<Pick<BoundedQuery<Fields>, 'where' | 'orderBy'>>;

/**
 * What a product does with its documents while it is guarded: everything is committed together, or nothing is. A path is
 * `collection/id`, or deeper; each is read before it is written, and written once at the most. A field that is undefined is left out.
 */
export interface ProductWork {
  /**
   * The document's fields, or undefined when there is none. The commit stands only if it is then as it was read.
   * Times come as `Date`, to the millisecond.
   */
  get(path: string): Promise<Fields | undefined>;
  /** Several documents in one round trip. */
  getAll(paths: readonly string[]): Promise<(Fields | undefined)[]>;
  /** What a query finds; the commit stands only if these are then as found. Others may appear. */
  find(query: ProductQuery): Promise<Stored<Fields>[]>;
  /** A new document; the commit fails if one is there. */
  create(path: string, data: Fields): void;
  /** The whole document. If it was read here, the commit stands only if nobody changed it since. */
  set(path: string, data: Fields): void;
  /**
   * These fields, the others as they are; the document must exist, or the work is refused with `UNKNOWN_DOCUMENT`. A field is named
   * as it is called: `ship.to`, which the Admin SDK takes for `to` within `ship`, is refused, for `ship` is read and written whole.
   */
  update(path: string, fields: Fields): void;
  /** If it was read here, the commit stands only if nobody changed it since. */
  delete(path: string): void;
}

/** Lets a product do its part in a unit of work; what it does later, not having been waited for, is refused. */
export const openWork = async <T>(unit: Work, use: (work: ProductWork) => Promise<T>): Promise<T> => {
  let over = false;
  const open = (): Work => {
    if (over) throw new Error('this work is over: wait for all that it does before it returns');
    return unit;
  };
  try {
    return await use(workOn(open));
  } finally {
    over = true;
  }
};

const workOn = (open: () => Work): ProductWork => ({
  async get(path) {
    const address = productDocument(path);
    refuseWritten(open(), [path]);
    return open().read(address);
  },
  async getAll(all) {
    const addresses = all.map(productDocument);
    const unit = open();
    refuseWritten(unit, all);
    await unit.prefetch(addresses);
    return Promise.all(addresses.map((address) => unit.read(address)));
  },
  async find(query) {
    const found = await open().find(bounded(query));
    refuseWritten(
      open(),
      found.map(({ path }) => path),
    );
    return found;
  },
  create: (path, data) =>
    open().stage({ kind: 'set', path: writable(path), data: fieldsOf(path, data), expects: 'absent' }),
  set(path, data) {
    const unit = open();
    unit.stage({ kind: 'set', path: writable(path), data: fieldsOf(path, data), expects: unit.expectationOf(path) });
  },
  update(path, fields) {
    const unit = open();
    const data = fieldsOf(path, fields);
    const ofSeveral = Object.keys(data).find((name) => MEANT_AS_PATH.test(name));
    if (ofSeveral !== undefined) {
      throw new Error(
        `${path}: ${ofSeveral || "''"} is not the name of a field. To change what is within a map, read the document and update the whole map`,
      );
    }
    if (Object.values(data).every((value) => value === undefined)) throw new Error(`nothing to update in ${path}`);
    unit.stage({ kind: 'update', path: writable(path), data, expects: presentAs(unit.expectationOf(path)) });
  },
  delete(path) {
    const unit = open();
    unit.stage({ kind: 'delete', path: writable(path), expects: unit.expectationOf(path) });
  },
});

/** Read after it was written, a document would come as it was, and nothing would see to it that it still is. */
const refuseWritten = (unit: Work, all: readonly string[]): void => {
  const written = unit.staged.find(({ path }) => all.includes(path));
  if (written) throw new Error(`${written.path} was written in this work already: read it first`);
};

/** What the Admin SDK takes for a path to a field, or refuses in one. */
const MEANT_AS_PATH = /^$|[.~*/[\]]/u;

/** Not every caller has a compiler: the letters of a text would be stored as fields. What cannot be stored is named with its field. */
const fieldsOf = (path: string, data: Fields): Fields => {
  if (typeof data !== 'object' || data === null || Array.isArray(data) || data instanceof Date) {
    throw new TypeError('the fields of a document are an object');
  }
  for (const [name, value] of Object.entries(data)) {
    if (value === undefined) continue;
    try {
      toRestValue(value);
    } catch (cause) {
      throw new TypeError(
        `${path}: the field ${name}: ${(cause as Error).message}. Write plain values, GeoPoint and Reference of this package: the SDK's own kinds and FieldValue are not taken`,
        { cause },
      );
    }
  }
  return data;
};

/** The query with what was left out; what is no query is named, because not every caller has a compiler. */
const bounded = ({ where = [], orderBy = [], ...query }: ProductQuery): BoundedQuery<Fields> => {
  const { collection, limit } = query;
  if (typeof collection !== 'string' || collection === '') throw new TypeError('collection: the path of a collection');
  if (!Number.isInteger(limit) || limit < 1) throw new TypeError('limit: how many to find at the most, 1 or more');
  if (!Array.isArray(where)) throw new TypeError('where: a list of { field, is, value }');
  if (!Array.isArray(orderBy)) throw new TypeError('orderBy: a list of { field, direction }');
  return { ...query, where, orderBy, schema: anyFields };
};

/**
 * Refuses when a document that was to be updated is not there, as far as the work has read it. A commit cannot tell that from having
 * been outrun, so before it is made `again` those are read that were not: it costs a read of each, and only then.
 */
export const refuseMissing = async (unit: Work, again: boolean): Promise<void> => {
  const updated = unit.staged.filter(({ expects }) => expects === 'present').map(({ path }) => productDocument(path));
  if (again) await unit.prefetch(updated);
  const missing = updated.find(({ path }) => unit.expectationOf(path) === 'absent');
  if (missing) {
    throw new MusterError(
      'NOT_FOUND',
      'A document that was to be updated is not there. Nothing was changed.',
      { reason: 'UNKNOWN_DOCUMENT', next: 'Create it, or read it first and do without.' },
      { cause: new Error(`${missing.path} is not there to be updated`) },
    );
  }
};

const presentAs = (expects: ReturnType<Work['expectationOf']>) => (typeof expects === 'object' ? expects : 'present');

/** A path that names one document and can be written in one way only, so that no other spelling leads past `isOfMuster`. */
export const productDocument = (path: string) => {
  const names = path.split('/');
  if (names.length % 2 === 0 && names.every((name) => IS_NAME.test(name))) return documentAt(path, anyFields);
  throw new Error(`${path} is not the path of a document`);
};
const IS_NAME = /^(?!\.\.?$|__.*__$)[^/]+$/su;

/**
 * Muster's own documents, some of which decide who may do what, are written by its operations alone; but what the canary
 * writes as a product does, which is no record, and on which nobody's decision rests.
 */
const writable = (path: string): string => {
  productDocument(path);
  if (!isOfMuster(path) || isIn('canaryWrites', path)) return path;
  throw new Error(`${path} is written by Muster's own operations, not by the work that they guard`);
};

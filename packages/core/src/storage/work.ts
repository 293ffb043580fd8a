import { refuseRewriting } from './append-only';
import type { BoundedQuery, DocumentAddress, Stored } from './documents';
import type { Meter } from '../meter';
import type { Expectation, StagedWrite } from './staged-write';

/** A document as the database gave it; `version` is undefined when there is none. */
export interface Snapshot {
  path: string;
  data: Record<string, unknown> | undefined;
  version: string | undefined;
}

/** What a store can do for a unit of work while it is open. */
export interface WorkSource {
  fetch(paths: string[]): Promise<Snapshot[]>;
  query(query: BoundedQuery<unknown>): Promise<Snapshot[]>;
  /** How many it would find, up to its limit, without reading them. Nothing is known of their versions. */
  count(query: BoundedQuery<unknown>): Promise<number>;
}

/**
 * One unit of work: reads are remembered with their versions, writes wait, and the store commits all of it
 * or nothing, only if every document that was read is still at the version that was read.
 */
export class Work {
  readonly #source: WorkSource;
  readonly #meter: Meter;
  readonly #seen = new Map<string, Snapshot>();
  readonly #staged = new Map<string, StagedWrite>();

  constructor(source: WorkSource, meter: Meter) {
    this.#source = source;
    this.#meter = meter;
  }

  /** Reads several documents in one round trip; those already read are not read again. */
  async prefetch(addresses: readonly DocumentAddress<unknown>[]): Promise<void> {
    const unread = [...new Set(addresses.map(({ path }) => path))].filter((path) => !this.#seen.has(path));
    if (unread.length === 0) return;
    this.#meter.readDocuments(unread.length);
    for (const snapshot of await this.#source.fetch(unread)) this.#seen.set(snapshot.path, snapshot);
  }

  /** The document, checked against its schema, or undefined when there is none. */
  async read<T>(address: DocumentAddress<T>): Promise<T | undefined> {
    await this.prefetch([address]);
    const data = this.#seen.get(address.path)?.data;
    return data === undefined ? undefined : address.schema.parse(data);
  }

  /** A document that was read before in this unit of work, as stored; undefined when there is none. */
  seen({ path }: DocumentAddress<unknown>): Record<string, unknown> | undefined {
    const snapshot = this.#seen.get(path);
    if (!snapshot) throw new Error(`${path} was not read in this unit of work`);
    return snapshot.data;
  }

  /** What a query finds. Later writes to a found document hold only if it is still as found; others may appear. */
  async find<T>(query: BoundedQuery<T>): Promise<Stored<T>[]> {
    const found = await this.#source.query(query);
    this.#meter.ranQuery(found.length);
    return found.flatMap((snapshot) => {
      if (snapshot.data === undefined || snapshot.version === undefined) return [];
      const { path, version } = snapshot;
      // What was read first is what was worked on: if it has changed since, the commit must fail.
      if (!this.#seen.has(path)) this.#seen.set(path, snapshot);
      return [{ id: path.slice(path.lastIndexOf('/') + 1), path, version, data: query.schema.parse(snapshot.data) }];
    });
  }

  /** How many a query would find, up to its limit. It may be more a moment later: no decision rests on it. */
  async count(query: BoundedQuery<unknown>): Promise<number> {
    const counted = await this.#source.count(query);
    this.#meter.counted(counted);
    return counted;
  }

  /** Takes over a document as a query found it a moment ago, instead of reading it again. */
  adopt({ path, data, version }: Stored<unknown>): void {
    this.#seen.set(path, { path, data: data as Record<string, unknown>, version });
  }

  /** Stages a new document; the commit fails if one is there already. */
  create<T>(address: DocumentAddress<T>, data: T): void {
    this.stage({ kind: 'set', path: address.path, data: asFields(address, data), expects: 'absent' });
  }

  /** Stages the whole document; it must have been read before, and the commit fails if it changed since. */
  write<T>(address: DocumentAddress<T>, data: T): void {
    if (!this.#seen.has(address.path))
      throw new Error(`${address.path} is written without having been read in this unit of work`);
    this.stage({
      kind: 'set',
      path: address.path,
      data: asFields(address, data),
      expects: this.expectationOf(address.path),
    });
  }

  /** What the commit may expect of a document: the version that was read, or nothing if it was not read. */
  expectationOf(path: string): Expectation {
    const seen = this.#seen.get(path);
    if (!seen) return 'anything';
    return seen.version === undefined ? 'absent' : { version: seen.version };
  }

  /** Stages any write; `create` and `write` are the ways that check what is stored. */
  stage(write: StagedWrite): void {
    refuseRewriting(write);
    if (this.#staged.has(write.path)) throw new Error(`${write.path} is written twice in one unit of work`);
    this.#staged.set(write.path, write);
  }

  get staged(): StagedWrite[] {
    return [...this.#staged.values()];
  }

  /** Everything that was read and is not written: what the decision rests on. */
  get restsOn(): Snapshot[] {
    return [...this.#seen.values()].filter(({ path }) => !this.#staged.has(path));
  }
}

/** Nothing is stored that could not be read back: the schema is checked on the way in too. */
const asFields = <T>(address: DocumentAddress<T>, data: T): Record<string, unknown> =>
  address.schema.parse(data) as Record<string, unknown>;

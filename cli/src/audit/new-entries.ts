/** What comes into the audit, each entry once, by asking again and again. */
import type { audit } from '@muster/contract';

type Row = audit.AuditRow;

export interface AuditPages {
  (asked: { from?: string; cursor?: string; limit: number }): Promise<{ entries: Row[]; nextCursor: string | null }>;
}

/**
 * An entry has the time of its call, and stands from its commit on: up to a minute later, and clocks differ by as much again.
 * So far back is looked for late ones; each time would cost a read for every entry of that time, so most times less.
 */
export const LATE_MS = 120_000;
export const USUAL_MS = 10_000;
const LOOK_BACK_EVERY = 15;
const PAGE = 200;

export class NewEntries {
  readonly #read: AuditPages;
  readonly #now: () => Date;
  /** By id, with their times: those that may be answered again. */
  readonly #seen = new Map<string, number>();
  #newest = 0;
  #turn = 0;

  constructor(read: AuditPages, now: () => Date) {
    this.#read = read;
    this.#now = now;
  }

  /** Takes note of what is there, and gives the last of it, oldest first. */
  async begin(last: number): Promise<Row[]> {
    const found: Row[] = [];
    let cursor: string | null = null;
    do {
      const page = await this.#read({ limit: PAGE, ...(cursor === null ? {} : { cursor }) });
      found.push(...page.entries);
      cursor = page.nextCursor;
    } while (cursor !== null && (found.length < last || timeOf(found.at(-1)) >= timeOf(found[0]) - LATE_MS));
    this.#remember(found);
    return found.slice(0, last).toReversed();
  }

  /** What came since, oldest first; when it fails, the next call gives it. */
  async next(): Promise<Row[]> {
    const back = this.#turn % LOOK_BACK_EVERY === 0 ? LATE_MS : USUAL_MS;
    // Of a clock that is ahead there may be entries of times to come: those that come meanwhile must not be missed.
    const from = Math.min(this.#newest, this.#now().getTime()) - back;
    const found: Row[] = [];
    let cursor: string | null = null;
    do {
      const since = this.#newest === 0 ? {} : { from: new Date(from).toISOString() };
      const page = await this.#read({ limit: PAGE, ...since, ...(cursor === null ? {} : { cursor }) });
      found.push(...page.entries);
      cursor = page.nextCursor;
    } while (cursor !== null);
    this.#turn += 1;
    const unseen = found.filter(({ id }) => !this.#seen.has(id));
    this.#remember(unseen);
    return unseen.toReversed();
  }

  /** After a time without answers: looks back as far as it can. */
  lookBack(): void {
    this.#turn = 0;
  }

  #remember(rows: readonly Row[]): void {
    for (const row of rows) {
      this.#seen.set(row.id, timeOf(row));
      this.#newest = Math.max(this.#newest, timeOf(row));
    }
    // No later call asks for what is older.
    const oldest = Math.min(this.#newest, this.#now().getTime()) - LATE_MS;
    for (const [id, at] of this.#seen) if (at < oldest) this.#seen.delete(id);
  }
}

const timeOf = (row: Row | undefined): number => (row ? Date.parse(row.at) : 0);

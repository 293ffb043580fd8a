/** What an operation declares that it may cost, at the most, in documents read and written on its usual way. */
export interface Cost {
  reads: number;
  writes: number;
}

/** A declared budget: what a call may cost, and how much each row asked for (`limit`) or found adds. */
export interface Budget extends Cost {
  readsPerRow?: number;
  writesPerRow?: number;
}

/**
 * Counts documents as Firestore bills them: a read of a missing document is a read, a query that finds
 * nothing is one read. `verify` writes change nothing and are not counted.
 */
export class Meter implements Cost {
  reads = 0;
  writes = 0;

  readDocuments(count: number): void {
    this.reads += count;
  }

  ranQuery(found: number): void {
    this.reads += Math.max(1, found);
  }

  /** One read for each 1,000 index entries that are counted, and one for none. */
  counted(entries: number): void {
    this.reads += Math.max(1, Math.ceil(entries / 1000));
  }

  wroteDocuments(count: number): void {
    this.writes += count;
  }
}

import type { Stored } from '@muster/core/storage/documents';
import type { Work } from '@muster/core/storage/work';
import { died, type DeadReason } from './delivery';
import type { ConnectorQueue } from './queue-document';
import { writeAt, type ConnectorWrite } from './write-document';

type Write = Stored<ConnectorWrite>;

/** What the writes of one commit come to. */
export class Settlement {
  readonly #work: Work;
  readonly #now: Date;
  settled: number;
  waiting: number;
  #dead: number;
  delivered = 0;
  readonly deadWrites: { id: string; reason: DeadReason }[] = [];

  constructor(work: Work, { settled, waiting, dead }: ConnectorQueue, now: Date) {
    this.#work = work;
    this.#now = now;
    this.settled = settled;
    this.waiting = waiting;
    this.#dead = dead;
  }

  get buried(): number {
    return this.deadWrites.length;
  }

  get counts(): Pick<ConnectorQueue, 'settled' | 'waiting' | 'dead'> {
    return { settled: this.settled, waiting: this.waiting, dead: this.#dead };
  }

  /** `counted`: it counts as waiting until now; what was discarded was counted as dead then. */
  bury(write: Write, reason: DeadReason, counted: boolean): void {
    this.settle(write, died(write.data, reason, this.#now), counted);
  }

  settle({ id }: Write, after: ConnectorWrite, counted = true): void {
    this.#work.write(writeAt(id), after);
    if (after.status === 'waiting') return;
    this.settled = after.sequence;
    if (counted) this.waiting -= 1;
    if (after.status === 'delivered') this.delivered += 1;
    if (after.deadReason === null) return;
    this.deadWrites.push({ id, reason: after.deadReason });
    if (counted) this.#dead += 1;
  }
}

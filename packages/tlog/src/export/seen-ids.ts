/**
 * Which ids were there already, in 16 bytes each: two 32-bit hashes in a table that is never more than half full. Two different ids
 * look the same once in 10^11 pairs of a million; ids are random, and the log says the same of both.
 */
export class SeenIds {
  #slots = new Uint32Array(2 * 1024);
  #count = 0;

  /** False when it was there already. */
  add(id: string): boolean {
    const [one, other] = hashesOf(id);
    if (!this.#place(one, other)) return false;
    this.#count += 1;
    if (this.#count * 4 > this.#slots.length) this.#grow();
    return true;
  }

  #place(one: number, other: number): boolean {
    const mask = this.#slots.length / 2 - 1;
    for (let slot = one & mask; ; slot = (slot + 1) & mask) {
      const [first, second] = [this.#slots[slot * 2], this.#slots[slot * 2 + 1]];
      if (first === one && second === other) return false;
      if (first !== 0 || second !== 0) continue;
      this.#slots[slot * 2] = one;
      this.#slots[slot * 2 + 1] = other;
      return true;
    }
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Uint32Array(old.length * 2);
    for (let at = 0; at < old.length; at += 2) {
      const [one = 0, other = 0] = [old[at], old[at + 1]];
      if (one !== 0 || other !== 0) this.#place(one, other);
    }
  }
}

/** FNV-1a from two beginnings; never both zero, which is an empty slot. */
const hashesOf = (id: string): [number, number] => {
  let [one, other] = [0x811c9dc5, 0x9e3779b9];
  for (let at = 0; at < id.length; at += 1) {
    const code = id.charCodeAt(at);
    one = Math.imul(one ^ code, 0x01000193) >>> 0;
    other = Math.imul(other ^ code, 0x5bd1e995) >>> 0;
    other = (other ^ (other >>> 13)) >>> 0;
  }
  return one === 0 && other === 0 ? [1, 1] : [one, other];
};

/** What must not verify, made of what does: the probes of transparency-dev/merkle (proof/verify_test.go), and more of their kind. */
export interface InclusionCase {
  index: number;
  size: number;
  leaf: Uint8Array;
  proof: Uint8Array[];
  root: Uint8Array;
}

export interface ConsistencyCase {
  older: number;
  newer: number;
  olderRoot: Uint8Array;
  newerRoot: Uint8Array;
  proof: Uint8Array[];
}

export const flipped = (bytes: Uint8Array, bit: number): Uint8Array =>
  bytes.map((byte, at) => (at === Math.floor(bit / 8) ? byte ^ (1 << (bit % 8)) : byte));

const SHORT = new Uint8Array(31);
const NONE = new Uint8Array();

/** A proof in which one hash is changed, left out, added, or has changed places. */
const wrongProofs = (proof: readonly Uint8Array[], foreign: readonly Uint8Array[]): [string, Uint8Array[]][] => {
  const wrong: [string, Uint8Array[]][] = [];
  for (const [at, hash] of proof.entries()) {
    for (const bit of [0, 3, 12, 255]) wrong.push([`bit ${bit} of hash ${at}`, proof.with(at, flipped(hash, bit))]);
    wrong.push([`without hash ${at}`, proof.toSpliced(at, 1)]);
    wrong.push([`hash ${at} twice`, proof.toSpliced(at, 0, hash)]);
    wrong.push([`hash ${at} cut short`, proof.with(at, hash.subarray(0, 31))]);
    const next = proof[at + 1];
    if (next) wrong.push([`hashes ${at} and ${at + 1} swapped`, proof.with(at, next).with(at + 1, hash)]);
  }
  for (const hash of [...foreign, SHORT, NONE])
    for (let at = 0; at <= proof.length; at += 1) wrong.push([`another hash at ${at}`, proof.toSpliced(at, 0, hash)]);
  return wrong;
};

export const wrongInclusions = (right: InclusionCase, foreign: Uint8Array): [string, InclusionCase][] => {
  const { index, size, leaf, proof, root } = right;
  const probes: [string, Partial<InclusionCase>][] = [
    ['index - 1', { index: index - 1 }],
    ['index + 1', { index: index + 1 }],
    ['index ^ 2', { index: index ^ 2 }],
    ['index that is none', { index: index + 0.5 }],
    ['size * 2', { size: size * 2 }],
    ['size / 2', { size: Math.floor(size / 2) }],
    ['size of nothing', { size: 0 }],
    ['another leaf', { leaf: foreign }],
    ['no leaf', { leaf: NONE }],
    ['another root', { root: foreign }],
    ['no root', { root: NONE }],
    ['a root cut short', { root: root.subarray(0, 31) }],
    ...wrongProofs(proof, [foreign, root, leaf]).map(([what, wrong]): [string, Partial<InclusionCase>] => [
      what,
      { proof: wrong },
    ]),
  ];
  // Bytes that change sides of a border between two hashes: the node over them hashes to the same.
  const [first] = proof;
  if (first && index % 2 === 0) {
    const moved = Uint8Array.of(leaf[31] ?? 0, ...first);
    probes.push(['a border moved', { leaf: leaf.subarray(0, 31), proof: proof.with(0, moved) }]);
  }
  // `size + 1` is not among them: where the path is the same, only the signed head tells the sizes apart.
  return probes.map(([what, change]) => [what, { ...right, ...change }]);
};

export const wrongConsistencies = (right: ConsistencyCase, foreign: Uint8Array): [string, ConsistencyCase][] => {
  const { older, newer, olderRoot, newerRoot, proof } = right;
  const probes: [string, Partial<ConsistencyCase>][] = [
    ['older - 1', { older: older - 1 }],
    ['older + 1', { older: older + 1 }],
    ['older ^ 2', { older: older ^ 2 }],
    ['newer * 2', { newer: newer * 2 }],
    ['newer / 2', { newer: Math.floor(newer / 2) }],
    ['sizes the other way', { older: newer, newer: older }],
    ['another older root', { olderRoot: foreign }],
    ['another newer root', { newerRoot: foreign }],
    ['roots the other way', { olderRoot: newerRoot, newerRoot: olderRoot }],
    ['no roots', { olderRoot: NONE, newerRoot: NONE }],
    ['no proof', { proof: [] }],
    ...wrongProofs(proof, [foreign, olderRoot, newerRoot]).map(([what, wrong]): [string, Partial<ConsistencyCase>] => [
      what,
      { proof: wrong },
    ]),
  ];
  return probes.map(([what, change]) => [what, { ...right, ...change }]);
};

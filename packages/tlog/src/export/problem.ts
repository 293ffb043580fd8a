/** What can be wrong with an export. A program acts on the code, whoever has to act on the file reads the sentence. */
export const EXPORT_PROBLEMS = {
  NOT_AN_EXPORT: 'the file does not begin as an export of an audit log does',
  VERSION_UNKNOWN: 'the file, or a leaf in it, was written by a newer program than the one that checks it',
  FILE_CUT: 'the file ends before its end: it was cut, or the export was not finished',
  LINE_DAMAGED: 'a line cannot be read, or says something else than the record in it',
  LINE_ADDED: 'the file has a second header, or goes on after its end',
  END_WRONG: 'the counts or the digest at the end are not those of the lines before it',
  HEADER_WRONG: 'the header contradicts itself, the file, or the clock',
  KEY_WRONG: 'the file is signed with other keys than the one that was given',
  HEAD_NOT_SIGNED: 'a head of the log is not signed by the log with a key that is known',
  HEAD_WRONG: 'a head is signed, and is of another log or another tree',
  LEAF_MISSING: 'an entry that must be in the file is not',
  LEAF_MISPLACED: 'a leaf is there twice, out of its order, or does not belong into the file',
  LEAF_CHANGED: 'an entry is not what was sealed',
  ENTRY_DAMAGED: 'the backend could not give an entry as it was sealed: it was damaged in the database',
  PROOF_WRONG: 'the hashes of the file do not prove that what it holds is what the log has signed',
  EXPIRY_NOT_SHOWN: 'what the file shows of expired entries does not show that they were to expire',
  PERIOD_NOT_COVERED: 'the file may lack entries of the time that it says it holds',
  LOG_REWRITTEN: 'the file does not agree with a head that was kept',
  HEAD_NOT_COMPARABLE: 'the file holds too little to be compared with a head that was kept',
  REVELATION_WRONG: 'what was revealed is not what the file withholds',
} as const satisfies Record<string, string>;

export type ExportProblemCode = keyof typeof EXPORT_PROBLEMS;

/** The first thing that is wrong with an export: its code, and in words for whoever has to act on it. */
export class ExportProblem extends Error {
  override name = 'ExportProblem';

  constructor(
    readonly code: ExportProblemCode,
    message: string,
    readonly leafIndex: number | null = null,
  ) {
    super(message);
  }
}

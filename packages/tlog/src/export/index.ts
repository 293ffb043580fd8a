/** Exports of the log: how they are written, and how anybody checks them. */
export * from './formats';
export { headIn } from './head';
export { parseBodyRecord, parseRevelation } from './parse-record';
export { EXPORT_PROBLEMS, ExportProblem, type ExportProblemCode } from './problem';
export * from './record';
export { evidenceRecord, type EvidenceParts, type Shown } from './make-record';
export { verifyExport, type Problem, type Verdict, type Wanted } from './verify-export';
export { ExportWriter, type WriterState } from './write-export';

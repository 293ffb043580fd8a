/** Reads the emulator's report on which expressions of the rules were evaluated, and to what. */
import { emulatorHost } from '../harness';

/** One expression, with all values it came to; one that was never evaluated has none. */
export interface Expression {
  sourcePosition: { line: number; column: number; currentOffset: number; endOffset: number };
  values?: { value: Record<string, unknown>; count: number }[];
  children?: Expression[];
}

export interface CoverageReport {
  rules: { files: { content: string }[] };
  report: Expression[];
}

export const coverageOf = async (projectId: string): Promise<CoverageReport> => {
  const response = await fetch(`http://${emulatorHost()}/emulator/v1/projects/${projectId}:ruleCoverage`);
  return (await response.json()) as CoverageReport;
};

const flat = (expressions: readonly Expression[]): Expression[] =>
  expressions.flatMap((expression) => [expression, ...flat(expression.children ?? [])]);

export const expressionsOf = ({ report }: CoverageReport): Expression[] => flat(report);

/** The expressions outside of some lines: for a section whose own tests reach what these do not. */
export const outsideOf = (report: CoverageReport, { from, to }: { from: number; to: number }): CoverageReport => ({
  ...report,
  report: expressionsOf(report)
    .filter(({ sourcePosition: { line } }) => line < from || line > to)
    .map(({ sourcePosition, values }) => ({ sourcePosition, ...(values ? { values } : {}) })),
});

const textOf = ({ rules }: CoverageReport, { sourcePosition }: Expression): string => {
  const source = Buffer.from(rules.files[0]?.content ?? '', 'utf8').toString('utf8');
  return `${sourcePosition.line}: ${source.slice(sourcePosition.currentOffset, sourcePosition.endOffset)}`;
};

/** Expressions that never came to a value: no request reached them, or each that did ended in an error (`undefined`). */
export const neverEvaluated = (coverage: CoverageReport): string[] =>
  expressionsOf(coverage)
    .filter(({ values }) => !values?.some(({ value }) => Object.keys(value).some((kind) => kind !== 'undefined')))
    .map((expression) => textOf(coverage, expression));

/** Conditions that came out only one way. The literal `false` can do no other. */
export const oneSided = (coverage: CoverageReport): string[] =>
  expressionsOf(coverage)
    .filter(({ values }) => {
      const outcomes = new Set(values?.flatMap(({ value }) => ('boolValue' in value ? [value['boolValue']] : [])));
      return outcomes.size === 1;
    })
    .map((expression) => textOf(coverage, expression));

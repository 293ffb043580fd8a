/** The first thing that is wrong with an export, in words for whoever has to act on it. */
export class ExportProblem extends Error {
  override name = 'ExportProblem';

  constructor(
    message: string,
    readonly leafIndex: number | null = null,
  ) {
    super(message);
  }
}

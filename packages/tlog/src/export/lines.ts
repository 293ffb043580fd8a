/** Lines of a file as it comes, in the order of its bytes; never more of it in memory than a chunk and a line. */
import { ExportProblem } from './problem';

/** No record is longer: entries are bounded where they are written. */
const LONGEST_LINE = 16 * 1024 * 1024;

/** Batches of lines without their ends. Throws for what is not UTF-8, and for a last line that does not end. */
export const linesOf = async function* (chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string[]> {
  // A mark at the beginning is a byte like any other: whoever put it there has changed the file.
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const decoded = (chunk?: Uint8Array): string => {
    try {
      return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
    } catch {
      throw new ExportProblem('LINE_DAMAGED', 'The file is not text in UTF-8: bytes of it were changed.');
    }
  };
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + decoded(chunk)).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > LONGEST_LINE)
      throw new ExportProblem('LINE_DAMAGED', 'A line is too long to be one of an export.');
    if (lines.length > 0) yield lines;
  }
  rest += decoded();
  if (rest !== '') throw new ExportProblem('FILE_CUT', 'The file ends in the middle of a line: it was cut.');
};

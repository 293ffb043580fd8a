/** Exports: any number of entries, a page at a time, and goes on where it was interrupted. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseBodyRecord, type BodyRecord } from '@muster/tlog/export';
import { parseCheckpoint } from '@muster/tlog/checkpoint';
import { parseNote } from '@muster/tlog/note';
import type { CommandContext } from '../../command-context';
import { AlreadyTold, EXIT } from '../../exit-codes';
import { badUsage } from '@muster/client/failure';
import { firstPlace, headerFor, pageAt, requestFrom, type ExportOptions, type ExportRequest } from './export-plan';
import { newPart, partLeft, type Part } from './part-file';
import { progressBar } from './progress-bar';

/** Gives the file that was written. */
export const runExport = async (context: CommandContext, options: ExportOptions): Promise<string> => {
  const file = resolve(options.out);
  if (existsSync(file)) throw badUsage(`${file} exists.`, 'Name another file: evidence is not overwritten.');
  const request = requestFrom(context, options);
  const left = await partLeft(file, request);
  if (options.resume && !left) throw badUsage(`There is nothing of ${file} to go on with.`, 'Leave --resume out.');
  if (options.seal && !left) await sealAll(context);
  return writeFile(context, file, request, left);
};

const writeFile = async (
  context: CommandContext,
  file: string,
  request: ExportRequest,
  left: Part | undefined,
): Promise<string> => {
  const part = left ?? (await begun(context, file, request));
  const interrupted = interruptionOf(context, file);
  try {
    await addPages(context, part, interrupted.signal);
    part.finish();
    return file;
  } catch (error) {
    part.close();
    throw error;
  } finally {
    interrupted.end();
  }
};

const begun = async (context: CommandContext, file: string, request: ExportRequest): Promise<Part> => {
  const { from, to } = request;
  const range = await context.fetch('audit-range', { from: from ?? undefined, to: to ?? undefined });
  const header = headerFor(request, range);
  return newPart(file, request, header, firstPlace(header));
};

const addPages = async (context: CommandContext, part: Part, signal: AbortSignal): Promise<void> => {
  const { header } = part;
  const { size } = parseCheckpoint(parseNote(header.note).text);
  const range = 'range' in header.scope ? header.scope.range : undefined;
  const bar = progressBar(context.machine, 'entries', !context.json);
  try {
    while (!part.place.done) {
      if (signal.aborted) throw new AlreadyTold(EXIT.interrupted);
      const { page, place } = await pageAt(context, header, size, part.place);
      const strays = page.strays.map(strayRecord);
      part.add([...page.rows.map(parseBodyRecord), ...strays], place);
      bar.show(place.next - (range?.begin ?? 0), range && range.end - range.begin);
    }
  } finally {
    bar.end();
  }
};

const strayRecord = ({ id, leafIndex }: { id: string; leafIndex: number }): BodyRecord => ({
  kind: 'damaged',
  leafIndex: null,
  hash: null,
  id,
  damaged: [`leafIndex says ${leafIndex}, where the log has no such entry`],
});

const sealAll = async (context: CommandContext): Promise<void> => {
  const bar = progressBar(context.machine, 'entries sealed', !context.json);
  let sealed = 0;
  try {
    for (let left = true; left;) {
      const answer = await context.fetch('audit-seal', {});
      left = answer.left;
      bar.show((sealed += answer.sealed), undefined);
    }
  } finally {
    bar.end();
  }
};

/** The first Ctrl-C ends after the page that is under way; nothing of it is lost either way. */
const interruptionOf = ({ machine }: CommandContext, file: string): { signal: AbortSignal; end: () => void } => {
  const controller = new AbortController();
  const end = machine.onInterrupt(() => {
    if (controller.signal.aborted) return machine.leave(EXIT.interrupted);
    machine.stderr.write(`\nInterrupted. The same command goes on with what is in ${file}.part.\n`);
    controller.abort();
  });
  return { signal: controller.signal, end };
};

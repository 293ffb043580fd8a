/**
 * An export while it is written: `FILE.part`, and beside it `FILE.part.json` with what it takes to go on. The second is written
 * after the first, page by page: what the first has beyond it is cut off.
 */
import {
  closeSync,
  createReadStream,
  existsSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { ExportWriter, type BodyRecord, type HeaderRecord } from '@muster/tlog/export';
import { badUsage } from '@muster/client/failure';
import type { ExportRequest, Place } from './export-plan';

/** Entries are about people: nobody else on this machine reads them. */
const MODE = 0o600;

const partState = z.object({
  request: z.unknown(),
  header: z.unknown(),
  place: z.object({ next: z.int(), cursor: z.string().nullable(), done: z.boolean() }),
  bytes: z.int(),
  counts: z.object({ entries: z.int(), outside: z.int(), gone: z.int(), damaged: z.int() }),
});

export interface Part {
  header: HeaderRecord;
  place: Place;
  writer: ExportWriter;
  add(records: readonly BodyRecord[], place: Place): void;
  /** Writes the end, and gives the file its name. */
  finish(): void;
  close(): void;
}

const namesOf = (file: string) => ({ part: `${file}.part`, state: `${file}.part.json` });

/** The part that was left of the same request, or undefined when there is none. */
export const partLeft = async (file: string, request: ExportRequest): Promise<Part | undefined> => {
  const { part, state: stateFile } = namesOf(file);
  if (!existsSync(part) || !existsSync(stateFile)) return undefined;
  const state = partState.safeParse(parsed(readFileSync(stateFile, 'utf8'))).data;
  if (!state || !isDeepStrictEqual(state.request, request))
    throw badUsage(
      `${part} is left of another export.`,
      `Repeat that one to go on with it, or delete ${part} and ${stateFile} to begin anew.`,
    );
  const header = state.header as HeaderRecord;
  truncateSync(part, state.bytes);
  const writer = new ExportWriter(header, state.counts);
  for await (const chunk of createReadStream(part)) writer.rewrite(chunk as Uint8Array);
  return openPart(file, {
    request,
    header,
    place: state.place,
    bytes: state.bytes,
    writer,
    handle: openSync(part, 'a'),
  });
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};

export const newPart = (file: string, request: ExportRequest, header: HeaderRecord, place: Place): Part => {
  const { part, state } = namesOf(file);
  rmSync(part, { force: true });
  rmSync(state, { force: true });
  const writer = new ExportWriter(header);
  const opened = openPart(file, { request, header, place, bytes: 0, writer, handle: openSync(part, 'wx', MODE) });
  opened.begin();
  return opened;
};

interface Open {
  request: ExportRequest;
  header: HeaderRecord;
  place: Place;
  bytes: number;
  writer: ExportWriter;
  handle: number;
}

const openPart = (file: string, open: Open): Part & { begin(): void } => {
  const names = namesOf(file);
  const { handle, writer, header, request } = open;
  const write = (text: string): void => {
    open.bytes += writeAll(handle, Buffer.from(text, 'utf8'));
  };
  const save = (): void => {
    const { place, bytes } = open;
    const unfinished = `${names.state}.${process.pid}`;
    const text = JSON.stringify({ request, header, place, bytes, counts: writer.counts });
    writeFileSync(unfinished, text, { mode: MODE });
    renameSync(unfinished, names.state);
  };
  return {
    header,
    writer,
    get place() {
      return open.place;
    },
    begin() {
      write(writer.begin());
      save();
    },
    add(records, place) {
      write(records.map((record) => writer.add(record)).join(''));
      open.place = place;
      save();
    },
    finish() {
      write(writer.end());
      closeSync(handle);
      renameSync(names.part, file);
      rmSync(names.state, { force: true });
    },
    close: () => closeSync(handle),
  };
};

const writeAll = (handle: number, bytes: Buffer): number => {
  for (let at = 0; at < bytes.length;) at += writeSync(handle, bytes, at);
  return bytes.length;
};

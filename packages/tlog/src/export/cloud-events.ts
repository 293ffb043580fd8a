/** CloudEvents 1.0 in its JSON format, one event a line. */
import { personalText } from './columns';
import type { ExportRecord } from './record';

const TYPES = {
  header: 'dev.muster.audit.export.begin',
  entry: 'dev.muster.audit.entry',
  gone: 'dev.muster.audit.gone',
  damaged: 'dev.muster.audit.damaged',
  end: 'dev.muster.audit.export.end',
} as const satisfies Record<ExportRecord['kind'], string>;

export const encodeCloudEvent = (record: ExportRecord, origin: string): string =>
  JSON.stringify({
    specversion: '1.0',
    id: idOf(record),
    // A reference as RFC 3986 has it: the name of a log has no spaces, and may have anything else.
    source: `//${encodeURI(origin)}`,
    // A type of its own, so that whoever loads entries does not load what nobody asked for.
    type: record.kind === 'entry' && record.outside !== undefined ? `${TYPES.entry}.outside` : TYPES[record.kind],
    ...(record.kind === 'entry' ? { subject: personalText(record, 'target') || '(none)', time: record.leaf.at } : {}),
    ...(record.kind === 'header' ? { time: record.createdAt } : {}),
    datacontenttype: 'application/json',
    data: record,
  });

const idOf = (record: ExportRecord): string => {
  switch (record.kind) {
    case 'entry':
      return String(record.leaf.id);
    case 'header':
    case 'end':
      return record.kind;
    case 'gone':
      return `leaf-${record.leafIndex}`;
    case 'damaged':
      return `damaged-${record.leafIndex ?? record.id ?? 'none'}`;
    default:
      return record satisfies never;
  }
};

export const recordInCloudEvent = (event: Readonly<Record<string, unknown>>): unknown => event['data'];

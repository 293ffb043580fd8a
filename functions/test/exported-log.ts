/** The whole log as `muster audit export` takes it, and what a check of that finds. */
import { ExportWriter, parseBodyRecord, verifyExport, type Verdict } from '@muster/tlog/export';
import { utf8 } from '@muster/tlog/crypto';
import { parseVerifierKey } from '@muster/tlog/note';
import { exportEntries, findRange } from '../src/features/audit';
import { as, type Backend } from './harness';

const AT_ONCE = 200;

export const exportedLines = async (backend: Backend): Promise<string[]> => {
  const auditor = as('auditor');
  const range = await backend.run(findRange, {}, auditor);
  const { head, begin, end, left, consistency, horizon } = range;
  const run = horizon && parseBodyRecord(horizon.run);
  const writer = new ExportWriter({
    ...{ kind: 'header', muster: 'audit-export', version: 2, format: 'jsonl', withheld: [] },
    ...{ origin: head.origin, note: head.note, keys: range.keys, createdAt: range.now },
    scope: { range: { begin, end, left, consistency, period: null } },
    horizon:
      horizon && run?.kind === 'entry' ? { note: horizon.head.note, consistency: horizon.consistency, run } : null,
  });
  const lines = [writer.begin()];
  for (let first = begin; first < end; first += AT_ONCE) {
    const asked = { size: head.size, begin: first, end: Math.min(first + AT_ONCE, end) };
    const { rows } = await backend.run(exportEntries, asked, auditor);
    lines.push(...rows.map((row) => writer.add(parseBodyRecord(row))));
  }
  return [...lines, writer.end()];
};

export const exportedLog = async (backend: Backend): Promise<Verdict> => {
  const lines = await exportedLines(backend);
  return verifyExport(
    (async function* () {
      yield utf8(lines.join(''));
    })(),
    { now: backend.clock.now, keys: backend.deps.signer().keys.map(parseVerifierKey) },
  );
};

import type { Command } from 'commander';
import { existsSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ExportWriter, parseBodyRecord } from '@muster/tlog/export';
import { PERSONAL_FIELDS } from '@muster/tlog/leaf';
import { ONE_ENTRY_FIELDS, PROOF_FIELDS, RANGE_FIELDS } from '../asked-unseen';
import { contextOf } from '../../command-context';
import { headerFor, withheldFrom, type ExportRequest } from './export-plan';
import { badUsage } from '@muster/client/failure';
import { asksEach } from '../../field-names';
import type { Machine } from '../../machine';

interface ProveOptions {
  out?: string;
  withhold?: string;
}

/** `muster audit prove` */
export const addAuditProve = (audit: Command, machine: Machine): void => {
  asksEach(audit.command('prove'), {
    'audit-prove': PROOF_FIELDS,
    'audit-export': ONE_ENTRY_FIELDS,
    'audit-range': RANGE_FIELDS,
  })
    .description('prove that one entry is in the log')
    .argument('<entry>', 'the id of the entry')
    .option('--out <file>', 'write entry, proof and head to a file that muster audit verify checks')
    .option('--withhold <fields>', `with --out: personal, or some of ${PERSONAL_FIELDS.join(',')}`)
    .action(async (entryId: string, _options: object, command: Command) => {
      const context = contextOf(machine, command);
      const { out, withhold } = command.optsWithGlobals<ProveOptions>();
      if (out === undefined)
        return context.ask('audit-prove', { entryId }, ({ inclusion, origin }) =>
          inclusion
            ? [
                `Leaf ${inclusion.leafIndex} of ${origin}, in a tree of ${inclusion.size} leaves.`,
                `  hash   ${inclusion.hash}`,
                ...inclusion.proof.map((hash, at) => `  ${at === 0 ? 'proof ' : '      '} ${hash}`),
                '',
                inclusion.note ?? '(no head of this size was signed)',
              ].join('\n')
            : '',
        );
      const file = resolve(out);
      if (existsSync(file)) throw badUsage(`${file} exists.`, 'Name another file: evidence is not overwritten.');
      const request: ExportRequest = {
        ...{ log: '', format: 'jsonl', withheld: withheldFrom(withhold), from: null, to: null },
        selection: { field: 'entryId', value: entryId },
      };
      const range = await context.fetch('audit-range', {});
      const page = await context.fetch('audit-export', {
        size: range.head.size,
        entryId,
        withhold: request.withheld,
      });
      const header = headerFor(request, range);
      const writer = new ExportWriter(header);
      const lines = [writer.begin(), ...page.rows.map((row) => writer.add(parseBodyRecord(row))), writer.end()];
      writeFileSync(file, lines.join(''), { mode: 0o600, flag: 'wx' });
      return context.answer({ file }, () => `Written to ${file}: check it with muster audit verify ${out}.`);
    });
};

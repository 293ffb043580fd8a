import type { Command } from 'commander';
import { closeSync, existsSync, openSync, readSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { formatOf, isHeading, recordInLine, ExportProblem, type Revelation } from '@muster/tlog/export';
import { PERSONAL_FIELDS } from '@muster/tlog/leaf';
import { PROOF_FIELDS, RANGE_FIELDS } from '../asked-unseen';
import { contextOf } from '../../command-context';
import { badUsage, Failure } from '@muster/client/failure';
import { asksEach } from '../../field-names';
import type { Machine } from '../../machine';

interface RevealOptions {
  entry: string;
  field: string;
  out?: string;
}

/** `muster audit reveal` */
export const addAuditReveal = (audit: Command, machine: Machine): void => {
  asksEach(audit.command('reveal'), {
    'audit-prove': PROOF_FIELDS,
    'audit-range': RANGE_FIELDS,
  })
    .description('show one field that an export withholds, so that it verifies against the export')
    .argument('<file>', 'the export')
    .requiredOption('--entry <entry>', 'the id of the entry')
    .requiredOption('--field <field>', PERSONAL_FIELDS.join(', '))
    .option('--out <file>', 'where it is written (FILE.ENTRY.FIELD.json if left out)')
    .action(async (name: string, _options: object, command: Command) => {
      const context = contextOf(machine, command);
      const { entry: entryId, field: named, out } = command.optsWithGlobals<RevealOptions>();
      const field = PERSONAL_FIELDS.find((one) => one === named);
      if (!field)
        throw badUsage(`No export withholds "${named}".`, `Give --field one of ${PERSONAL_FIELDS.join(', ')}.`);
      const origin = originOf(resolve(name));
      const file = resolve(out ?? `${name}.${entryId}.${field}.json`);
      if (existsSync(file)) throw badUsage(`${file} exists.`, 'Name another file with --out.');
      const { head } = await context.fetch('audit-range', {});
      if (head.origin !== origin)
        throw badUsage(`The export is of the log ${origin}, and this is ${head.origin}.`, 'Check --project.');
      const { inclusion } = await context.fetch('audit-prove', { entryId, open: [field] });
      const opened = inclusion?.opened[field];
      if (!inclusion || !opened)
        throw new Failure('CONFLICT', 'The entry was sealed before it had this field.', { reason: 'WRONG_STATE' });
      const { salt, value } = opened;
      const { leafIndex } = inclusion;
      const opening: Revelation = { muster: 'audit-opening', version: 1, origin, leafIndex, field, salt, value };
      writeFileSync(file, `${JSON.stringify(opening, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
      context.answer(
        { file, ...opening },
        () => `Written to ${file}: check it with muster audit verify ${name} --reveal ${file}.`,
      );
    });
};

/** The log that an export is of, from its header. */
const originOf = (file: string): string => {
  try {
    const lines = firstBytes(file).split(/\r?\n/u);
    const format = formatOf(lines[0] ?? '');
    const header = recordInLine(lines[isHeading(lines[0] ?? '', format) ? 1 : 0] ?? '', format);
    if (typeof header === 'object' && header !== null && 'origin' in header) return String(header.origin);
  } catch (error) {
    if (!(error instanceof ExportProblem) && !(error as NodeJS.ErrnoException).code) throw error;
  }
  throw badUsage(`${file} is no export.`, 'Name the file that muster audit export wrote.');
};

/** A header is a few kilobytes, whatever the size of the file is. */
const firstBytes = (file: string): string => {
  const handle = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(1024 * 1024);
    return bytes.toString('utf8', 0, readSync(handle, bytes));
  } finally {
    closeSync(handle);
  }
};

import type { Command } from 'commander';
import { COSIGNATURE_V1, ED25519, formatVerifierKey } from '@muster/tlog/note';
import { contextOf } from '../../command-context';
import type { Machine } from '../../machine';
import { newKeyFile } from './key-file';

interface KeygenOptions {
  name: string;
  out?: string;
  witness?: boolean;
}

/** `muster audit keygen`: offline, and without a login. */
export const addAuditKeygen = (audit: Command, machine: Machine): void => {
  audit
    .command('keygen')
    .description('make a key that a log is signed with, or with --witness one that a witness cosigns with')
    .requiredOption('--name <name>', 'what the log, or the witness, is called: acme.example/audit')
    .option('--witness', 'a key of a witness')
    .option('--out <file>', 'where the secret key goes: muster-log.key, or muster-witness.key; it must not exist yet')
    .action(
      async (
        { name, witness = false, out = witness ? 'muster-witness.key' : 'muster-log.key' }: KeygenOptions,
        command: Command,
      ) => {
        const context = contextOf(machine, command);
        const key = await newKeyFile(out, name, witness ? COSIGNATURE_V1 : ED25519);
        const verifierKey = formatVerifierKey(key);
        const { ink } = context.page;
        const next = witness
          ? 'The log takes its cosignatures once this key is in MUSTER_WITNESS_KEYS.'
          : `Then: firebase functions:secrets:set MUSTER_LOG_KEY --data-file ${out}`;
        context.answer({ verifierKey, file: out }, () =>
          [
            ink.faint('The key that verifies it, for everyone:'),
            verifierKey,
            '',
            `The secret key is in ${out}. ${next}`,
          ].join('\n'),
        );
      },
    );
};

import type { Command } from 'commander';
import { contextOf } from '../../command-context';
import { AlreadyTold, EXIT } from '../../exit-codes';
import { badUsage } from '@muster/client/failure';
import { asksAsWitness } from '../asked-unseen';
import type { Machine } from '../../machine';
import { submitTo } from './submit';

/** `muster audit submit` */
export const addAuditSubmit = (audit: Command, machine: Machine): void => {
  asksAsWitness(audit.command('submit'))
    .description('bring the newest head to a C2SP witness, and its cosignature back to the log')
    .requiredOption('--to <url>', 'its prefix: https://witness.example, to which /add-checkpoint is added')
    .action(async ({ to }: { to: string }, command: Command) => {
      const context = contextOf(machine, command);
      const submission = await submitTo(context, { url: witnessUrl(to), fetch: machine.fetch });
      context.answer(submission, () => {
        if ('empty' in submission) return 'Nothing is sealed yet, so there is nothing to cosign.';
        if ('refused' in submission)
          return `${context.page.ink.bad('✗')} The witness refused with ${submission.refused.status}: ${submission.refused.said.trim()}`;
        const added = submission.cosignatures.filter((one) => one.added).length;
        return `${context.page.ink.good('Cosigned')}: the head of ${submission.size} leaves has ${added} more ${added === 1 ? 'cosignature' : 'cosignatures'}.`;
      });
      // A witness that refuses has seen something else than this log shows now.
      if ('refused' in submission) throw new AlreadyTold(EXIT.unproven);
    });
};

const witnessUrl = (text: string): URL => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && ['https:', 'http:'].includes(url.protocol)) return url;
  throw badUsage(`${text} is no address of a witness.`, 'Such as --to https://witness.example.');
};

import type { Command } from 'commander';
import type { Machine } from '../../machine';
import { addAuditExport } from './export-command';
import { addAuditVerifyPage } from './verify-page-command';
import { addAuditProve } from './prove-command';
import { addAuditReveal } from './reveal-command';
import { addAuditVerify } from './verify-command';

/** `muster audit export`, `verify`, `prove`, `reveal`, `page`: evidence, and the check of it. */
export const addAuditEvidenceCommands = (audit: Command, machine: Machine): void => {
  addAuditExport(audit, machine);
  addAuditVerify(audit, machine);
  addAuditProve(audit, machine);
  addAuditReveal(audit, machine);
  addAuditVerifyPage(audit, machine);
};

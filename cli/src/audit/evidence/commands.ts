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

/** As they are typed, or as a message of the backend calls what the commands ask for by themselves. */
export const EVIDENCE_FIELDS = {
  entryId: 'ENTRY_ID',
  leafIndex: 'the leaf',
  size: 'the size of the tree',
  older: 'the size of the older tree',
  newer: 'the size of the newer tree',
  begin: 'the first leaf',
  end: 'the leaf after the last',
  cosignature: 'the cosignature',
};

import * as z from 'zod';
import { role } from '@muster/contract/staff';
import { documentAt } from '@muster/core/storage/documents';
import { paths } from '@muster/core/storage/paths';

/** `muster_claimSurvey/current`: how far the look at all accounts of Firebase Auth is, and whose claims it found that nobody granted here. */
export const surveyDocument = z.strictObject({
  /** Where the next run goes on; null when it begins anew. */
  next: z.string().nullable(),
  begunAt: z.date(),
  lookedAt: z.date(),
  /** Looked at in this pass. */
  accounts: z.int(),
  ungranted: z.array(z.strictObject({ uid: z.string(), roles: z.array(role) })),
  /** Found beyond those that are listed. */
  more: z.int(),
  /** When a pass last came to its end. */
  completedAt: z.date().nullable(),
});
export type SurveyDocument = z.infer<typeof surveyDocument>;

export const surveyAt = () => documentAt(paths.claimSurvey(), surveyDocument);

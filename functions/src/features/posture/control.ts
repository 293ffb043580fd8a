/** What is said of a control. Pure. */
import type { ControlView } from '@muster/contract/posture';
import { controlRecord, type ControlRecord } from './posture-document';

/** A proof holds for so long: two runs of an hourly control may fail before it is called old. */
const FRESH_MS = 2 * 3_600_000;

/** Unknown means no: a control of which nothing is stored, or nothing that can be read, is not proven. */
export const toControlView = (control: ControlView['control'], stored: unknown, now: Date): ControlView => {
  const record = controlRecord.safeParse(stored).data;
  if (!record) {
    const finding = stored === undefined ? null : 'What is stored of it is damaged. The next run writes it again.';
    const never = { lastRunAt: null, lastProvenAt: null, sinceProofMs: null, latencies: null };
    return { control, state: 'not_run', ...never, stale: true, finding };
  }
  const { state, lastRunAt, lastProvenAt, finding, latencies } = record;
  const sinceProofMs = lastProvenAt && Math.max(0, now.getTime() - lastProvenAt.getTime());
  return {
    control,
    state,
    lastRunAt: lastRunAt.toISOString(),
    lastProvenAt: lastProvenAt?.toISOString() ?? null,
    sinceProofMs,
    stale: state !== 'proven' || sinceProofMs === null || sinceProofMs > FRESH_MS,
    finding,
    latencies,
  };
};

/** What a run came to. `unclear`: nothing could be told, and `finding` says why. */
export interface Proof {
  state: 'proven' | 'failed' | 'unclear';
  finding: string | null;
  latencies: ControlView['latencies'];
}

/** The record after a run. One that could not tell leaves red red, and green green until it is old. */
export const afterRun = (stored: unknown, { state, finding, latencies }: Proof, at: Date): ControlRecord => {
  const before = controlRecord.safeParse(stored).data;
  return {
    state: state === 'unclear' ? (before?.state ?? 'not_run') : state,
    lastRunAt: at,
    lastProvenAt: state === 'proven' ? at : (before?.lastProvenAt ?? null),
    finding,
    latencies,
  };
};

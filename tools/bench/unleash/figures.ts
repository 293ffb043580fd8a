/** Unleash beside Muster: what a flag that is polled lets through after it was switched off. */
import { randomBytes } from 'node:crypto';
import { Firestore } from '@google-cloud/firestore';
import { median } from '../measure';
import { slipThrough, type Slip } from '../gates/slip-through';
import { FLAG, startUnleash, type NoUnleash, type Unleash } from './start';

/** Writes per second of the worker: without a fixed pace a count would only tell how fast the machine is. */
const RATE = 100;
/** Beyond two intervals a switch is not slow but broken. */
const SLACK_MS = 10_000;

/** The client's default last, because it takes longest. */
const POLLING = [
  { intervalMs: 1_000, toggles: 5 },
  { intervalMs: 15_000, toggles: 2, isDefault: true },
];

export interface PollingFigures {
  intervalMs: number;
  isDefault: boolean;
  toggles: number;
  /** From the acknowledged switch to the last write that was still allowed. */
  lastAllowedMs: { median: number; max: number };
  /** Writes committed after the acknowledgment, of one worker. */
  slippedThrough: { median: number; max: number };
  writesPerSecond: number;
  evaluationMicroseconds: number;
}

export type UnleashFigures = { ok: true; version: string; polling: PollingFigures[] } | NoUnleash;

/** About 75 s once installed. Needs FIRESTORE_EMULATOR_HOST. Never throws, and leaves nothing running. */
export const unleashFigures = async (): Promise<UnleashFigures> => {
  const unleash = await startUnleash();
  if (!unleash.ok) return unleash;
  // A project of its own, so that the documents lie in nobody's way.
  const projectId = `demo-u${randomBytes(6).toString('hex')}`;
  const firestore = new Firestore({ projectId });
  try {
    const polling: PollingFigures[] = [];
    for (const { intervalMs, toggles, isDefault = false } of POLLING) {
      const slips: Slip[] = [];
      for (let toggle = 0; toggle < toggles; toggle += 1) {
        // Where in the interval a switch falls decides how long it takes: they are spread evenly over it.
        const afterMs = ((toggle + 0.5) / toggles) * intervalMs;
        const options = optionsFor(unleash, projectId, isDefault ? undefined : intervalMs);
        const limitMs = 2 * intervalMs + SLACK_MS;
        slips.push(await slipThrough(firestore, `p${intervalMs}-${toggle}`, { ...options, afterMs, limitMs }));
      }
      polling.push({ intervalMs, isDefault, toggles, ...summary(slips) });
    }
    return { ok: true, version: unleash.version, polling };
  } catch (error) {
    return { ok: false, why: (error as Error).message };
  } finally {
    await Promise.all([unleash.stop(), firestore.terminate()]);
  }
};

const optionsFor = (unleash: Unleash, projectId: string, intervalMs: number | undefined) => ({
  gate: 'tools/bench/unleash/unleash-gate.mjs',
  rate: RATE,
  env: {
    GCLOUD_PROJECT: projectId,
    UNLEASH_URL: unleash.url,
    UNLEASH_TOKEN: unleash.clientToken,
    UNLEASH_FOLDER: unleash.folder,
    UNLEASH_FLAG: FLAG,
    ...(intervalMs !== undefined && { UNLEASH_INTERVAL_MS: String(intervalMs) }),
  },
  allow: async () => {
    await unleash.toggle(true);
    await unleash.served(true);
  },
  deny: () => unleash.toggle(false),
});

const summary = (slips: readonly Slip[]) => {
  const of = (figure: keyof Slip): { median: number; max: number } => {
    const values = slips.map((slip) => slip[figure]);
    return { median: median(values), max: Math.max(...values) };
  };
  return {
    lastAllowedMs: of('lastMs'),
    slippedThrough: of('count'),
    writesPerSecond: of('rate').median,
    evaluationMicroseconds: of('evaluationMicroseconds').median,
  };
};

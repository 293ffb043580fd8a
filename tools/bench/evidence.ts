/** Evidence: an export of 100,000 entries is checked by the command line, as an auditor would, in a process of its own. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { EXPORT_FORMATS, type ExportFormat } from '@muster/tlog/export';
import { SealedLog, VERIFIER_KEY } from '@muster/tlog/test/sealed-log';
import type { Figure } from './switchboard';

const run = promisify(execFile);

const ENTRIES = 100_000;
const GOAL_SECONDS = 10;
const GOAL_MB = 200;

/** The program as it is built, and at its end what it took of memory at the most. */
const WITH_MEMORY = `
  process.on('exit', () => process.stderr.write('rss ' + process.resourceUsage().maxRSS + '\\n'));
  require(${JSON.stringify(join(process.cwd(), 'cli', 'dist', 'main.js'))});`;

const write = async (log: SealedLog, format: ExportFormat, file: string): Promise<void> => {
  const out = createWriteStream(file);
  for (const line of log.file(log.header(format))) if (!out.write(line)) await once(out, 'drain');
  out.end();
  await once(out, 'finish');
};

const verify = async (file: string): Promise<{ seconds: number; mb: number }> => {
  const args = ['-e', WITH_MEMORY, 'muster', 'audit', 'verify', file, '--key', VERIFIER_KEY, '--json'];
  const began = performance.now();
  const { stdout, stderr } = await run(process.execPath, args);
  const seconds = (performance.now() - began) / 1000;
  const verdict = JSON.parse(stdout) as { ok: boolean; entries: number };
  if (!verdict.ok || verdict.entries !== ENTRIES) throw new Error(`the export does not verify: ${stdout}`);
  return { seconds, mb: Number(/rss (\d+)/u.exec(stderr)?.[1]) / 1024 };
};

export const evidenceFigures = async (): Promise<Figure[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-bench-'));
  try {
    const log = new SealedLog(ENTRIES);
    const figures: Figure[] = [];
    for (const format of EXPORT_FORMATS) {
      const file = join(folder, `export.${format}`);
      await write(log, format, file);
      const { seconds, mb } = await verify(file);
      figures.push({
        name: `an export of ${ENTRIES.toLocaleString('en-US')} entries (${format}) checked by muster audit verify`,
        value: `${seconds.toFixed(1)} s, ${mb.toFixed(0)} MB`,
        // The goal is that of the format that is written if none is asked for; the others are shown beside it.
        met: format === 'jsonl' ? seconds < GOAL_SECONDS && mb < GOAL_MB : undefined,
      });
      rmSync(file);
    }
    return figures;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

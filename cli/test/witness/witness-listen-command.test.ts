/** `muster audit witness --listen`, from its start to its end: what it tells whoever runs it, and how it ends. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Machine } from '../../src/machine';
import { run } from '../../src/run';
import { formatSignerKey, formatVerifierKey } from '@muster/tlog/note';
import { formatAddCheckpoint } from '@muster/tlog/witness';
import { AT, LOG, logOf, newFolder, WITNESS } from './witnessed-log';

const log = logOf('entry');
const fork = logOf('other');

/** Starts it on a port of its own; `end` is Ctrl-C, and gives the exit code. */
const listening = async () => {
  const folder = newFolder();
  const keyFile = join(folder, 'witness.key');
  writeFileSync(keyFile, formatSignerKey(WITNESS));
  const said = { stdout: '', stderr: '' };
  let interrupt = (): void => undefined;
  let started = (_url: string): void => undefined;
  const url = new Promise<string>((resolve) => (started = resolve));
  const terminal = (name: keyof typeof said) =>
    ({
      write(text: string) {
        said[name] += text;
        const [, address] = /^Listening on (\S+)$/mu.exec(said.stdout) ?? [];
        if (address) started(address);
        return true;
      },
    }) as unknown as NodeJS.WriteStream;
  const machine: Machine = {
    env: { XDG_CONFIG_HOME: folder },
    stdin: process.stdin,
    stdout: terminal('stdout'),
    stderr: terminal('stderr'),
    fetch: () => Promise.reject(new Error('a witness that listens asks nobody')),
    now: () => AT,
    wait: () => Promise.reject(new Error('a witness that listens does not wait')),
    onInterrupt(listener) {
      interrupt = listener;
      return () => undefined;
    },
    leave: () => undefined,
  };
  const files = ['--key', keyFile, '--state', join(folder, 'state.json'), '--begin'];
  const ended = run(machine, ['audit', 'witness', '--log', formatVerifierKey(LOG), ...files, '--listen', '0']);
  return {
    said,
    url: await url,
    end: () => {
      interrupt();
      return ended;
    },
  };
};

const submitted = async (url: string, from: typeof log, old: number, size: number): Promise<number> =>
  (await fetch(url, { method: 'POST', body: formatAddCheckpoint(from.asked(old, size)) })).status;

test('it is reached from this machine alone, cosigns, and ends well when it is ended', async () => {
  const witness = await listening();
  expect(witness.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/add-checkpoint$/u);
  expect(await submitted(witness.url, log, 0, 10)).toBe(200);
  expect(await submitted(witness.url, log, 3, 12)).toBe(409);
  expect(await submitted(witness.url, fork, 10, 20)).toBe(422);
  expect(await witness.end()).toBe(0);
  expect(witness.said.stdout).toContain('cosigned log.test/audit with 10 leaves');
  expect(witness.said.stderr).toContain('refused with 422');
  expect(witness.said.stderr).not.toContain('FORK');
});

test('a fork is told loudly, with the file that proves it, and the exit code remembers it', async () => {
  const witness = await listening();
  expect(await submitted(witness.url, log, 0, 10)).toBe(200);
  expect(await submitted(witness.url, fork, 10, 10)).toBe(409);
  // It goes on for the other logs that rely on it, and for this one's own history.
  expect(await submitted(witness.url, log, 10, 12)).toBe(200);
  expect(await witness.end()).toBe(9);
  expect(witness.said.stderr).toMatch(/FORK: .*two different trees of 10 leaves/u);
  expect(witness.said.stderr).toMatch(/Keep both notes: they are the proof\. They are in \S+evidence-/u);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exitCodeOf } from '../processes/exit-code.mjs';
import { runInForeground } from '../processes/foreground-command.mjs';
import { interrupted } from '../processes/interruption.mjs';

test('a code is handed on, a signal becomes 128 and its number', () => {
  assert.equal(exitCodeOf(0, null), 0);
  assert.equal(exitCodeOf(7, null), 7);
  assert.equal(exitCodeOf(null, 'SIGTERM'), 143);
  assert.equal(exitCodeOf(null, 'SIGKILL'), 137);
});

test('an interruption ends with the code a shell gives it', () => {
  assert.equal(interrupted('SIGINT').exitCode, 130);
});

test('one string is a line for the shell, more are a program and its arguments as they are', async () => {
  const env = process.env;
  assert.equal(await runInForeground(['exit 3; exit 4'], { env }), 3);
  const quiet = 'process.exit(process.argv[1] === "a b; exit 9" ? 5 : 6)';
  assert.equal(await runInForeground([process.execPath, '-e', quiet, 'a b; exit 9'], { env }), 5);
  assert.equal(await runInForeground(['kill -TERM $$'], { env }), 143);
});

test('a command is ended when what it needs has ended', async () => {
  const endWhen = new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal(await runInForeground(['exec sleep 30'], { env: process.env, endWhen }), 143);
});

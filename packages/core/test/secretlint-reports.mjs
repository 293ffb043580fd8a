/**
 * What secretlint's recommended rules say of texts, in a process of its own because Jest cannot load its modules. Reads a JSON list of texts
 * and writes `{ known, reported }`: every message that the rules have, and those that each text gave.
 */
import { lintSource } from '@secretlint/core';
import { rules } from '@secretlint/secretlint-rule-preset-recommend';
import { extname } from 'node:path';
import { text } from 'node:stream/consumers';

/** Some rules look at files of one name only. */
const FILES = ['text.txt', 'package.json', '.npmrc', 'key.json'];
const config = {
  rules: rules.map((rule) => ({ id: rule.meta.id, rule, options: { enableIDScanRule: true } })),
};

/**
 * @param {string} content
 * @param {string} filePath
 */
const messagesOf = async (content, filePath) => {
  const source = { filePath, content, ext: extname(filePath), contentType: /** @type {const} */ ('text') };
  const { messages } = await lintSource({ source, options: { noPhysicFilePath: true, config } });
  return messages.map(({ messageId }) => messageId);
};

/** @type {string[]} */
const texts = JSON.parse(await text(process.stdin));
const known = rules.flatMap(({ messages }) => Object.keys(messages));
const reported = await Promise.all(
  texts.map(async (content) => (await Promise.all(FILES.map((path) => messagesOf(content, path)))).flat()),
);
process.stdout.write(JSON.stringify({ known, reported }));

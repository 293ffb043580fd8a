import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { bundleDocs } from './building/bundle.mjs';
import { ROOT } from './processes/places.mjs';
import { runProgram } from './processes/program.mjs';

await runProgram(async () => {
  await bundleDocs();
  const { generatedDocuments } = createRequire(import.meta.url)(join(ROOT, '.muster/docs/documents.js'));
  const made = await generatedDocuments(readFileSync(join(ROOT, 'firestore.rules'), 'utf8'));
  if (process.argv.includes('--print')) {
    console.log(JSON.stringify(made));
    return;
  }
  for (const { path, content } of made) {
    writeFileSync(join(ROOT, path), content);
    console.log(`wrote ${path}`);
  }
});

/** `firestore.indexes.json`, checked for what the Firebase CLI would accept. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';

const fieldOfIndex = z.union([
  z.strictObject({ fieldPath: z.string(), order: z.enum(['ASCENDING', 'DESCENDING']) }),
  z.strictObject({ fieldPath: z.string(), arrayConfig: z.literal('CONTAINS') }),
]);

const indexFile = z.strictObject({
  indexes: z.array(
    z.strictObject({
      collectionGroup: z.string(),
      queryScope: z.literal('COLLECTION'),
      fields: z.array(fieldOfIndex).min(2),
    }),
  ),
  fieldOverrides: z.array(
    z.strictObject({
      collectionGroup: z.string(),
      fieldPath: z.string(),
      ttl: z.literal(true).optional(),
      /** Which automatic indexes the field keeps; all of ours keep none. */
      indexes: z.tuple([]),
    }),
  ),
});

export type IndexFile = z.infer<typeof indexFile>;
export type CompositeIndex = IndexFile['indexes'][number];
export type IndexField = CompositeIndex['fields'][number];

export const declaredIndexes = (): IndexFile =>
  indexFile.parse(JSON.parse(readFileSync(resolve(__dirname, '../../../firestore.indexes.json'), 'utf8')));

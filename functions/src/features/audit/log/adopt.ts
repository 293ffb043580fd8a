/** Entries of 0.1.0, which knew of no log: they are given what sealing needs, once. */
import * as z from 'zod';
import { wordsOf } from '@muster/contract/audit/words';
import { collections } from '@muster/core/storage/paths';
import type { Work } from '@muster/core/storage/work';
import { emptyRoot } from '@muster/tlog/merkle';
import type { LogSigner } from '../../../platform/adapters/log-signer';
import { logHeadAt, type LogHead } from './log-documents';

const AT_ONCE = 200;

/** The log before its first entry. */
export const unbegun = ({ origin, keys }: LogSigner, now: Date): LogHead => ({
  origin,
  size: 0,
  root: emptyRoot(),
  note: '',
  sealedAt: now,
  keys,
  adoptedUpTo: '',
  saltsMovedBelow: null,
  saltsForgottenBelow: 0,
});

/**
 * Pages once through all entries by their ids, however many runs that takes. That it has come to the end, the head remembers.
 */
export const adoptNext = async (work: Work, head: LogHead & { adoptedUpTo: string }): Promise<void> => {
  const page = await work.find({
    collection: collections.audit,
    schema: z.record(z.string(), z.unknown()),
    where: [],
    orderBy: [],
    limit: AT_ONCE,
    ...(head.adoptedUpTo === '' ? {} : { after: { values: [], id: head.adoptedUpTo } }),
  });
  for (const { path, data } of page) {
    if ('leafIndex' in data) continue;
    work.stage({ kind: 'update', path, data: lackedBy(data), expects: work.expectationOf(path) });
  }
  const done = page.length < AT_ONCE;
  work.write(logHeadAt(), { ...head, adoptedUpTo: done ? null : (page.at(-1)?.id ?? null) });
};

const lackedBy = ({ rationale, target }: Record<string, unknown>): Record<string, unknown> => {
  const [, kind, id] = /^(drills|incidents)\/([a-z]{3}_[a-z0-9]+)/u.exec(String(target)) ?? [];
  return {
    severity: null,
    drillId: kind === 'drills' ? id : null,
    incidentId: kind === 'incidents' ? id : null,
    ip: null,
    sessionId: null,
    words: wordsOf(typeof rationale === 'string' ? rationale : null),
    leafIndex: null,
    musterExpireAt: null,
  };
};

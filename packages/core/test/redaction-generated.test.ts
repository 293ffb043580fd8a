/** Thousands of secrets in thousands of places. Seeded: each run has the same. */
import { Generator, KINDS, LOWER, type Planted } from './planted-secrets';
import { proofSize } from '@muster/functions/test/proof-size';
import type { AuditDraft } from '../src/audit/audit-draft';
import { appendEntry } from '../src/audit/append-entry';
import { cloudLog, errorFields } from '../src/log';

/** 204 ways to stand somewhere, each of which is tried about twenty times among so many. */
const COUNT = proofSize({ test: 4_000, whole: 10_000 });

/** Where it stands, in a text. */
const PLACES: ((text: string, make: Generator) => string)[] = [
  (text) => text,
  (text) => `Somebody pasted ${text}`,
  (text) => `It was (${text})`,
  (text) => `in the log:\n${text}\n`,
  (text) => `<${text}>`,
  (text, make) => `${make.of(LOWER, 6)} ${make.of(LOWER, 3)} "${text}"`,
  (text) => `url=https://x.example/?k=${text}`,
  (text) => `- ${text}`,
  (text) => `\t${text}.`,
  (text) => `'${text}', and so on;`,
  (text) => `**${text}**`,
  (text) => text.replaceAll('\n', '\n    '),
  (text) => `{"note":${JSON.stringify(text)},"count":1}`,
  (text) => `https://x.example/?a=1&k=${encodeURIComponent(text)}&z=2`,
  (text) => `Grüße, 你好: ${text}`,
  (text) => `https://x.example/?next=${encodeURIComponent(encodeURIComponent(text))}`,
  (text) => `a=1&${new URLSearchParams({ k: text }).toString()}`,
];

/** And where that stands, in an entry. */
const HOLDERS: ((text: string) => Partial<AuditDraft> & { correlationId?: string })[] = [
  (text) => ({ rationale: text }),
  (text) => ({ metadata: { note: text } }),
  (text) => ({ metadata: { deep: [{ er: { note: [text] } }] } }),
  (text) => ({ metadata: { [text]: 'a name' } }),
  (text) => ({ metadata: { json: JSON.stringify({ note: text }) } }),
  (text) => ({ target: `orders/${text}` }),
  (text) => ({ target: `drills/${text}` }),
  (text) => ({ correlationId: text }),
  (text) => ({ drillId: text }),
  (text) => ({ metadata: { drillId: text, incidentId: text } }),
  (text) => ({ metadata: { stack: new Error(text).stack ?? '' } }),
  (text) => ({ metadata: { json: JSON.stringify(JSON.stringify({ note: text })) } }),
];

test(`of ${COUNT} secrets none comes through to an entry or to a log`, () => {
  const make = new Generator(20_261_123);
  const names = Object.keys(KINDS);
  const leaks: string[] = [];
  const unmarked: string[] = [];
  for (let index = 0; index < COUNT; index += 1) {
    const name = names[index % names.length] as string;
    const { core, text } = (KINDS[name] as (one: Generator) => Planted)(make);
    // A message is what was pasted whole: its head stands at the beginning of a line.
    const places = name.startsWith('email') ? PLACES.slice(0, 4) : PLACES;
    const placed = make.one(places)(text, make);
    const { correlationId = 'req_0123', ...held } = make.one(HOLDERS)(placed);
    const { data } = appendEntry(
      { action: 'shop.order_paid', target: 'orders/o-1', ...held },
      { entryId: 'aud_0123', at: new Date(0), actor: { type: 'staff', id: 'uid-one' }, correlationId },
    );
    const lines: string[] = [];
    cloudLog((line) => lines.push(line)).error(placed, {
      ...held,
      correlationId,
      ...errorFields(new Error(placed, { cause: new Error(placed) })),
    });
    const written = JSON.stringify(data);
    // A third of it is enough to tell that it came through; `words` are in lower case, and beginnings of up to 20 characters.
    const part = core.slice(0, 12);
    for (const seen of [written, ...lines])
      if (seen.includes(part) || seen.includes(core.slice(-12)) || seen.includes(part.toLowerCase()))
        leaks.push(`${name}: ${placed}`);
    if (!written.includes('[redacted:')) unmarked.push(`${name}: ${placed}`);
  }
  expect([...new Map(leaks.map((leak) => [leak.split(':')[0], leak])).values()]).toEqual([]);
  expect(unmarked.slice(0, 5)).toEqual([]);
});

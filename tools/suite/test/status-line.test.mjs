import assert from 'node:assert/strict';
import { test } from 'node:test';
import { overdueSentence, restrictedSentence } from '../emulators/status-line.mjs';

const NOW = new Date('2026-11-22T12:00:00Z');

/**
 * @param {string} name
 * @param {string} [until]
 */
const mode = (name, until) => ({
  mode: {
    mapValue: {
      fields: { name: { stringValue: name }, ...(until === undefined ? {} : { until: { timestampValue: until } }) },
    },
  },
});

test('what is overdue: nothing, one, several of one scenario, many', () => {
  assert.equal(overdueSentence([]), 'Overdue: nothing.');
  assert.equal(overdueSentence(['connector-outage']), 'Overdue: 1 drill (connector-outage).');
  assert.equal(overdueSentence(['a', 'b', 'a']), 'Overdue: 3 drills (a, b).');
  assert.equal(overdueSentence(['a', 'b', 'c', 'd', 'e', 'f']), 'Overdue: 6 drills (a, b, c, d, e, …).');
});

test('what is restricted: nothing, a mode with and without an end, an expired one', () => {
  // Unknown means no: without a policy every guarded write is refused.
  assert.match(restrictedSentence(undefined, NOW), /^Restricted: everything/);
  assert.match(restrictedSentence({}, NOW), /^Restricted: everything/);
  assert.equal(restrictedSentence(mode('normal'), NOW), 'Restricted: nothing.');
  assert.equal(restrictedSentence(mode('degraded'), NOW), 'Restricted: degraded until someone ends it.');
  assert.equal(
    restrictedSentence(mode('read_only', '2026-11-22T13:00:00Z'), NOW),
    'Restricted: read_only until 2026-11-22T13:00:00Z.',
  );
  assert.equal(restrictedSentence(mode('read_only', '2026-11-22T12:00:00Z'), NOW), 'Restricted: nothing.');
});

/** @param {Record<string, string | undefined>} untils */
const killed = (untils) => ({
  killSwitches: {
    mapValue: {
      fields: Object.fromEntries(
        Object.entries(untils).map(([name, until]) => [
          name,
          { mapValue: { fields: until === undefined ? {} : { until: { timestampValue: until } } } },
        ]),
      ),
    },
  },
});

test('what is restricted: kill switches, beside a mode or alone, and an expired one', () => {
  assert.equal(
    restrictedSentence({ ...mode('normal'), ...killed({ shipping: undefined }) }, NOW),
    'Restricted: shipping (killed) until someone ends it.',
  );
  assert.equal(
    restrictedSentence(
      { ...mode('offline'), ...killed({ '*': '2026-11-22T13:00:00Z', old: '2026-11-22T11:00:00Z' }) },
      NOW,
    ),
    'Restricted: offline until someone ends it, everything (killed) until 2026-11-22T13:00:00Z.',
  );
});

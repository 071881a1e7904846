import { expect, test } from 'vitest';
import { PartialAnswerError, SchemaDriftError } from '../../../../../functions/ingest/providers/errors.ts';
import { parseYahooJson } from '../../../../../functions/ingest/providers/yahoo/yahoo-json.ts';

test.each([
  ['{"a":[1,null]}', { a: [1, null] }],
  ['{"a":[NaN,NaN, -Infinity,1],"b":NaN}', { a: [null, null, null, 1], b: null }],
  // A valid answer stays unchanged even if a text contains NaN.
  ['{"name":"[NaN]"}', { name: '[NaN]' }],
])('parses %s', (text, expected) => {
  expect(parseYahooJson('A', text)).toEqual(expected);
});

const WHOLE = '{"chart":{"result":[{"name":"a \\"quote\\" } ]","high":[1.5,NaN]}]}}';

test('recognises every cut-off beginning of an object', () => {
  for (let length = 0; length < WHOLE.length; length++) {
    expect(() => parseYahooJson('A', WHOLE.slice(0, length))).toThrow(PartialAnswerError);
  }
  expect(() => parseYahooJson('A', WHOLE)).not.toThrow();
});

test.each(['{"a":1,}', '{a:1}', 'Too Many Requests', '{"a":nan}', '{"a":1}}'])(
  'refuses %s as schema drift',
  (text) => {
    expect(() => parseYahooJson('A', text)).toThrow(new SchemaDriftError('A: unexpected answer: not JSON'));
  },
);

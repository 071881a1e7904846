import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import {
  BlockedError,
  KeyRefusedError,
  NotFoundError,
  PartialAnswerError,
  ProviderError,
  QuotaExceededError,
  RateLimitedError,
  SchemaDriftError,
  UnavailableError,
} from '../../../../../functions/ingest/providers/errors.ts';
import { KEY_INSTRUCTIONS, proofOfWork, stooqCsv } from './answers.ts';
import { answer, FRIDAY, fetchAll, KEY, MONDAY, stooq } from './stooq-support.ts';

/** The refusal, which must not contain the key at any depth. */
async function refusal(...of: Parameters<typeof fetchAll>): Promise<ProviderError> {
  const error = await fetchAll(...of).catch((thrown: unknown) => thrown);
  expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(KEY);
  if (!(error instanceof ProviderError)) throw new Error(`not a ProviderError: ${String(error)}`);
  return error;
}
const refused = async (...of: Parameters<typeof fetchAll>) => {
  const { reason, message } = await refusal(...of);
  return `${reason}: ${message}`;
};

const HTTP = '(HTTP 200)';

test.each<[string, string, number, unknown, string]>([
  ['No data', 'No data', 200, NotFoundError, `not_found: AAPL: Stooq has no data for it ${HTTP}`],
  ['nothing there', '', 404, NotFoundError, 'not_found: AAPL: Stooq has no data for it (HTTP 404)'],
  [
    'its limit',
    'Exceeded the daily hits limit',
    200,
    QuotaExceededError,
    `quota_exceeded: AAPL: the daily hits of the key are used up ${HTTP}`,
  ],
  ['too many', 'Too Many Requests', 429, RateLimitedError, 'rate_limited: AAPL: request refused (HTTP 429)'],
  [
    'its proof of work',
    proofOfWork(`/q/d/l/?s=aapl.us&apikey=${KEY}`),
    200,
    BlockedError,
    `blocked: AAPL: a page instead of data ${HTTP}`,
  ],
  ['a denial', 'Access denied', 403, BlockedError, 'blocked: AAPL: access denied (HTTP 403)'],
  [
    'how to get a key',
    KEY_INSTRUCTIONS,
    200,
    KeyRefusedError,
    `key_refused: AAPL: Stooq refuses the key ${HTTP}`,
  ],
  [
    'a page on how to get a key',
    `<html>${KEY_INSTRUCTIONS}</html>`,
    200,
    KeyRefusedError,
    `key_refused: AAPL: Stooq refuses the key ${HTTP}`,
  ],
  [
    'a wrong key',
    `Wrong apikey: ${KEY}`,
    200,
    KeyRefusedError,
    `key_refused: AAPL: Stooq refuses the key ${HTTP}`,
  ],
  ['a wrong key', '', 401, KeyRefusedError, 'key_refused: AAPL: Stooq refuses the key (HTTP 401)'],
  ['a fault', '<html></html>', 502, UnavailableError, 'unavailable: AAPL: Stooq failed (HTTP 502)'],
  ['nothing', '', 200, PartialAnswerError, `partial_answer: AAPL: the answer is cut off ${HTTP}`],
  ['part of a header', 'Da', 200, PartialAnswerError, `partial_answer: AAPL: the answer is cut off ${HTTP}`],
  [
    'something else',
    'Witamy',
    200,
    SchemaDriftError,
    `schema_drift: AAPL: unexpected answer: neither data nor a known refusal ${HTTP}`,
  ],
  ['a header alone', stooqCsv(), 200, PartialAnswerError, 'partial_answer: AAPL: the answer has no rows'],
  [
    'data that is cut off within a number',
    stooqCsv(FRIDAY, MONDAY).slice(0, -4),
    200,
    PartialAnswerError,
    'partial_answer: AAPL: the answer is cut off',
  ],
  [
    'another header',
    'Date,Open,High,Low,Last,Volume\r\n',
    200,
    SchemaDriftError,
    'schema_drift: AAPL: unexpected answer: header is "Date,Open,High,Low,Last,Volume"',
  ],
  [
    'a header without volume',
    'Date,Open,High,Low,Close\r\n2024-03-01,1,2,1,2\r\n',
    200,
    SchemaDriftError,
    'schema_drift: AAPL: unexpected answer: header is "Date,Open,High,Low,Close"',
  ],
  [
    'a column too few',
    stooqCsv(FRIDAY, '2024-03-04,1,2,1,2'),
    200,
    SchemaDriftError,
    'schema_drift: AAPL: unexpected answer: 5 columns in row 3',
  ],
  [
    'a word for a number',
    stooqCsv('2024-03-01,N/D,2,1,2,5'),
    200,
    SchemaDriftError,
    'schema_drift: AAPL: unexpected answer: no row has four readable prices',
  ],
  [
    'no such day',
    stooqCsv('2024-02-30,1,2,1,2,5'),
    200,
    SchemaDriftError,
    'schema_drift: AAPL: unexpected answer: "2024-02-30" for a day',
  ],
  [
    'a quote is in the wrong place',
    stooqCsv('2024-03-01,"1"2,2,1,2,5'),
    200,
    SchemaDriftError,
    'schema_drift: AAPL: unexpected answer: CSV_INVALID_CLOSING_QUOTE',
  ],
  [
    'a header that repeats the key',
    `Date,Open,${KEY}\r\n`,
    200,
    SchemaDriftError,
    'schema_drift: AAPL: unexpected answer: it repeats the key',
  ],
  [
    'a row that repeats the key',
    stooqCsv(`2024-03-01,${KEY},2,1,2,5`),
    200,
    SchemaDriftError,
    'schema_drift: AAPL: unexpected answer: no row has four readable prices',
  ],
  [
    'broken text that repeats the key',
    stooqCsv(`2024-03-01,"${KEY}"x,2,1,2,5`),
    200,
    SchemaDriftError,
    'schema_drift: AAPL: unexpected answer: CSV_INVALID_CLOSING_QUOTE',
  ],
])('reports %s for the body %j with HTTP %i', async (_, body, status, type, expected) => {
  answer(body, status);
  expect(await refused()).toBe(expected);
  expect(await refusal()).toBeInstanceOf(type);
});

test('reports a Retry-After', async () => {
  answer('', 429, { 'retry-after': '12' });
  expect((await refusal()).retryAfterMs).toBe(12_000);
});

test('reports a server that hangs or is unreachable', async () => {
  stooq.answer = (_request, response) => response.write('Date,');
  expect(await refused({}, { timeoutMs: 100 })).toBe('timeout: AAPL: no complete answer within 0.1 s');
  stooq.answer = (request) => request.socket.destroy();
  expect(await refused()).toBe('unavailable: AAPL: Stooq cannot be reached (UND_ERR_SOCKET)');
  expect(await refused({}, { origin: 'http://127.0.0.1:9' })).toMatch(
    /^unavailable: AAPL: Stooq cannot be reached/,
  );
});

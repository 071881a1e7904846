import { expect, test } from 'vitest';
import { type Environment, readChoice, readNames } from '../../../../functions/ingest/providers/choice.ts';
import { ConfigurationError } from '../../../../functions/shared/errors.ts';

const KEY = { STOOQ_KEY_SECRET: 'boursomatic/stooq' };

test.each([
  ['yahoo', ['yahoo']],
  ['yahoo,stooq', ['yahoo', 'stooq']],
  [' stooq , yahoo ', ['stooq', 'yahoo']],
  ['csv', ['csv']],
])('reads PROVIDER %j as %j', (text, expected) => {
  expect(readNames({ PROVIDER: text }).map(({ name }) => name)).toEqual(expected);
});

test.each<[string, Environment, string | RegExp]>([
  [
    'an empty PROVIDER',
    { PROVIDER: '' },
    /^PROVIDER: must be one of yahoo, stooq, alpaca, tiingo, massive, sample, csv/,
  ],
  [
    'an unknown provider',
    { PROVIDER: 'yahoo,bloomberg' },
    /^PROVIDER: must be one of yahoo, stooq, alpaca, tiingo, massive, sample, csv/,
  ],
  ['a missing PROVIDER', {}, /^PROVIDER: /],
  ['a provider named twice', { PROVIDER: 'yahoo,yahoo' }, 'PROVIDER: names a provider twice'],
  [
    'a file among vendors',
    { PROVIDER: 'csv,yahoo', BARS_FILE: 'bars.csv' },
    'PROVIDER: names a bars file together with another provider',
  ],
  [
    'csv without its file',
    { PROVIDER: 'csv' },
    'BARS_FILE is not set: the csv provider needs the path of the bars file',
  ],
  [
    'stooq without its key',
    { PROVIDER: 'yahoo,stooq' },
    'STOOQ_KEY_SECRET is not set: the stooq provider needs the key for Stooq',
  ],
  [
    'a malformed origin',
    { PROVIDER: 'yahoo', YAHOO_ORIGIN: 'nowhere' },
    'YAHOO_ORIGIN is "nowhere": use an origin such as https://example.com',
  ],
  [
    'an origin with a path',
    { PROVIDER: 'yahoo', YAHOO_ORIGIN: 'https://example.com/v8' },
    'YAHOO_ORIGIN is "https://example.com/v8": use an origin',
  ],
  [
    'an origin of another scheme, also of a provider that is not chosen',
    { PROVIDER: 'yahoo', STOOQ_ORIGIN: 'ftp://a' },
    'STOOQ_ORIGIN is "ftp://a": use an origin',
  ],
])('refuses %s', (_, environment, message) => {
  const read = () => readChoice(environment);
  expect(read).toThrow(ConfigurationError);
  expect(read).toThrow(message);
});

test('names every fault at once', () => {
  const environment = { PROVIDER: 'stooq', YAHOO_ORIGIN: 'a', STOOQ_ORIGIN: 'b' };
  expect(() => readChoice(environment)).toThrow(/YAHOO_ORIGIN.*STOOQ_KEY_SECRET.*STOOQ_ORIGIN/);
});

test('takes the variables of providers from the environment, and no others', () => {
  const variables = { YAHOO_ORIGIN: 'http://a.test', STOOQ_ORIGIN: 'http://b.test', ...KEY };
  const { values } = readChoice({ PROVIDER: 'yahoo,stooq', ...variables, HOME: '/root' });
  expect(values).toEqual(variables);
});

import { expect, test } from 'vitest';
import {
  ProviderEnvironment,
  ProviderNames,
  type ProviderOptions,
  parseProviderOptions,
  providerOptions,
} from '../../../../functions/ingest/providers/options.ts';
import { ConfigurationError } from '../../../../functions/shared/errors.ts';

test.each([
  ['yahoo', ['yahoo']],
  ['yahoo,stooq', ['yahoo', 'stooq']],
  [' stooq , yahoo ', ['stooq', 'yahoo']],
  ['csv', ['csv']],
])('PROVIDER %j is %j', (text, expected) => {
  expect(ProviderNames.parse(text)).toEqual(expected);
});

const STOOQ = { stooqKeySecret: 'boursomatic/stooq' };

test.each<[string, ProviderOptions, string[]]>([
  ['a name', { provider: 'yahoo' }, ['yahoo']],
  ['several names', { provider: ['yahoo', 'stooq'], ...STOOQ }, ['yahoo', 'stooq']],
  ['a list in text', { provider: 'stooq,yahoo', ...STOOQ }, ['stooq', 'yahoo']],
])('options take %s', (_, options, expected) => {
  expect(parseProviderOptions(options).provider).toEqual(expected);
});

test.each<[string, Record<string, unknown>, string | RegExp]>([
  ['no provider', { provider: '' }, /^PROVIDER: is one of yahoo, stooq, sample, csv/],
  ['an unknown one', { provider: 'yahoo,bloomberg' }, /^PROVIDER: is one of yahoo, stooq, sample, csv/],
  ['none at all', {}, /^PROVIDER: /],
  ['an empty list', { provider: [] }, /^PROVIDER: /],
  ['one twice', { provider: 'yahoo,yahoo' }, 'PROVIDER: names a provider twice'],
  [
    'a file among vendors',
    { provider: 'csv,yahoo', barsFile: 'bars.csv' },
    'PROVIDER: a bars file cannot be one of several providers',
  ],
  ['no file', { provider: 'csv' }, 'BARS_FILE is not set: the csv provider reads it'],
  [
    'no key',
    { provider: 'yahoo,stooq' },
    'STOOQ_KEY_SECRET is not set: the stooq provider has its key from there',
  ],
  ['no origin', { provider: 'yahoo', yahooOrigin: 'nowhere' }, 'YAHOO_ORIGIN is not an http(s) URL: nowhere'],
  [
    'another scheme',
    { provider: 'yahoo', stooqOrigin: 'ftp://a' },
    'STOOQ_ORIGIN is not an http(s) URL: ftp://a',
  ],
  ['an unknown option', { provider: 'yahoo', yahooOrigins: 'x' }, /yahooOrigins/],
])('%s is refused', (_, options, message) => {
  const parse = () => parseProviderOptions(options as unknown as ProviderOptions);
  expect(parse).toThrow(ConfigurationError);
  expect(parse).toThrow(message);
});

test('every fault is named at once', () => {
  const options: ProviderOptions = { provider: 'stooq', yahooOrigin: 'a', stooqOrigin: 'b' };
  expect(() => parseProviderOptions(options)).toThrow(/YAHOO_ORIGIN.*STOOQ_ORIGIN/);
});

test('the environment gives the options', () => {
  const environment = ProviderEnvironment.parse({
    PROVIDER: 'yahoo,stooq',
    YAHOO_ORIGIN: 'http://a.test',
    STOOQ_ORIGIN: 'http://b.test',
    STOOQ_KEY_SECRET: 'boursomatic/stooq',
    HOME: '/root',
  });
  expect(parseProviderOptions(providerOptions(environment))).toEqual({
    provider: ['yahoo', 'stooq'],
    barsFile: undefined,
    yahooOrigin: 'http://a.test',
    stooqOrigin: 'http://b.test',
    stooqKeySecret: 'boursomatic/stooq',
  });
});

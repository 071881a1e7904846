import { resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { BadInputError } from '../../../functions/shared/errors.ts';
import {
  choiceOfStart,
  HELP,
  messagesOf,
  type Options,
  parseOptions,
  scheduleOf,
} from '../../../local/commands/start-options.ts';

const DEFAULTS: Options = {
  help: false,
  once: false,
  json: false,
  'run-now': false,
  provider: ['sample'],
  port: 8787,
  host: '127.0.0.1',
  'public-url': [],
  'trust-proxy': [],
  'data-dir': '.boursomatic',
};

const undecided = () => undefined;
const parse = (args: string[]) => parseOptions(args, { choiceOf: undecided, environment: {} });

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-03-02T08:00:00Z') });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('parseOptions', () => {
  test('applies the defaults', () => {
    expect(parse([])).toEqual(DEFAULTS);
  });

  test.each<[string[], Partial<Options>]>([
    [['--help'], { help: true }],
    [['-h'], { help: true }],
    [['--once'], { once: true }],
    [['--json'], { json: true }],
    [['--sample'], { provider: ['sample'] }],
    [['--provider', 'yahoo'], { provider: ['yahoo'], reference: 'basket' }],
    [['--provider', 'yahoo,stooq'], { provider: ['yahoo', 'stooq'], reference: 'basket' }],
    [['--provider=yahoo', '--reference', 'sp500'], { provider: ['yahoo'], reference: 'sp500' }],
    [
      ['--provider=yahoo', '--benchmark', 'voo'],
      { provider: ['yahoo'], reference: 'basket', benchmark: 'VOO' },
    ],
    [['--benchmark', 'none'], { benchmark: 'none' }],
    [['--run-now'], { 'run-now': true }],
    [
      ['--provider=yahoo', '--schedule', '30 18 * * 1-5', '--intraday', 'on', '--retrain', 'weekly'],
      {
        provider: ['yahoo'],
        reference: 'basket',
        schedule: '30 18 * * 1-5',
        intraday: 'on',
        retrain: 'weekly',
      },
    ],
    [['--mode', 'intraday'], { mode: 'intraday' }],
    [['--replay', 'local-1'], { replay: 'local-1' }],
    [['--provider=csv', '--bars', 'bars.csv.gz'], { provider: ['csv'], bars: 'bars.csv.gz' }],
    [['--symbols', 'AAPL'], { symbols: ['AAPL'] }],
    [['--symbols', 'aapl, brk-b,^GSPC'], { symbols: ['AAPL', 'BRK-B', '^GSPC'] }],
    [['--symbols', 'brk.b,BRK-B,m&m.ns,EURUSD=X'], { symbols: ['BRK-B', 'M&M.NS', 'EURUSD=X'] }],
    [
      ['--provider=csv', '--bars', 'b.csv', '--date-format', 'dmy'],
      { provider: ['csv'], bars: 'b.csv', 'date-format': 'dmy' },
    ],
    [
      ['--provider=csv', '--bars', 'b.csv', '--currency', 'GBX'],
      { provider: ['csv'], bars: 'b.csv', currency: 'GBX' },
    ],
    [['--as-of', '2024-02-29'], { 'as-of': '2024-02-29' }],
    [['--as-of', '2026-03-02'], { 'as-of': '2026-03-02' }],
    [['--mode', 'backfill'], { mode: 'backfill' }],
    [['--model', 'releases/next'], { model: 'releases/next' }],
    [['--port', '0'], { port: 0 }],
    [['--port', '65535'], { port: 65535 }],
    [['--host', '0.0.0.0'], { host: '0.0.0.0' }],
    [['--host', '::'], { host: '::' }],
    [['--public-url', 'https://calls.example.org'], { 'public-url': [new URL('https://calls.example.org')] }],
    [
      ['--public-url', 'https://a.example.org/, https://b.example.org:8443'],
      { 'public-url': [new URL('https://a.example.org'), new URL('https://b.example.org:8443')] },
    ],
    [['--trust-proxy', 'loopback'], { 'trust-proxy': ['loopback'] }],
    [
      ['--trust-proxy', '192.0.2.1, 10.0.0.0/8,2001:db8::/32'],
      { 'trust-proxy': ['192.0.2.1', '10.0.0.0/8', '2001:db8::/32'] },
    ],
    [['--data-dir', 'elsewhere'], { 'data-dir': 'elsewhere' }],
    [
      ['--once', '--json', '--port', '9000', '--symbols', 'IBM'],
      { once: true, json: true, port: 9000, symbols: ['IBM'] },
    ],
  ])('reads %j', (args, options) => {
    expect(parse(args)).toEqual({ ...DEFAULTS, ...options });
  });

  test.each([
    [['--nope'], "Unknown option '--nope' (--help lists the options)"],
    [['--Once'], "Unknown option '--Once' (--help lists the options)"],
    [
      ['AAPL'],
      "Unexpected argument 'AAPL'. This command does not take positional arguments (--help lists the options)",
    ],
    [['--once=yes'], "Option '--once' does not take an argument (--help lists the options)"],
    [['--port'], "Option '--port <value>' argument missing (--help lists the options)"],
    [['--host', 'nas.local'], '--host "nas.local" is not an IP address such as 127.0.0.1, 0.0.0.0 or ::'],
    [
      ['--public-url', 'calls.example.org'],
      '--public-url "calls.example.org" is not a URL such as https://calls.example.org',
    ],
    [
      ['--public-url', 'http://calls.example.org'],
      '--public-url "http://calls.example.org" must begin with https://, because browsers keep a sign-in only over TLS',
    ],
    ...['https://example.org/calls', 'https://example.org/?a=1', 'https://example.org/#a'].map(
      (url): [string[], string] => [
        ['--public-url', url],
        `--public-url "${url}" must end after the host: the page needs a host name of its own, without a path`,
      ],
    ),
    [
      ['--public-url', 'https://grace@example.org'],
      '--public-url "https://grace@example.org" must not contain a user or a password',
    ],
    ...[
      'proxy.example.org',
      '10.0.0.0/33',
      '2001:db8::/129',
      '10.0.0.0/',
      '10.0.0.0/0',
      '10',
      'fe80::1%lo',
    ].map((list): [string[], string] => [
      ['--trust-proxy', list],
      `--trust-proxy "${list}" must be IP addresses, networks such as 10.0.0.0/8, or loopback, linklocal, uniquelocal`,
    ]),
    [
      ['--provider', 'bloomberg'],
      '--provider "bloomberg" must be one of yahoo, stooq, alpaca, tiingo, massive, sample, csv',
    ],
    [['--provider', 'yahoo,yahoo'], '--provider "yahoo,yahoo" names a provider twice'],
    [['--provider', 'yahoo,csv'], '--provider "yahoo,csv" names a bars file together with another provider'],
    [
      ['--replay', 'local-1', '--mode', 'daily'],
      '--mode does not go with --replay, which uses the mode of the earlier run',
    ],
    [['--sample', '--provider', 'yahoo'], '--sample does not go with --provider'],
    [['--provider', 'csv'], '--provider csv needs --bars FILE'],
    [['--bars', 'bars.csv'], '--bars goes only with --provider csv'],
    [['--date-format', 'dmy'], '--date-format goes only with --provider csv'],
    [['--currency', 'USD'], '--currency goes only with --provider csv'],
    [
      ['--currency', 'dollars'],
      '--currency "dollars" must be a code of three letters such as USD, or GBX for pence',
    ],
    [['--date-format', 'us'], '--date-format "us" must be one of dmy, mdy, ymd'],
    [['--provider', 'yahoo', '--bars', 'bars.csv'], '--bars goes only with --provider csv'],
    [['--reference', 'none'], '--reference goes only with a vendor'],
    [['--schedule', 'off'], '--schedule goes only with a vendor'],
    [['--intraday', 'on'], '--intraday goes only with a vendor'],
    [['--provider=yahoo', '--intraday', 'yes'], '--intraday "yes" must be on or off'],
    [
      ['--provider=stooq', '--intraday', 'on'],
      '--intraday on needs 15-minute bars, which stooq does not have: use another provider',
    ],
    [['--provider=yahoo', '--retrain', 'daily'], '--retrain "daily" must be weekly or off'],
    [['--provider=yahoo', '--reference', ''], '--reference "" is empty'],
    [['--benchmark', 'S&P 500'], '--benchmark "S&P 500" is not a symbol such as AAPL or BRK-B, or none'],
    [['--symbols', ''], '--symbols "" is not a symbol such as AAPL or BRK-B'],
    [['--symbols', 'AAPL,,MSFT'], '--symbols "AAPL,,MSFT" is not a symbol such as AAPL or BRK-B'],
    [['--symbols', 'AAPL MSFT'], '--symbols "AAPL MSFT" is not a symbol such as AAPL or BRK-B'],
    [['--as-of', 'yesterday'], '--as-of "yesterday" is not a date such as 2024-02-29'],
    [['--as-of', '2026-02-29'], '--as-of "2026-02-29" is not a date such as 2024-02-29'],
    [['--as-of', '2026-03-03'], '--as-of 2026-03-03 is in the future'],
    [['--mode', 'weekly'], '--mode "weekly" must be one of daily, intraday, backfill'],
    [['--port', 'http'], '--port "http" is not a port number'],
    [['--port', '1e3'], '--port "1e3" is not a port number'],
    [['--port', '65536'], '--port "65536" is above 65535'],
    [['--model', ''], '--model "" is empty'],
    [['--data-dir', ''], '--data-dir "" is empty'],
  ])('rejects %j', (args, message) => {
    expect(() => parse(args)).toThrow(new BadInputError(message));
    expect(() => parse(args)).toThrow(BadInputError);
  });
});

describe('parseOptions in a data folder with real data', () => {
  const yahoo = () => ({
    data: 'real' as const,
    start: { provider: ['yahoo' as const], reference: 'sp500', benchmark: 'VOO' },
  });
  const remembered = { provider: ['yahoo'], reference: 'sp500', benchmark: 'VOO' };

  test.each<[string[], object]>([
    [[], remembered],
    [['--once'], { ...remembered, once: true }],
    [['--benchmark', 'none'], { ...remembered, benchmark: 'none' }],
    [['--reference', 'none'], { ...remembered, reference: 'none' }],
    [['--sample'], {}],
    [['--provider', 'sample'], {}],
    [['--provider', 'stooq'], { provider: ['stooq'], reference: 'basket' }],
    [['--provider', 'csv', '--bars', 'b.csv'], { provider: ['csv'], bars: 'b.csv' }],
  ])('completes %j with the options of the last start on a vendor', (args, options) => {
    expect(parseOptions(args, { choiceOf: yahoo })).toEqual({ ...DEFAULTS, ...options });
  });

  test('rejects a start whose vendor is not known yet', () => {
    expect(() => parseOptions(['--data-dir', 'data'], { choiceOf: () => ({ data: 'real' }) })).toThrow(
      new BadInputError(
        'data holds real data: name their vendor, as in npm start -- --provider yahoo, or use --sample',
      ),
    );
  });

  test('reads no choice for --help', () => {
    const damaged = () => {
      throw new Error('damaged');
    };
    expect(parseOptions(['--help'], { choiceOf: damaged })).toMatchObject({ help: true });
  });
});

test('keeps the schedule of an installation that changes its vendor, and gives it up for a file', () => {
  const choice = {
    data: 'real',
    start: { provider: ['yahoo'], reference: 'sp500', intraday: 'on' },
  } as const;
  const remembered = () => structuredClone(choice) as never;
  expect(
    parseOptions(['--provider', 'tiingo', '--schedule', 'off', '--intraday', 'off'], {
      choiceOf: remembered,
    }),
  ).toMatchObject({
    reference: 'basket',
    schedule: 'off',
    intraday: 'off',
  });
  expect(parseOptions(['--provider', 'yahoo'], { choiceOf: remembered })).toMatchObject({ intraday: 'on' });
  expect(parseOptions(['--sample'], { choiceOf: remembered })).not.toHaveProperty('intraday');
});

test('remembers who may add stocks, also for another vendor and for a limit of none', () => {
  const given = parse(['--provider', 'yahoo', '--add-stocks', 'admins', '--most-added', '0']);
  expect(given).toMatchObject({ 'add-stocks': 'admins', 'most-added': 0 });
  const choice = choiceOfStart(given);
  const remembered = () => structuredClone(choice) as never;
  expect(choice?.start).toMatchObject({ 'add-stocks': 'admins', 'most-added': 0 });
  for (const args of [[], ['--provider', 'tiingo']])
    expect(parseOptions(args, { choiceOf: remembered })).toMatchObject({
      'add-stocks': 'admins',
      'most-added': 0,
    });
  expect(parseOptions(['--sample'], { choiceOf: remembered })).not.toHaveProperty('most-added');
});

test.each([
  [['--provider', 'yahoo', '--add-stocks', 'me'], '--add-stocks "me" must be one of anyone, admins, off'],
  [['--provider', 'yahoo', '--most-added', '-1'], '--most-added'],
  [['--provider', 'yahoo', '--most-added', '100001'], 'must be a whole number from 0 to 100000'],
  [['--add-stocks', 'off'], '--add-stocks goes only with a vendor'],
  [['--sample', '--most-added', '0'], '--most-added goes only with a vendor'],
])('refuses %j', (args, message) => {
  expect(() => parse(args)).toThrow(message);
});

test('passes the schedule to the service', () => {
  const args = ['--provider', 'yahoo', '--retrain', 'weekly', '--schedule', 'TZ=Europe/Paris 0 20 * * 1-5'];
  expect(scheduleOf(parse(args))).toMatchObject({
    daily: { expression: '0 20 * * 1-5', timeZone: 'Europe/Paris' },
    intraday: false,
    retraining: true,
  });
  expect(scheduleOf(parse(['--provider', 'yahoo']))).toMatchObject({ daily: 'markets', retraining: false });
  expect(() => parse(['--provider', 'yahoo', '--schedule', 'daily'])).toThrow(BadInputError);
});

describe('choiceOfStart', () => {
  test('remembers a vendor with its reference and its benchmark', () => {
    expect(choiceOfStart(parse(['--provider', 'yahoo,stooq', '--benchmark', 'voo']))).toEqual({
      data: 'real',
      start: { provider: ['yahoo', 'stooq'], reference: 'basket', benchmark: 'VOO' },
    });
  });

  test('remembers the whole path of a reference file', () => {
    const { start } = choiceOfStart(parse(['--provider', 'yahoo', '--reference', 'list.csv'])) ?? {};
    expect(start?.reference).toBe(resolve('list.csv'));
  });

  test.each([[['--sample']], [[]], [['--provider', 'csv', '--bars', 'b.csv']]])(
    'remembers nothing for %j',
    (args) => {
      expect(choiceOfStart(parse(args))).toBeUndefined();
    },
  );
});

describe('the environment', () => {
  test('gives way to --sample', () => {
    const environment = { BOURSOMATIC_PROVIDER: 'yahoo' };
    expect(parseOptions(['--sample'], { choiceOf: undecided, environment })).toEqual(DEFAULTS);
  });

  test('stands for every option with a value', () => {
    const environment = {
      BOURSOMATIC_DATA_DIR: '/var/lib/boursomatic',
      BOURSOMATIC_PUBLIC_URL: 'https://calls.example.org',
      BOURSOMATIC_TRUST_PROXY: 'loopback',
      BOURSOMATIC_PROVIDER: 'yahoo',
    };
    expect(parseOptions([], { choiceOf: undecided, environment })).toEqual({
      ...DEFAULTS,
      'data-dir': '/var/lib/boursomatic',
      'public-url': [new URL('https://calls.example.org')],
      'trust-proxy': ['loopback'],
      provider: ['yahoo'],
      reference: 'basket',
    });
  });

  test('gives way to the command line', () => {
    expect(
      parseOptions(['--port', '9000'], { choiceOf: undecided, environment: { BOURSOMATIC_PORT: '8000' } }),
    ).toEqual({
      ...DEFAULTS,
      port: 9000,
    });
  });

  test('leaves the default where a variable is empty', () => {
    expect(
      parseOptions([], {
        choiceOf: undecided,
        environment: { BOURSOMATIC_HOST: '', BOURSOMATIC_PUBLIC_URL: '' },
      }),
    ).toEqual(DEFAULTS);
  });

  test('is named in the error of its value', () => {
    expect(() =>
      parseOptions([], { choiceOf: undecided, environment: { BOURSOMATIC_PORT: 'http' } }),
    ).toThrow(new BadInputError('BOURSOMATIC_PORT "http" is not a port number'));
    expect(() =>
      parseOptions(['--port', 'x'], { choiceOf: undecided, environment: { BOURSOMATIC_PORT: '1' } }),
    ).toThrow(new BadInputError('--port "x" is not a port number'));
  });
});

describe('the usage text', () => {
  test('lists exactly the options that are read', () => {
    const named = [...HELP.matchAll(/^ {2}(?:-h, )?--([a-z-]+)/gm)].map(([, name]) => name);
    expect(named.sort()).toEqual(
      [
        ...Object.keys(DEFAULTS),
        'sample',
        'bars',
        'date-format',
        'currency',
        'symbols',
        'reference',
        'benchmark',
        'as-of',
        'model',
        'mode',
        'replay',
        'schedule',
        'intraday',
        'retrain',
        'backup',
        'add-stocks',
        'most-added',
        'smtp-from',
        'alerts-reach-private',
      ].sort(),
    );
  });

  test('states the actual defaults', () => {
    expect(HELP).toContain(`(default ${DEFAULTS.port}; 0 takes a free one)`);
    expect(HELP).toContain(`(default ${DEFAULTS['data-dir']})`);
    expect(HELP).toContain('yahoo, stooq, alpaca, tiingo, massive or csv, or sample;');
    expect(HELP).toContain('daily (default); backfill');
  });
});

describe('the options of messages', () => {
  const parse = (args: string[], start?: object) =>
    parseOptions(args, {
      choiceOf: () => start && ({ data: 'real', start: { provider: ['yahoo'], ...start } } as never),
      environment: {},
    });

  test('are kept by later starts, also with another vendor', () => {
    const kept = { 'smtp-from': 'alerts@example.com', 'alerts-reach-private': 'on' };
    for (const args of [[], ['--provider', 'yahoo,stooq']]) {
      const options = parse(args, kept);
      expect(messagesOf(options)).toEqual({ smtpFrom: 'alerts@example.com', reachPrivate: true });
      expect(choiceOfStart(options)?.start).toMatchObject(kept);
    }
  });

  test('turn off what an earlier start turned on', () => {
    const options = parse(['--smtp-from', 'off', '--alerts-reach-private', 'off'], {
      'smtp-from': 'alerts@example.com',
      'alerts-reach-private': 'on',
    });
    expect(messagesOf(options)).toEqual({ smtpFrom: undefined, reachPrivate: false });
    expect(choiceOfStart(options)?.start).toMatchObject({ 'smtp-from': 'off' });
  });

  test.each([
    [
      ['--smtp-from', 'Calls <a@example.com>'],
      '--smtp-from "Calls <a@example.com>" is not an e-mail address',
    ],
    [['--alerts-reach-private', 'yes'], '--alerts-reach-private "yes" must be on or off'],
  ])('refuse %j', (args, message) => {
    expect(() => parse(args)).toThrow(message);
  });
});

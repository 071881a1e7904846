import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { BadInputError } from '../../../functions/shared/errors.ts';
import { HELP, type Options, parseOptions } from '../../../local/commands/start-options.ts';

const DEFAULTS: Options = {
  help: false,
  once: false,
  json: false,
  provider: ['sample'],
  port: 8787,
  'data-dir': '.boursomatic',
};

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-03-02T08:00:00Z') });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('parseOptions', () => {
  test('applies the defaults', () => {
    expect(parseOptions([])).toEqual(DEFAULTS);
  });

  test.each<[string[], Partial<Options>]>([
    [['--help'], { help: true }],
    [['-h'], { help: true }],
    [['--once'], { once: true }],
    [['--json'], { json: true }],
    [['--provider', 'yahoo'], { provider: ['yahoo'], reference: 'basket' }],
    [['--provider', 'yahoo,stooq'], { provider: ['yahoo', 'stooq'], reference: 'basket' }],
    [['--provider=yahoo', '--reference', 'sp500'], { provider: ['yahoo'], reference: 'sp500' }],
    [
      ['--provider=yahoo', '--benchmark', 'voo'],
      { provider: ['yahoo'], reference: 'basket', benchmark: 'VOO' },
    ],
    [['--benchmark', 'none'], { benchmark: 'none' }],
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
    [['--data-dir', 'elsewhere'], { 'data-dir': 'elsewhere' }],
    [
      ['--once', '--json', '--port', '9000', '--symbols', 'IBM'],
      { once: true, json: true, port: 9000, symbols: ['IBM'] },
    ],
  ])('reads %j', (args, options) => {
    expect(parseOptions(args)).toEqual({ ...DEFAULTS, ...options });
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
    expect(() => parseOptions(args)).toThrow(new BadInputError(message));
    expect(() => parseOptions(args)).toThrow(BadInputError);
  });
});

describe('the usage text', () => {
  test('lists exactly the options that are read', () => {
    const named = [...HELP.matchAll(/^ {2}(?:-h, )?--([a-z-]+)/gm)].map(([, name]) => name);
    expect(named.sort()).toEqual(
      [
        ...Object.keys(DEFAULTS),
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
      ].sort(),
    );
  });

  test('states the actual defaults', () => {
    expect(HELP).toContain(`(default ${DEFAULTS.port}; 0 takes a free one)`);
    expect(HELP).toContain(`(default ${DEFAULTS['data-dir']})`);
    expect(HELP).toContain('sample (default), yahoo, stooq, alpaca, tiingo, massive or csv');
    expect(HELP).toContain('daily (default); backfill');
  });
});

/** One row of a chart: start in seconds, then open, high, low, close, volume and adjusted close. */
export type ChartRow = readonly [
  start: number,
  o: number | null,
  h: number | null,
  l: number | null,
  c: number | null,
  v: number | null,
  adjClose?: number | null,
];

/** A dividend or a split of a chart, by the start of its ex day in seconds. */
export interface ChartEvents {
  dividends?: Record<number, { amount: number; date: number }>;
  splits?: Record<number, { date: number; numerator: number; denominator: number; splitRatio: string }>;
}

/**
 * Makes a chart of Yahoo's v8 API for a New York stock, with the current session of 5 March 2024. The last row has the
 * last trade.
 */
export function chart(rows: readonly ChartRow[], meta: Record<string, unknown> = {}, events?: ChartEvents) {
  const column = (i: number) => rows.map((row) => row[i] ?? null);
  const session = { timezone: 'EST', gmtoffset: -18000 };
  const at = (time: string) => Date.parse(`2024-03-05T${time}:00Z`) / 1000;
  return {
    chart: {
      result: [
        {
          meta: {
            currency: 'USD',
            symbol: 'TEST',
            exchangeName: 'NMS',
            fullExchangeName: 'NasdaqGS',
            instrumentType: 'EQUITY',
            firstTradeDate: 345479400,
            regularMarketTime: rows.at(-1)?.[0] ?? at('21:00') - 365 * 86_400,
            hasPrePostMarketData: true,
            gmtoffset: -18000,
            timezone: 'EST',
            exchangeTimezoneName: 'America/New_York',
            regularMarketPrice: 170.12,
            fiftyTwoWeekHigh: 199.62,
            fiftyTwoWeekLow: 147.61,
            chartPreviousClose: 180.75,
            priceHint: 2,
            currentTradingPeriod: {
              pre: { ...session, start: at('09:00'), end: at('14:30') },
              regular: { ...session, start: at('14:30'), end: at('21:00') },
              post: { ...session, start: at('21:00'), end: at('23:59') },
            },
            dataGranularity: '1d',
            range: '',
            validRanges: ['1d', '5d', '1mo', '3mo', '6mo', '1y', '2y', '5y', '10y', 'ytd', 'max'],
            ...meta,
          },
          ...(rows.length > 0 && { timestamp: column(0) }),
          ...(events && { events }),
          indicators: {
            quote: [
              rows.length === 0
                ? {}
                : { open: column(1), high: column(2), low: column(3), close: column(4), volume: column(5) },
            ],
            ...(rows.some((row) => row.length > 6) && { adjclose: [{ adjclose: column(6) }] }),
          },
        },
      ],
      error: null,
    },
  };
}

/** A dividend of a chart. */
export function dividend(date: number, amount: number): ChartEvents {
  return { dividends: { [date]: { amount, date } } };
}

/** A split of a chart: its new shares for its old ones. */
export function split(date: number, numerator: number, denominator: number): ChartEvents {
  return {
    splits: { [date]: { date, numerator, denominator, splitRatio: `${numerator}:${denominator}` } },
  };
}

/** A refusal with Yahoo's error object. */
export function chartError(code: string, description: string) {
  return { chart: { result: null, error: { code, description } } };
}

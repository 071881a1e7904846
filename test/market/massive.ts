import type { CorporateAction } from '../../functions/ingest/providers/provider.ts';
import { toDay } from '../../functions/shared/days.ts';
import { type Answer, jsonAnswer } from './answer.ts';
import type { Question } from './answers.ts';
import { MASSIVE_DAY, MASSIVE_RANGE } from './routes.ts';
import { sessionOf } from './trading-hours.ts';
import { zonedInstant } from './zone.ts';

const NEW_YORK = 'America/New_York';

/** Rows of a page, unless the request names fewer. */
const PAGE_LIMIT = 5000;

/** The free plan's history in days. */
const HISTORY_DAYS = 730;

/**
 * Answers a request as Massive's free plan does: bars adjusted for splits and not for dividends, none of today, and none
 * older than two years; all shares of a day, or the days of one share; splits and dividends; pages by `next_url`.
 */
export function massiveAnswer(question: Question): Answer {
  const { market, url, headers } = question;
  if (!headers.authorization?.startsWith('Bearer '))
    return refusal(401, { status: 'ERROR', error: 'Unknown API Key' });
  const today = zonedDay(market.now());
  const oldest = toDay(Date.parse(today) - HISTORY_DAYS * 86_400_000);
  const refuse = (first: string, last: string) => {
    if (last >= today) return "Attempted to request today's data before end of day. Please upgrade your plan";
    return first < oldest
      ? "Your plan doesn't include this data timeframe. Please upgrade your plan"
      : undefined;
  };
  const { pathname } = url;
  const [, code, from = '', to = ''] = MASSIVE_RANGE.exec(pathname) ?? [];
  if (code) {
    const why = refuse(from, to);
    if (why) return refusal(403, { status: 'NOT_AUTHORIZED', message: why });
    const rows = barsOf(question, code.replace('.', '-'), from, to).map(({ day, ...values }) => {
      return { ...values, t: zonedInstant(day, '00:00', NEW_YORK), n: 1 };
    });
    return page(question, rows, { ticker: code, adjusted: true });
  }
  if (pathname.startsWith(MASSIVE_DAY)) {
    const day = pathname.slice(MASSIVE_DAY.length);
    const why = refuse(day, day);
    if (why) return refusal(403, { status: 'NOT_AUTHORIZED', message: why });
    const rows = american(question).flatMap((symbol) =>
      barsOf(question, symbol, day, day).map(({ day: _, ...values }) => {
        const close = sessionOf(market.view(symbol).instrument.exchange, day).end;
        return { T: symbol.replace('-', '.'), ...values, t: close, n: 1 };
      }),
    );
    return jsonAnswer(
      JSON.stringify({
        adjusted: true,
        queryCount: rows.length,
        resultsCount: rows.length,
        status: 'OK',
        // A day without trades has no list.
        ...(rows.length > 0 && { results: rows }),
      }),
    );
  }
  return page(question, actionRows(question));
}

function zonedDay(instant: number): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: NEW_YORK }).format(instant);
}

function refusal(status: number, body: object): Answer {
  return jsonAnswer(JSON.stringify({ ...body, request_id: 'f1b1' }), status);
}

/** The symbols of American shares that the request names, or all. */
function american({ market, url }: Question): string[] {
  const named = url.searchParams.get('ticker.any_of')?.split(',');
  return market
    .symbols()
    .filter((symbol) => market.find(symbol)?.exchange.timeZone === NEW_YORK)
    .filter((symbol) => named === undefined || named.includes(symbol.replace('-', '.')));
}

function barsOf({ market }: Question, symbol: string, from: string, to: string) {
  if (market.find(symbol)?.exchange.timeZone !== NEW_YORK) return [];
  const { bars, factors, isLive, today } = market.view(symbol);
  return bars.flatMap(({ day, o, h, l, c, v }, i) => {
    const split = factors[i]?.split ?? 1;
    if (day < from || day > to || (isLive && day === today)) return [];
    return [{ day, o: o * split, h: h * split, l: l * split, c: c * split, v: v / split, vw: c * split }];
  });
}

function actionRows(question: Question): object[] {
  const { market, url } = question;
  const isSplits = url.pathname.endsWith('/splits');
  const name = isSplits ? 'execution_date' : 'ex_dividend_date';
  const [first, last] = [`${name}.gte`, `${name}.lte`].map((key) => url.searchParams.get(key) ?? '');
  const row = (ticker: string, { exDay, value }: CorporateAction) =>
    isSplits
      ? { ticker, execution_date: exDay, split_from: 1, split_to: value, adjustment_type: 'forward_split' }
      : { ticker, ex_dividend_date: exDay, cash_amount: value, currency: 'USD', frequency: 4 };
  return american(question).flatMap((symbol) =>
    market
      .view(symbol)
      .instrument.actions.filter(({ kind }) => (kind === 'split') === isSplits)
      .filter(({ exDay }) => exDay >= (first ?? '') && (last === '' || exDay <= (last ?? '')))
      .map((action) => row(symbol.replace('-', '.'), action)),
  );
}

/** A page of rows, with the address of the next one, which has no key. */
function page({ url }: Question, rows: readonly object[], extra: object = {}): Answer {
  const limit = Math.min(Number(url.searchParams.get('limit') ?? PAGE_LIMIT), 50_000);
  const offset = Number(url.searchParams.get('cursor') ?? 0);
  const results = rows.slice(offset, offset + limit);
  const next = new URL(url.pathname, 'https://api.massive.com');
  next.search = new URLSearchParams({
    ...Object.fromEntries(url.searchParams),
    cursor: String(offset + limit),
  }).toString();
  return jsonAnswer(
    JSON.stringify({
      ...extra,
      status: 'OK',
      request_id: 'f1b1',
      resultsCount: results.length,
      ...(results.length > 0 && { results }),
      ...(offset + limit < rows.length && { next_url: next.href }),
    }),
  );
}

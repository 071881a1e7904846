import { defined } from '../../functions/shared/invariant.ts';
import { sharesSince } from './adjust.ts';
import { type AlpacaBar, type AlpacaPage, offsetOf, tokenOf } from './alpaca-page.ts';
import { type Answer, jsonAnswer } from './answer.ts';
import type { Question } from './answers.ts';
import { addDays } from './calendar.ts';
import { spoilAlpaca, spoilTiingo } from './fault-keyed.ts';
import { spoilSheet } from './fault-sheet.ts';
import { random } from './random.ts';
import { type Cell, type Sheet, seconds, sheetOf } from './sheet.ts';
import { dayAt } from './trading-hours.ts';
import { toJson } from './yahoo-chart.ts';
import { zonedInstant } from './zone.ts';

const NEW_YORK = 'America/New_York';

/** Bars of a page, unless the request names fewer. */
const PAGE_LIMIT = 1000;

/**
 * Answers a request for daily bars of several symbols as Alpaca does: adjusted, stamped with midnight in New York, in
 * pages that run through the symbols in alphabetical order. Symbols that it does not know are missing.
 */
export function alpacaAnswer({ market, route, url, headers, fault, seed, hit }: Question): Answer {
  if (!headers['apca-api-key-id'] || !headers['apca-api-secret-key'])
    return jsonAnswer(JSON.stringify({ message: 'forbidden.' }), 403);
  const query = url.searchParams;
  const [first = '', last = ''] = [query.get('start'), query.get('end')].map((text) => text?.slice(0, 10));
  const symbols = [...(route.symbols ?? [route.symbol ?? ''])].sort();
  const rows = symbols.flatMap((symbol) => {
    const sheet = sheetFor(market, symbol, [first, last]);
    if (!sheet) return [];
    const isSpoilt = fault && symbol === hit && sheet.rows.length > 0;
    const { rows } = isSpoilt ? spoilSheet(sheet, fault, random(seed)) : sheet;
    return rows.map(({ day, o, h, l, c, v, factor }) => {
      const t = new Date(zonedInstant(day, '00:00', NEW_YORK)).toISOString().replace('.000Z', 'Z');
      const [open, high, low, close] = [o, h, l, c].map((price) => times(price, factor));
      const bar = { t, o: open, h: high, l: low, c: close, v: rounded(v), n: 1, vw: close } as AlpacaBar;
      return { code: symbol.replace('-', '.'), bar };
    });
  });
  const limit = Math.min(Number(query.get('limit') ?? PAGE_LIMIT), 10_000);
  const offset = offsetOf(query.get('page_token'));
  const bars: Record<string, AlpacaBar[]> = {};
  for (const { code, bar } of rows.slice(offset, offset + limit)) {
    bars[code] ??= [];
    bars[code].push(bar);
  }
  const next = offset + limit < rows.length ? tokenOf(offset + limit) : null;
  const page: AlpacaPage = { bars, next_page_token: next };
  return jsonAnswer(toJson(fault ? spoilAlpaca(page, fault, { hit, offset, source: random(seed) }) : page));
}

/** Answers a request for daily prices of a symbol as Tiingo does: as traded and adjusted, with the day's actions. */
export function tiingoAnswer({ market, route, url, headers, fault, seed }: Question): Answer {
  const refuse = (status: number, detail: string) => jsonAnswer(JSON.stringify({ detail }), status);
  if (!headers.authorization?.startsWith('Token ')) return refuse(403, 'Please supply a token');
  const { symbol = '', requested } = route;
  const query = url.searchParams;
  const [first, last] = [query.get('startDate') ?? '', query.get('endDate') ?? '9999-12-31'];
  const whole = sheetFor(market, symbol, [first, last]);
  if (!whole) return refuse(404, `Error: Ticker '${requested}' not found`);
  const { view } = whole;
  const closed = whole.rows.filter(({ day }) => !(view.isLive && day === view.today));
  const sheet = { ...whole, rows: closed };
  const { rows, events } = fault && closed.length > 0 ? spoilSheet(sheet, fault, random(seed)) : sheet;
  const shares = new Map(view.bars.map(({ day }, i) => [day, defined(view.factors[i], 'factors').split]));
  const told = events.map(({ kind, ts, value }) => {
    return { kind, value, exDay: dayAt(view.instrument.exchange, ts * 1000) };
  });
  const prices = rows.map(({ day, o, h, l, c, v, adj, factor }) => {
    const split = defined(shares.get(day), `shares of ${day}`);
    const on = told.filter(({ exDay }) => exDay === day);
    // Sheets have dividends in today's shares, and Tiingo as paid.
    const paid = sharesSince(told, day, last);
    return {
      date: `${day}T00:00:00.000Z`,
      ...{ close: times(c, 1 / split), high: times(h, 1 / split), low: times(l, 1 / split) },
      ...{ open: times(o, 1 / split), volume: rounded(times(v, split)) },
      ...{ adjClose: adj === null ? null : times(c, factor), adjHigh: times(h, factor) },
      ...{ adjLow: times(l, factor), adjOpen: times(o, factor), adjVolume: times(v, 1 / factor) },
      divCash: on.reduce((sum, { kind, value }) => (kind === 'dividend' ? sum + value * paid : sum), 0),
      splitFactor: on.reduce((ratio, { kind, value }) => (kind === 'split' ? ratio * value : ratio), 1),
    };
  });
  return jsonAnswer(toJson(fault ? spoilTiingo(prices, fault) : prices));
}

/** The daily rows of an American share; undefined for any other symbol. */
function sheetFor(market: Question['market'], symbol: string, days: [string, string]): Sheet | undefined {
  if (market.find(symbol)?.exchange.timeZone !== NEW_YORK) return undefined;
  const [from, to] = [days[0], addDays(days[1], 1)].map((day) =>
    seconds(zonedInstant(day, '00:00', NEW_YORK)),
  );
  return sheetOf(market.view(symbol), 'daily', [defined(from, 'first day'), defined(to, 'last day')]);
}

function times(cell: Cell, factor: number): Cell {
  return typeof cell === 'number' ? cell * factor : cell;
}

function rounded(cell: Cell): Cell {
  return typeof cell === 'number' ? Math.round(cell) : cell;
}

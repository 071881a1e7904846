import { defined } from '../../functions/shared/invariant.ts';
import { type Answer, jsonAnswer } from './answer.ts';
import type { Question } from './answers.ts';
import { effectiveActions } from './snapshot.ts';
import { zonedInstant } from './zone.ts';

/** Bars of a page, unless the request names fewer. */
const PAGE_LIMIT = 1000;

/**
 * Answers a request for daily bars of several symbols as Alpaca does: adjusted, stamped with midnight in New York, in
 * pages that run through the symbols in alphabetical order. Symbols that it does not know are missing.
 */
export function alpacaAnswer({ market, url, headers }: Question): Answer {
  if (!headers['apca-api-key-id'] || !headers['apca-api-secret-key'])
    return jsonAnswer(JSON.stringify({ message: 'forbidden.' }), 403);
  const query = url.searchParams;
  const [first, last] = [query.get('start') ?? '', query.get('end') ?? ''].map((text) => text.slice(0, 10));
  const symbols = (query.get('symbols') ?? '').split(',').sort();
  const rows = symbols.flatMap((code) => {
    const symbol = code.replace('.', '-');
    const instrument = market.find(symbol);
    if (instrument?.exchange.timeZone !== 'America/New_York') return [];
    return market.truth(symbol, 'daily', first ?? '', last ?? '').map(({ ts, ...values }) => {
      const midnight = zonedInstant(new Date(ts).toISOString().slice(0, 10), '00:00', 'America/New_York');
      const t = new Date(midnight).toISOString().replace('.000Z', 'Z');
      return { code, row: { ...values, t, v: Math.round(values.v), n: 1, vw: values.c } };
    });
  });
  const limit = Math.min(Number(query.get('limit') ?? PAGE_LIMIT), 10_000);
  const offset = Number(Buffer.from(query.get('page_token') ?? '', 'base64').toString() || 0);
  const bars: Record<string, unknown[]> = {};
  for (const { code, row } of rows.slice(offset, offset + limit)) {
    bars[code] ??= [];
    bars[code].push(row);
  }
  const next = offset + limit < rows.length ? Buffer.from(String(offset + limit)).toString('base64') : null;
  return jsonAnswer(JSON.stringify({ bars, next_page_token: next }));
}

/** Answers a request for daily prices of a symbol as Tiingo does: as traded and adjusted, with the day's actions. */
export function tiingoAnswer({ market, route, url, headers }: Question): Answer {
  const refuse = (status: number, detail: string) => jsonAnswer(JSON.stringify({ detail }), status);
  if (!headers.authorization?.startsWith('Token ')) return refuse(403, 'Please supply a token');
  const { symbol = '', requested } = route;
  const instrument = market.find(symbol);
  if (instrument?.exchange.timeZone !== 'America/New_York')
    return refuse(404, `Error: Ticker '${requested}' not found`);
  const query = url.searchParams;
  const [first, last] = [query.get('startDate') ?? '', query.get('endDate') ?? '9999'];
  const view = market.view(symbol);
  const actions = effectiveActions(view, first, last);
  const valueOn = (day: string, kind: 'split' | 'dividend') =>
    actions.find((action) => action.kind === kind && action.exDay === day)?.value;
  const rows = view.bars.flatMap(({ day, o, h, l, c, v }, i) => {
    if (day < first || day > last || (view.isLive && day === view.today)) return [];
    const { split, dividend } = defined(view.factors[i], `factors of bar ${i}`);
    const factor = split * dividend;
    return {
      date: `${day}T00:00:00.000Z`,
      ...{ close: c, high: h, low: l, open: o, volume: v },
      ...{ adjClose: c * factor, adjHigh: h * factor, adjLow: l * factor, adjOpen: o * factor },
      adjVolume: v / factor,
      divCash: valueOn(day, 'dividend') ?? 0,
      splitFactor: valueOn(day, 'split') ?? 1,
    };
  });
  return jsonAnswer(JSON.stringify(rows));
}

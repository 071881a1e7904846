import * as z from 'zod';
import { now } from '../../../shared/clock.ts';
import { toDay } from '../../../shared/days.ts';
import { answeredAt } from '../../../shared/http-headers.ts';
import { defined } from '../../../shared/invariant.ts';
import { SchemaDriftError } from '../errors.ts';
import { send } from '../http.ts';
import { readJson } from '../json-answer.ts';
import { AMERICAN, newYorkClosed } from '../new-york.ts';
import type { BarRequest, CorporateAction, FetchedBars, Provider } from '../provider.ts';
import { VendorKey } from '../vendor-key.ts';
import { tiingoRefusal } from './tiingo-refusal.ts';
import { toTiingo } from './tiingo-symbols.ts';

const ORIGIN = 'https://api.tiingo.com';

/** Tiingo has most of a day's prices at 17:30 in New York. */
const READY_AT = '17:30';

/** Relative difference up to which two factors of adjustment are equal. */
const SAME_FACTOR = 1e-6;

const Cell = z.number().catch(Number.NaN);

const Row = z.object({
  date: z.iso.datetime(),
  close: Cell,
  adjOpen: Cell,
  adjHigh: Cell,
  adjLow: Cell,
  adjClose: Cell,
  adjVolume: Cell,
  divCash: z.number().catch(0),
  splitFactor: z.number().positive().catch(1),
});
type Row = z.output<typeof Row>;

/** How to reach Tiingo. */
export interface TiingoOptions {
  /** The secret that holds the token: a Secrets Manager id or ARN, or a `file:` URL. */
  keySecret: string;
  /** Another origin, such as a test server's. */
  origin?: string | undefined;
  /** How long a whole answer may take. */
  timeoutMs: number;
}

/**
 * Opens Tiingo's daily prices of American shares, adjusted for splits and dividends, which it reports. Each call sends
 * one request: pace and retries are up to the caller (see `resilient`).
 *
 * @example
 * const provider = await openTiingoProvider({ keySecret: 'file:///etc/tiingo.key', timeoutMs: 20_000 });
 * await provider.fetchBars({ symbol: 'BRK-B', interval: 'daily', from: '2026-01-02', to: '2026-01-30' });
 *
 * @throws ConfigurationError if the token cannot be read
 */
export async function openTiingoProvider(options: TiingoOptions): Promise<Provider> {
  const key = await VendorKey.open({ secretId: options.keySecret, vendor: 'Tiingo', parts: ['token'] });
  return {
    name: 'tiingo',
    fetchBars: (request) => key.run(request.symbol, ({ token }) => fetchBars(request, token, options)),
  };
}

async function fetchBars(
  { symbol, from, to }: BarRequest,
  token: string,
  { origin = ORIGIN, timeoutMs }: TiingoOptions,
): Promise<FetchedBars> {
  const code = defined(toTiingo(symbol), `Tiingo's form of ${symbol}`);
  const url = new URL(`/tiingo/daily/${code.toLowerCase()}/prices`, origin);
  url.search = new URLSearchParams({ startDate: from, endDate: to, format: 'json' }).toString();
  const instant = now().getTime();
  const headers = { authorization: `Token ${token}` };
  const answer = await send(url, { subject: symbol, vendor: 'Tiingo', timeoutMs, headers });
  if (answer.status !== 200 || !answer.body.trimStart().startsWith('[')) throw tiingoRefusal(symbol, answer);
  // A session is over once both clocks say so: this clock may be fast, and a cached answer may be old.
  const isClosed = newYorkClosed(READY_AT, Math.min(instant, answeredAt(answer.headers) ?? instant));
  const rows = readJson(symbol, answer.body, z.array(Row)).flatMap((row) => {
    const day = row.date.slice(0, 10);
    const ts = Date.parse(day);
    return day >= from && day <= to && isClosed(ts) ? [{ ...row, ts }] : [];
  });
  if (rows.length > 0 && rows.every(({ adjClose }) => Number.isNaN(adjClose)))
    throw new SchemaDriftError(`${symbol}: unexpected answer: no row has an adjusted close`);
  return {
    bars: rows.map(({ ts, adjOpen: o, adjHigh: h, adjLow: l, adjClose: c, adjVolume: v }) => {
      return { ts, o, h, l, c, v };
    }),
    actions: rows.flatMap(actionsOf),
    adjustments: adjustmentsOf(rows),
    ...AMERICAN,
  };
}

function actionsOf({ ts, divCash, splitFactor }: Row & { ts: number }): CorporateAction[] {
  const exDay = toDay(ts);
  return [
    ...(splitFactor === 1 ? [] : [{ exDay, kind: 'split', value: splitFactor } as const]),
    ...(divCash > 0 ? [{ exDay, kind: 'dividend', value: divCash } as const] : []),
  ];
}

/** The factors for dividends alone, where they change: Tiingo's close is adjusted for neither splits nor dividends. */
function adjustmentsOf(rows: readonly (Row & { ts: number })[]): [number, number][] {
  const factors: [number, number][] = [];
  let shares = 1;
  for (const { ts, adjClose, close, splitFactor } of rows.toReversed()) {
    const factor = (adjClose / close) * shares;
    shares *= splitFactor;
    if (Number.isFinite(factor)) factors.unshift([ts, factor]);
  }
  return factors.filter(([, factor], i) => {
    const before = factors[i - 1]?.[1];
    return before === undefined || Math.abs(factor / before - 1) > SAME_FACTOR;
  });
}

import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { now } from '../../../shared/clock.ts';
import { DAY_MS } from '../../../shared/days.ts';
import { answeredAt } from '../../../shared/http-headers.ts';
import { defined } from '../../../shared/invariant.ts';
import { NotFoundError, PartialAnswerError, type ProviderError, SchemaDriftError } from '../errors.ts';
import { send } from '../http.ts';
import { readJson } from '../json-answer.ts';
import { AMERICAN, newYorkClosed, newYorkDay } from '../new-york.ts';
import type { Bar, FetchedBars, ManyBarsRequest, Provider } from '../provider.ts';
import { VendorKey } from '../vendor-key.ts';
import { alpacaRefusal } from './alpaca-refusal.ts';
import { fromAlpaca, toAlpaca } from './alpaca-symbols.ts';

const ORIGIN = 'https://data.alpaca.markets';

/** The most bars of a page, over all its symbols. */
const PAGE_LIMIT = '10000';

/** More pages than the longest request has: 50 symbols over 30 years have 38. */
const MOST_PAGES = 100;

/** The free plan has no data of the last 15 minutes. */
const DELAY_MS = 16 * 60_000;

/** A day is complete once the closing auction is a quarter of an hour old, local time. */
const READY_AT = '16:20';

const Cell = z.number().catch(Number.NaN);

const Page = z.object({
  bars: z
    .record(
      z.string(),
      z.array(z.object({ t: z.iso.datetime(), o: Cell, h: Cell, l: Cell, c: Cell, v: Cell })),
    )
    .nullable(),
  next_page_token: z.string().nullish(),
});

/** How to reach Alpaca. */
export interface AlpacaOptions {
  /** The secret that holds key id and secret key: a Secrets Manager id or ARN, or a `file:` URL. */
  keySecret: string;
  /** Another origin, such as a test server's. */
  origin?: string | undefined;
  /** How long a whole page may take. */
  timeoutMs: number;
  /** The shortest time between two pages of an answer. */
  pageIntervalMs: number;
}

/**
 * Opens Alpaca's daily bars of American shares, from all exchanges (SIP). Alpaca adjusts them for splits and dividends
 * without reporting them, so the past changes at each of them. Pace and retries are up to the caller (see `resilient`);
 * the client only spaces the pages of one answer.
 *
 * @example
 * const provider = await openAlpacaProvider({ keySecret: 'file:///etc/alpaca.key', timeoutMs: 20_000, pageIntervalMs: 350 });
 * await provider.fetchBars({ symbol: 'BRK-B', interval: 'daily', from: '2026-01-02', to: '2026-01-30' });
 *
 * @throws ConfigurationError if the key cannot be read
 */
export async function openAlpacaProvider(options: AlpacaOptions): Promise<Provider> {
  const key = await VendorKey.open({
    secretId: options.keySecret,
    vendor: 'Alpaca',
    parts: ['keyId', 'secretKey'],
  });
  const fetchMany = (request: ManyBarsRequest) =>
    key.run(request.symbols.join(), (keys) => new Download(request, keys, options).run());
  return {
    name: 'alpaca',
    fetchMany,
    fetchBars: async ({ symbol, ...days }) => {
      const answer = (await fetchMany({ symbols: [symbol], ...days })).get(symbol);
      if (!answer) throw new NotFoundError(`${symbol}: Alpaca has no bars of it on these days`);
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
}

/** One request for the bars of several symbols, page by page. */
class Download {
  readonly #request: ManyBarsRequest;
  readonly #keys: Readonly<Record<'keyId' | 'secretKey', string>>;
  readonly #options: AlpacaOptions;
  readonly #answers = new Map<string, FetchedBars | ProviderError>();
  readonly #bars = new Map<string, Bar[]>();
  readonly #instant = now().getTime();
  #closedBy = this.#instant;

  constructor(
    request: ManyBarsRequest,
    keys: Readonly<Record<'keyId' | 'secretKey', string>>,
    options: AlpacaOptions,
  ) {
    this.#request = request;
    this.#keys = keys;
    this.#options = options;
  }

  async run(): Promise<ReadonlyMap<string, FetchedBars | ProviderError>> {
    let left = [...this.#request.symbols];
    while (left.length > 0) {
      const refused = await this.#readPages(left);
      if (refused === undefined) break;
      // One symbol that Alpaca does not accept refuses the request for all of them.
      this.#answers.set(refused, new NotFoundError(`${refused}: Alpaca does not accept this symbol`));
      left = left.filter((symbol) => symbol !== refused);
      this.#bars.clear();
    }
    const isClosed = newYorkClosed(READY_AT, this.#closedBy);
    for (const [symbol, bars] of this.#bars) {
      const closed = bars.filter(({ ts }) => isClosed(ts) && this.#isRequested(ts));
      this.#answers.set(symbol, { bars: closed, actions: [], ...AMERICAN });
    }
    return this.#answers;
  }

  /**
   * Reads all pages.
   *
   * @returns the symbol that Alpaca does not accept, if there is one
   */
  async #readPages(symbols: readonly string[]): Promise<string | undefined> {
    const seen = new Set<string>();
    let token: string | undefined;
    for (let page = 0; page < MOST_PAGES; page++) {
      if (page > 0) await sleep(this.#options.pageIntervalMs);
      const refusal = await this.#readPage(symbols, token);
      if (typeof refusal === 'object') {
        token = refusal.next;
        if (token === undefined) {
          if (page > 0) await sleep(this.#options.pageIntervalMs);
          return undefined;
        }
        if (seen.has(token)) break;
        seen.add(token);
      } else return refusal;
    }
    throw new SchemaDriftError(`${symbols.join()}: unexpected answer: its pages do not end`);
  }

  async #readPage(
    symbols: readonly string[],
    token: string | undefined,
  ): Promise<{ next: string | undefined } | string> {
    const { origin = ORIGIN, timeoutMs } = this.#options;
    const { from, to } = this.#request;
    const subject = symbols.join();
    const end = Math.min(Date.parse(to) + DAY_MS, this.#instant - DELAY_MS);
    const url = new URL('/v2/stocks/bars', origin);
    url.search = new URLSearchParams({
      symbols: symbols.map((symbol) => defined(toAlpaca(symbol), `Alpaca's form of ${symbol}`)).join(),
      timeframe: '1Day',
      start: from,
      end: new Date(Math.max(end, Date.parse(from))).toISOString(),
      adjustment: 'all',
      feed: 'sip',
      sort: 'asc',
      limit: PAGE_LIMIT,
      ...(token && { page_token: token }),
    }).toString();
    const headers = { 'APCA-API-KEY-ID': this.#keys.keyId, 'APCA-API-SECRET-KEY': this.#keys.secretKey };
    const answer = await send(url, { subject, vendor: 'Alpaca', timeoutMs, headers });
    // A session is over once both clocks say so: this clock may be fast, and a cached answer may be old.
    this.#closedBy = Math.min(this.#closedBy, answeredAt(answer.headers) ?? this.#closedBy);
    if (answer.status !== 200 || !answer.body.trimStart().startsWith('{')) {
      const { error, symbol } = alpacaRefusal(subject, answer);
      const refused = symbol && fromAlpaca(symbol);
      if (refused && symbols.includes(refused)) return refused;
      throw error;
    }
    const { bars, next_page_token: next } = readJson(subject, answer.body, Page);
    for (const [code, rows] of Object.entries(bars ?? {})) this.#add(code, rows, symbols);
    return { next: next ?? undefined };
  }

  #add(
    code: string,
    rows: readonly { t: string; o: number; h: number; l: number; c: number; v: number }[],
    symbols: readonly string[],
  ): void {
    const symbol = fromAlpaca(code);
    if (!symbol || !symbols.includes(symbol))
      throw new SchemaDriftError(`${symbols.join()}: unexpected answer: bars of ${code.slice(0, 20)}`);
    const bars = this.#bars.get(symbol) ?? [];
    this.#bars.set(symbol, bars);
    for (const { t, ...values } of rows) {
      // A daily bar is stamped with midnight in New York.
      const ts = Date.parse(newYorkDay(Date.parse(t)));
      const last = bars.at(-1)?.ts ?? Number.NEGATIVE_INFINITY;
      if (ts < last) throw new PartialAnswerError(`${symbol}: the pages of the answer are out of order`);
      bars.push({ ts, ...values });
    }
  }

  #isRequested(ts: number): boolean {
    return ts >= Date.parse(this.#request.from) && ts <= Date.parse(this.#request.to);
  }
}

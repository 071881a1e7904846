import type { IncomingHttpHeaders } from 'node:http';
import { type Answer, jsonAnswer, textAnswer } from './answer.ts';
import { spoilChart, spoilSummary } from './fault-document.ts';
import { amidLastSession, spoilSheet } from './fault-sheet.ts';
import type { Fault } from './faults.ts';
import type { Market } from './market.ts';
import { type Random, random } from './random.ts';
import type { Route } from './routes.ts';

import { type Sheet, seconds, sheetOf } from './sheet.ts';
import { keyInstructions, NO_DATA, stooqCsv } from './stooq-format.ts';
import { chartDocument, chartError, toJson } from './yahoo-chart.ts';
import type { YahooLogin } from './yahoo-login.ts';
import { summaryDocument, summaryError } from './yahoo-summary.ts';
import { zonedInstant } from './zone.ts';

/** The age limit of Yahoo's 15-minute bars, in seconds. */
const INTRADAY_REACH = 60 * 86_400;

/** A request, with everything that decides its answer. */
export interface Question {
  market: Market;
  login: YahooLogin;
  /** The key that Stooq requires; undefined for any. */
  stooqKey: string | undefined;
  route: Route;
  url: URL;
  cookies: string;
  headers: IncomingHttpHeaders;
  /** The data fault, if any. */
  fault: Fault | undefined;
  /** Decides the parameters that the fault leaves open. */
  seed: number;
  /** The symbol whose data the fault spoils, if it spoils those of one only. */
  hit: string | undefined;
}

/** Answers a chart request as Yahoo does. */
export function chartAnswer({ market, route, url, fault, seed }: Question): Answer {
  const { symbol = '', interval } = route;
  const refuse = (status: number, code: string, description: string) =>
    jsonAnswer(toJson(chartError(code, description)), status);
  if (!market.find(symbol)) return refuse(404, 'Not Found', 'No data found, symbol may be delisted');
  const query = url.searchParams;
  if (!interval) {
    const valid = 'Valid intervals: [15m, 1d]';
    return refuse(
      400,
      'Bad Request',
      `Invalid input - interval=${query.get('interval')} is not supported. ${valid}`,
    );
  }
  const now = seconds(market.now());
  const source = random(seed);
  const today = market.view(symbol);
  const from = Number(query.get('period1') ?? seconds(today.current.start));
  const to = Number(query.get('period2') ?? now + 1);
  if (!(from < to)) {
    return refuse(400, 'Bad Request', 'Invalid input - start date cannot be after end date.');
  }
  if (interval === '15m' && from < now - INTRADAY_REACH) {
    const requested = `15m data not available for startTime=${from} and endTime=${to}.`;
    const reach = 'The requested range must be within the last 60 days.';
    return refuse(422, 'Unprocessable Entity', `${requested} ${reach}`);
  }
  const view = fault?.kind === 'unclosed_bar' ? market.view(symbol, amidLastSession(today, source)) : today;
  const sheet = spoiled(sheetOf(view, interval, [from, to]), fault, source);
  if (sheet.rows.length === 0) {
    return refuse(400, 'Bad Request', `Data doesn't exist for startDate = ${from}, endDate = ${to}`);
  }
  const skew = fault?.kind === 'clock_skew' ? (fault.hours ?? 12) * 3600 : 0;
  const document = chartDocument(sheet, {
    events: query.get('events') ?? '',
    includePrePost: query.get('includePrePost') === 'true',
    skew,
  });
  const answer = jsonAnswer(toJson(fault ? spoilChart(document, fault) : document));
  const shown = view.at + skew * 1000;
  if (shown === today.at) return answer;
  // A stale answer comes from a cache, which keeps its date and states its age.
  const age = skew === 0 ? { age: String(now - seconds(view.at)) } : {};
  return { ...answer, headers: { ...answer.headers, ...age, date: new Date(shown).toUTCString() } };
}

/** Answers a quote summary request as Yahoo does: only with cookie and crumb. */
export function summaryAnswer({ market, login, route, url, cookies, fault }: Question): Answer {
  const { symbol = '', requested } = route;
  const refusal = login.refusal(cookies, url.searchParams.get('crumb'));
  if (refusal) return refusal;
  if (!market.find(symbol)) {
    const unknown = summaryError('Not Found', `Quote not found for symbol: ${requested}`);
    return jsonAnswer(JSON.stringify(unknown), 404);
  }
  const modules = (url.searchParams.get('modules') ?? '').split(',');
  const document = summaryDocument(market.view(symbol), modules);
  return jsonAnswer(JSON.stringify(fault ? spoilSummary(document, fault) : document));
}

/** Answers a request for daily bars as Stooq does: always with HTTP 200, and only closed sessions. */
export function stooqAnswer({ market, stooqKey, route, url, fault, seed }: Question): Answer {
  const { symbol = '', requested = '' } = route;
  const query = url.searchParams;
  const key = query.get('apikey');
  if (!key || (stooqKey !== undefined && key !== stooqKey)) return textAnswer(keyInstructions(requested));
  const instrument = market.findByStooqSymbol(requested);
  const [first, last] = [query.get('d1') ?? '19000101', query.get('d2') ?? '99991231'].map(dashed);
  if (!instrument || query.get('i') !== 'd' || !first || !last) return textAnswer(NO_DATA);
  const midnight = (day: string) => seconds(zonedInstant(day, '00:00', instrument.exchange.timeZone));
  const view = market.view(symbol);
  const open = sheetOf(view, 'daily', [midnight(first), midnight(last) + 86_400]);
  const closed = { ...open, rows: open.rows.filter(({ day }) => !(view.isLive && day === view.today)) };
  const sheet = spoiled(closed, fault, random(seed));
  if (sheet.rows.length === 0) return textAnswer(NO_DATA);
  const csv = stooqCsv(sheet.rows, {
    ...(fault?.kind === 'extra_fields' && { extra: 'OpenInt' }),
    ...(fault?.kind === 'missing_field' && { columns: 5 }),
  });
  const body = fault?.kind === 'unequal_columns' ? csv.replace(/,[^,\r\n]*\r\n$/, '\r\n') : csv;
  if (fault?.kind === 'empty') return textAnswer(fault.form === 'no_timestamps' ? stooqCsv([]) : '');
  return { status: 200, headers: { 'content-type': 'text/csv; charset=utf-8' }, body };
}

function spoiled(sheet: Sheet, fault: Fault | undefined, source: Random): Sheet {
  return fault && sheet.rows.length > 0 ? spoilSheet(sheet, fault, source) : sheet;
}

/** Adds dashes to one of Stooq's days; undefined if it is not a day. */
function dashed(text: string): string | undefined {
  const day = text.replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3');
  return Number.isNaN(Date.parse(`${day}T00:00Z`)) ? undefined : day;
}

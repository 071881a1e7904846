import { BlockedError } from '../errors.ts';
import { type Answer, send } from '../http.ts';
import { checkCookiePage, checkCrumb, LOGIN, readYahooAnswer } from './yahoo-refusal.ts';

/** A request that yahoo-finance2 is about to make. */
export interface YahooRequest {
  symbol: string;
  /** The origin to use instead of Yahoo's hosts. */
  origin: string | undefined;
  timeoutMs: number;
}

/** Yahoo's hosts. The library also requests the addresses to which Yahoo's answers redirect. */
const YAHOO = /^https:\/\/([\w-]+\.)*yahoo\.com$/;

/** The path at which Yahoo issues crumbs. */
const CRUMB_PATH = '/v1/test/getcrumb';

/** The path of summaries. */
const SUMMARY_PATH = /^\/v\d+\/finance\/quoteSummary\//;

/**
 * Makes a fetch for one request of yahoo-finance2 that passes on good answers alone. The library would print the URL
 * of a refused request, hide its status and accept any text as a crumb, so this fetch classifies refusals first.
 *
 * @returns a fetch that throws ProviderError unless the answer has the requested data
 */
export function yahooFetch({ symbol, origin, timeoutMs }: YahooRequest): typeof fetch {
  return async (input, init) => {
    const original = new URL(input instanceof Request ? input.url : input);
    const url = origin ? new URL(original.pathname + original.search, origin) : original;
    const isSummary = SUMMARY_PATH.test(url.pathname);
    // All other requests fetch the cookie and the crumb, for which several symbols may be waiting.
    const subject = isSummary ? symbol : LOGIN;
    if (!origin && !YAHOO.test(url.origin))
      throw new BlockedError(`${subject}: Yahoo redirects to ${url.hostname}, which is not Yahoo's`);
    const answer = await send(url, { ...init, subject, vendor: 'Yahoo', timeoutMs });
    if (isSummary) return respond(answer, readYahooAnswer(symbol, 'quoteSummary', answer));
    if (url.pathname === CRUMB_PATH) checkCrumb(answer);
    else checkCookiePage(answer);
    return respond(answer, answer.body);
  };
}

function respond({ status, headers }: Answer, body: string): Response {
  // These statuses allow no body, not even an empty one.
  return new Response(status === 204 || status === 304 ? null : body, { status, headers });
}

import { type Answer, answeredAt, ask } from '../http.ts';
import { checkCookiePage, checkCrumb, LOGIN, readYahooAnswer } from './yahoo-refusal.ts';

/** What a request is part of. */
export interface YahooRequest {
  symbol: string;
  /** Where to send requests instead of Yahoo's own hosts. */
  origin: string | undefined;
  timeoutMs: number;
}

/** A fetch, and what Yahoo's clock showed when it answered. */
export interface YahooFetch {
  fetch: typeof fetch;
  /** Undefined while there is no answer, or where it has no date. */
  answeredAt(): number | undefined;
}

/** Where Yahoo gives out crumbs. */
const CRUMB_PATH = '/v1/test/getcrumb';

/**
 * A fetch for one request of yahoo-finance2 that lets only good answers through. The library would print the
 * address of a refused request, hide its status and take any text for a crumb, so that refusals are told
 * apart here, before it sees them.
 *
 * @returns a fetch that throws ProviderError unless the answer is what was asked for
 */
export function yahooFetch({ symbol, origin, timeoutMs }: YahooRequest): YahooFetch {
  let instant: number | undefined;
  return {
    answeredAt: () => instant,
    fetch: async (input, init) => {
      const asked = new URL(input instanceof Request ? input.url : input);
      const url = origin ? new URL(asked.pathname + asked.search, origin) : asked;
      const [, name] = /^\/v\d+\/finance\/(chart|quoteSummary)\//.exec(url.pathname) ?? [];
      // What is not data is the session's, which several symbols may be waiting for.
      const subject = name ? symbol : LOGIN;
      const answer = await ask(url, { ...init, subject, vendor: 'Yahoo', timeoutMs });
      if (name) {
        instant = answeredAt(answer.headers);
        return respond(answer, readYahooAnswer(symbol, name, answer));
      }
      if (url.pathname === CRUMB_PATH) checkCrumb(answer);
      else checkCookiePage(answer);
      return respond(answer, answer.body);
    },
  };
}

function respond({ status, headers }: Answer, body: string): Response {
  // These must not have a body at all, which an empty text would be.
  return new Response(status === 204 || status === 304 ? null : body, { status, headers });
}

import { z } from 'zod';
import { ProviderError, type ProviderReason } from '../provider.ts';

/** Yahoo answers a chart within a second; after this long it will not. */
const TIMEOUT_MS = 20_000;

/** How Yahoo words a refusal, such as of a symbol that it does not know. */
const Refusal = z.object({ chart: z.object({ error: z.object({ description: z.string() }) }) });

/**
 * A fetch for yahoo-finance2 that lets only good answers through. The library would print the address of a
 * refused request and hide its status, so that refusals are told apart here, before it sees them.
 *
 * @param origin - where to send requests instead of Yahoo's own hosts
 * @returns a fetch that throws ProviderError unless the answer is a success and not a page
 */
export function yahooFetch(origin: string | undefined): typeof fetch {
  return async (input, init) => {
    const asked = new URL(input instanceof Request ? input.url : input);
    const url = origin ? new URL(asked.pathname + asked.search, origin) : asked;
    const { response, body } = await ask(url, init);
    const reason = refusalReason(response, body);
    if (reason) throw new ProviderError(reason, `${describe(body)} (HTTP ${response.status})`);
    return new Response(body, { status: response.status, headers: response.headers });
  };
}

async function ask(url: URL, init?: RequestInit): Promise<{ response: Response; body: string }> {
  try {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
    return { response, body: await response.text() };
  } catch (cause) {
    if (cause instanceof Error && cause.name === 'TimeoutError') {
      throw new ProviderError('timeout', `no answer within ${TIMEOUT_MS / 1000} s`, { cause });
    }
    const reason = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
    const code = reason instanceof Error && 'code' in reason ? ` (${reason.code})` : '';
    throw new ProviderError('unavailable', `Yahoo cannot be reached${code}`, { cause });
  }
}

function refusalReason({ status, ok }: Response, body: string): ProviderReason | undefined {
  if (status === 429) return 'rate_limited';
  if (status >= 500) return 'unavailable';
  if (status === 404) return 'not_found';
  if (status === 401 || status === 403 || body.trimStart().startsWith('<')) return 'blocked';
  return ok ? undefined : 'schema_drift';
}

/** Yahoo's own words where it has some, else the kind of answer. */
function describe(body: string): string {
  if (body.trimStart().startsWith('<')) return 'a page in place of data';
  try {
    return Refusal.parse(JSON.parse(body)).chart.error.description;
  } catch {
    return 'request refused';
  }
}

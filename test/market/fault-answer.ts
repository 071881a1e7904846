import { type Answer, jsonAnswer, pageAnswer, textAnswer, YAHOO_ERROR_PAGE } from './answer.ts';
import type { Endpoint, Fault } from './faults.ts';
import { keyInstructions, PROOF_OF_WORK_PAGE, QUOTA_EXCEEDED } from './stooq-format.ts';
import { chartError } from './yahoo-chart.ts';

/** The symbols of a request that fails. */
interface FailingSymbols {
  /** As requested. */
  requested?: string | undefined;
  /** The symbol that the vendor refuses, where it refuses one. */
  hit?: string | undefined;
}

/** Replaces an answer according to a transport fault. Faults of the delivery, and data faults, leave it unchanged. */
export function failingAnswer(
  fault: Fault,
  answer: Answer,
  endpoint: Endpoint,
  { requested = '', hit = '' }: FailingSymbols = {},
): Answer {
  switch (fault.kind) {
    case 'rate_limit': {
      if (endpoint === 'alpaca') return tooManyForAlpaca(fault.retryAfter);
      const refusal = textAnswer(endpoint === 'crumb' ? 'Too Many Requests' : 'Edge: Too Many Requests', 429);
      if (fault.retryAfter === undefined) return refusal;
      return { ...refusal, headers: { ...refusal.headers, 'retry-after': String(fault.retryAfter) } };
    }
    case 'rate_limit_crumb':
      return textAnswer('Too Many Requests', fault.status ?? 200);
    case 'rate_limit_delisted': {
      const refusal = chartError('Not Found', 'No data found, symbol may be delisted');
      return jsonAnswer(JSON.stringify(refusal), fault.status ?? 404);
    }
    case 'rate_limit_html':
      return pageAnswer(YAHOO_ERROR_PAGE, 429);
    case 'unauthorized': {
      const description = 'User is unable to access this feature';
      const refusal = { finance: { result: null, error: { code: 'Unauthorized', description } } };
      return jsonAnswer(JSON.stringify(refusal), 401);
    }
    case 'server_error':
      return serverError(fault.status ?? 503);
    case 'truncated': {
      const length = Math.max(1, Math.floor(answer.body.length * (fault.share ?? 0.5)));
      return { ...answer, body: answer.body.slice(0, length) };
    }
    case 'proof_of_work':
      return pageAnswer(PROOF_OF_WORK_PAGE);
    case 'daily_limit':
      return endpoint === 'tiingo' ? usedUpForTiingo(fault.status ?? 429) : textAnswer(QUOTA_EXCEEDED);
    case 'key_refused':
      if (endpoint === 'alpaca') return jsonAnswer(JSON.stringify({ message: 'forbidden.' }), 403);
      if (endpoint === 'tiingo') return jsonAnswer(JSON.stringify({ detail: 'Invalid token.' }), 401);
      return textAnswer(keyInstructions(requested));
    case 'plan_refused': {
      const message = 'subscription does not permit querying recent SIP data';
      return jsonAnswer(JSON.stringify({ message }), 403);
    }
    case 'symbol_refused': {
      const message = `code=400, message=invalid symbol: ${hit.replace('-', '.')}`;
      return jsonAnswer(JSON.stringify({ message }), 400);
    }
    default:
      return answer;
  }
}

/** Alpaca states when its limit of requests a minute is reset. */
function tooManyForAlpaca(seconds = 0): Answer {
  const refusal = jsonAnswer(JSON.stringify({ message: 'too many requests.' }), 429);
  const reset = String(Math.floor(Date.now() / 1000) + seconds);
  const headers = { 'x-ratelimit-limit': '200', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset };
  return { ...refusal, headers: { ...refusal.headers, ...headers } };
}

/** Tiingo's refusal of a used-up allowance, with HTTP 429 or 200. */
function usedUpForTiingo(status: 200 | 429): Answer {
  const detail =
    'Error: You have run over your hourly request allocation. Then upgrade at api.tiingo.com/pricing';
  return jsonAnswer(JSON.stringify({ detail }), status);
}

function serverError(status: 500 | 502 | 503): Answer {
  if (status !== 500) return pageAnswer(YAHOO_ERROR_PAGE, status);
  const error = { code: 'internal-error', description: 'Internal Server Error' };
  return jsonAnswer(JSON.stringify({ finance: { result: null, error } }), status);
}

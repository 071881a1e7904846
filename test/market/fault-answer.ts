import { type Answer, jsonAnswer, pageAnswer, textAnswer, YAHOO_ERROR_PAGE } from './answer.ts';
import type { Endpoint, Fault } from './faults.ts';
import { keyInstructions, PROOF_OF_WORK_PAGE, QUOTA_EXCEEDED } from './stooq-format.ts';
import { chartError } from './yahoo-chart.ts';

/**
 * Replaces an answer according to a transport fault. Faults of the delivery, and data faults, leave it unchanged.
 *
 * @param symbol - as requested
 */
export function failingAnswer(fault: Fault, answer: Answer, endpoint: Endpoint, symbol = ''): Answer {
  switch (fault.kind) {
    case 'rate_limit': {
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
      return textAnswer(QUOTA_EXCEEDED);
    case 'key_refused':
      return textAnswer(keyInstructions(symbol));
    default:
      return answer;
  }
}

function serverError(status: 500 | 502 | 503): Answer {
  if (status !== 500) return pageAnswer(YAHOO_ERROR_PAGE, status);
  const error = { code: 'internal-error', description: 'Internal Server Error' };
  return jsonAnswer(JSON.stringify({ finance: { result: null, error } }), status);
}

import type { Problem } from '../../api-types.d.ts';

/** An error response of the API, with its problem details (RFC 9457). */
export class ApiError extends Error {
  override name = 'ApiError';
  /** The last part of the problem's type, such as `consent-required`; empty if the response is no problem+json. */
  readonly kind: string;
  readonly status: number;
  readonly problem: Problem | undefined;
  /** Seconds to wait before retrying, from the Retry-After header. */
  readonly retryAfter: number | undefined;

  constructor(status: number, problem?: Problem, retryAfter?: number) {
    super(problem?.detail ?? problem?.title ?? `The service answered with HTTP status ${status}.`);
    this.status = status;
    this.problem = problem;
    this.kind = problem ? problem.type.replace(/^\/problems\//, '') : '';
    this.retryAfter = retryAfter;
  }
}

/** The request got no response: no network, a timeout, or the service is down. */
export class UnreachableError extends Error {
  override name = 'UnreachableError';
}

/** The session has ended and the user did not sign in again. */
export class SignedOutError extends Error {
  override name = 'SignedOutError';
}

/** Turns an error response into an {@link ApiError}. */
export async function readProblem(response: Response): Promise<ApiError> {
  const wait = Number(response.headers.get('retry-after'));
  const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json');
  const problem = isProblem ? await response.json().catch(() => undefined) : undefined;
  return new ApiError(response.status, problem as Problem | undefined, wait > 0 ? wait : undefined);
}

/** Whether an error is a response of the API with this type of problem. */
export function isProblem(error: unknown, kind: string): error is ApiError {
  return error instanceof ApiError && error.kind === kind;
}

/** An error in words for the reader: what happened, and what to do next. */
export function explain(error: unknown): { title: string; advice: string } {
  if (error instanceof UnreachableError) {
    return {
      title: 'The service cannot be reached',
      advice: 'Check your internet connection, then try again. What you typed is still here.',
    };
  }
  if (error instanceof SignedOutError) return { title: 'You are signed out', advice: 'Sign in to continue.' };
  if (!(error instanceof ApiError)) {
    return {
      title: 'Something went wrong on this page',
      advice: 'Reload the page. If it happens again, tell the operator of this service.',
    };
  }
  if (error.kind === 'outcome-unknown') {
    return {
      title: 'Your change may not be saved',
      advice:
        'The service lost its database while it was saving. Reload the page to see whether your change is there. If it is not, try again.',
    };
  }
  if (error.status >= 500)
    return {
      title: 'The service is not available',
      advice: detailOr('The service had an internal error.', error),
    };
  if (error.status === 429)
    return { title: 'Too many attempts', advice: detailOr('The service got too many requests.', error) };
  return {
    title: error.problem?.title ?? 'The service refused the request',
    advice: sentence(error.message),
  };
}

/** The messages for a form's fields, by field name. */
export function fieldProblems(error: unknown): Record<string, string> {
  const messages: Record<string, string> = {};
  if (!(error instanceof ApiError)) return messages;
  for (const part of error.problem?.errors ?? []) {
    const name = 'pointer' in part ? part.pointer.replace(/^#?\//, '') : part.parameter;
    // The detail continues a sentence that begins with the field's name, such as "is too long".
    messages[name] = sentence(part.detail.replace(/^is /, 'this is '));
  }
  return messages;
}

/** The problem's detail, which says when to try again. Responses without one, such as a proxy's, get other words. */
function detailOr(words: string, { problem, retryAfter }: ApiError): string {
  if (problem?.detail) return sentence(problem.detail);
  return `${words} Try again ${retryAfter ? delay(retryAfter) : 'in a moment'}.`;
}

function delay(seconds: number): string {
  return seconds < 90
    ? `in ${seconds} second${seconds === 1 ? '' : 's'}`
    : `in ${Math.ceil(seconds / 60)} minutes`;
}

function sentence(text: string): string {
  const trimmed = text.trim();
  const ended = /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`;
  return ended.charAt(0).toUpperCase() + ended.slice(1);
}

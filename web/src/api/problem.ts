import type { Problem } from '../../api-types.d.ts';

/** An answer of the API that is an error, in its own words. */
export class ApiError extends Error {
  override name = 'ApiError';
  /** The kind of problem without its folder, such as `consent-required`; empty where the answer was no problem+json. */
  readonly kind: string;
  readonly status: number;
  readonly problem: Problem | undefined;
  /** Seconds until it may be tried again, where the answer says so. */
  readonly retryAfter: number | undefined;

  constructor(status: number, problem?: Problem, retryAfter?: number) {
    super(problem?.detail ?? problem?.title ?? `The service answered with status ${status}.`);
    this.status = status;
    this.problem = problem;
    this.kind = problem?.type.replace(/^\/problems\//, '') ?? '';
    this.retryAfter = retryAfter;
  }
}

/** The service did not answer at all. */
export class UnreachableError extends Error {
  override name = 'UnreachableError';
}

/** The session is over and the visitor did not sign in again. */
export class SignedOutError extends Error {
  override name = 'SignedOutError';
}

/** Reads an answer that is not a success. */
export async function readProblem(response: Response): Promise<ApiError> {
  const wait = Number(response.headers.get('retry-after'));
  const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json');
  const problem = isProblem ? await response.json().catch(() => undefined) : undefined;
  return new ApiError(response.status, problem as Problem | undefined, wait > 0 ? wait : undefined);
}

/** What to tell a person about a failure: what is wrong, and what can be done. */
export function explain(error: unknown): { title: string; advice: string } {
  if (error instanceof UnreachableError) {
    return {
      title: 'The service cannot be reached',
      advice: 'Check your connection, and that the service is running. What you typed is still here.',
    };
  }
  if (error instanceof SignedOutError) return { title: 'You are signed out', advice: 'Sign in to go on.' };
  if (!(error instanceof ApiError)) {
    return {
      title: 'Something went wrong in this page',
      advice: 'Reload it. If that does not help, say so.',
    };
  }
  const wait = error.retryAfter ? `Try again ${waiting(error.retryAfter)}.` : 'Try again in a moment.';
  if (error.status >= 500)
    return { title: 'The service is not ready', advice: `${serverWords(error)} ${wait}` };
  if (error.status === 429)
    return { title: 'Too many attempts', advice: `${sentence(error.message)} ${wait}` };
  return { title: error.problem?.title ?? 'The service refused', advice: sentence(error.message) };
}

/** The problems of a form's fields, by the name of the field. */
export function fieldProblems(error: unknown): Record<string, string> {
  const found: Record<string, string> = {};
  if (!(error instanceof ApiError)) return found;
  for (const part of error.problem?.errors ?? []) {
    const name = 'pointer' in part ? part.pointer.replace(/^#?\//, '') : part.parameter;
    found[name] = sentence(part.detail);
  }
  return found;
}

function serverWords(error: ApiError): string {
  return error.problem?.detail ? sentence(error.problem.detail) : 'It had an error of its own.';
}

function waiting(seconds: number): string {
  return seconds < 90
    ? `in ${seconds} second${seconds === 1 ? '' : 's'}`
    : `in ${Math.ceil(seconds / 60)} minutes`;
}

function sentence(text: string): string {
  const trimmed = text.trim();
  const ended = /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`;
  return ended.charAt(0).toUpperCase() + ended.slice(1);
}

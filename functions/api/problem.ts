import { BoursomaticError, DatabaseUnreachableError } from '../shared/errors.ts';
import { type ApiResponse, json } from './http.ts';

/** What is wrong with one parameter. */
export interface ParameterFault {
  parameter: string;
  /** Continues a sentence that the parameter's name begins. */
  detail: string;
}

/** The body of every answer that is an error (RFC 9457, application/problem+json). */
export interface Problem {
  /** Stable: a client may branch on it. `about:blank` where the status says it all. */
  type: string;
  title: string;
  status: number;
  detail?: string;
  errors?: readonly ParameterFault[];
}

/** What {@link ApiError} is made from. */
export interface ApiErrorInit {
  /** Below 500: an error of the service itself is never told to a client, whatever its text. */
  status: number;
  /** Stable slug of the kind of problem, such as `invalid-parameter`. */
  type: string;
  /** The kind of problem in words; the same each time. */
  title: string;
  /** What went wrong this time, and what would be right. The client reads it: no secrets. */
  detail: string;
  errors?: readonly ParameterFault[];
}

/**
 * An error that the client caused and is told about.
 *
 * @example
 * throw new ApiError({
 *   status: 404,
 *   type: 'unknown-instrument',
 *   title: 'Unknown instrument',
 *   detail: 'There is no instrument ACME.',
 * });
 */
export class ApiError extends BoursomaticError {
  readonly status: number;
  readonly title: string;
  readonly errors: readonly ParameterFault[] | undefined;

  constructor(init: ApiErrorInit) {
    super(init.type, init.detail);
    this.status = init.status;
    this.title = init.title;
    this.errors = init.errors;
  }
}

/**
 * What a client is told of an error. Only an {@link ApiError} below 500 speaks for itself; a database that
 * cannot be reached is a 503 in fixed words, and anything else is a plain 500.
 */
export function toProblem(error: unknown): Problem {
  if (error instanceof ApiError && error.status < 500) {
    return {
      type: problemType(error.code),
      title: error.title,
      status: error.status,
      detail: error.message,
      ...(error.errors && { errors: error.errors }),
    };
  }
  if (error instanceof DatabaseUnreachableError) {
    return {
      type: problemType('database-unreachable'),
      title: 'Database unreachable',
      status: 503,
      detail: 'The service cannot reach its database. Try again in a minute.',
    };
  }
  return { type: 'about:blank', title: 'Internal Server Error', status: 500 };
}

/** The answer that carries a problem. */
export function problemResponse(problem: Problem): ApiResponse {
  return json(problem.status, problem, { 'content-type': 'application/problem+json' });
}

/**
 * A problem's type is a URI. Whoever installs the service chooses its host, so it is a reference with a full
 * path, which RFC 9457 advises where an absolute one cannot be had.
 */
function problemType(slug: string): string {
  return `/problems/${slug}`;
}

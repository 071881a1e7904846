import { BoursomaticError, DatabaseUnreachableError } from '../../shared/errors.ts';
import { type ApiResponse, json } from './http.ts';
import { PROBLEM_TYPES, type ProblemType } from './problem-types.ts';

/** What is wrong with one part of a request: a parameter of its path or query, or a place in its body. */
export type Fault =
  | {
      parameter: string;
      /** Continues a sentence that the parameter's name begins. */
      detail: string;
    }
  | {
      /** A JSON pointer as the fragment of a URI (RFC 6901), such as `#/email`; `#` is the whole body. */
      pointer: string;
      detail: string;
    };

/** The body of every answer that is an error (RFC 9457, application/problem+json). */
export interface Problem {
  /** Stable: a client may branch on it. `about:blank` where the status says it all. */
  type: string;
  title: string;
  status: number;
  detail?: string;
  errors?: readonly Fault[];
  /** Further members, by which some types say more. */
  [member: string]: unknown;
}

/** What some problems carry beyond their words. */
export interface ProblemExtras {
  errors?: readonly Fault[] | undefined;
  /** Headers of the answer, in lower case. */
  headers?: Record<string, string> | undefined;
  /** Further members of the body. */
  members?: Record<string, string | number | boolean> | undefined;
}

/** What {@link ApiError} is made from. */
export interface ApiErrorInit extends ProblemExtras {
  /** Below 500: an error of the service itself is never told to a client, whatever its text. */
  status: number;
  /** Stable slug of the kind of problem, such as `invalid-request`. */
  type: string;
  /** The kind of problem in words; the same each time. */
  title: string;
  /** What went wrong this time, and what would be right. The client reads it: no secrets. */
  detail: string;
}

/** An error that the client caused and is told about. Made with {@link problem}. */
export class ApiError extends BoursomaticError {
  readonly status: number;
  readonly title: string;
  readonly errors: readonly Fault[] | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly members: Readonly<Record<string, string | number | boolean>>;

  constructor(init: ApiErrorInit) {
    super(init.type, init.detail);
    this.status = init.status;
    this.title = init.title;
    this.errors = init.errors;
    this.headers = init.headers ?? {};
    this.members = init.members ?? {};
  }
}

/**
 * A problem of a known type, to be thrown.
 *
 * @param detail - what went wrong this time, and what would be right; the client reads it
 * @example
 * throw problem('unknown-instrument', 'There is no instrument ACME.');
 * throw problem('too-many-attempts', 'Try again in 8 seconds.', { headers: { 'retry-after': '8' } });
 */
export function problem(type: ProblemType, detail: string, extras: ProblemExtras = {}): ApiError {
  return new ApiError({ ...PROBLEM_TYPES[type], type, detail, ...extras });
}

/**
 * What a client is told of an error. Only an {@link ApiError} below 500 speaks for itself; a database that
 * cannot be reached is a 503 in fixed words, and anything else is a plain 500.
 */
export function toProblem(error: unknown): Problem {
  if (error instanceof ApiError && error.status < 500) {
    return {
      ...error.members,
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
      ...PROBLEM_TYPES['database-unreachable'],
      detail: 'The service cannot reach its database. Try again in a minute.',
    };
  }
  return { type: 'about:blank', title: 'Internal Server Error', status: 500 };
}

/** What a 401 must come with (RFC 9110): how to sign in. */
export const CHALLENGE = 'Bearer realm="boursomatic"';

/** The answer that tells a client of an error: what {@link toProblem} says, with the error's own headers. */
export function problemResponse(error: unknown): ApiResponse {
  const told = toProblem(error);
  return json(told.status, told, {
    ...(told.status === 401 && { 'www-authenticate': CHALLENGE }),
    ...(error instanceof ApiError && error.headers),
    'content-type': 'application/problem+json',
  });
}

/**
 * A problem's type is a URI. Whoever installs the service chooses its host, so it is a reference with a full
 * path, which RFC 9457 advises where an absolute one cannot be had.
 */
function problemType(slug: string): string {
  return `/problems/${slug}`;
}

import {
  BoursomaticError,
  CommitOutcomeUnknownError,
  DatabaseUnreachableError,
  DriverResultError,
  StorageError,
} from '../../shared/errors.ts';
import { type ApiResponse, json } from './http.ts';
import { PROBLEM_TYPES, type ProblemType } from './problem-types.ts';

/** A fault in one part of a request: a parameter of its path or query, or a place in its body. */
export type Fault =
  | {
      parameter: string;
      /** Continues a sentence that begins with the parameter's name. */
      detail: string;
    }
  | {
      /** A JSON pointer as a URI fragment (RFC 6901), such as `#/email`; `#` is the whole body. */
      pointer: string;
      detail: string;
    };

/** The body of every error response (RFC 9457, application/problem+json). */
export interface Problem {
  /** Stable, so that a client may branch on it. `about:blank` if the status is the only information. */
  type: string;
  title: string;
  status: number;
  detail?: string;
  errors?: readonly Fault[];
  /** Extension members of some types. */
  [member: string]: unknown;
}

/** Optional parts of a problem. */
export interface ProblemExtras {
  errors?: readonly Fault[] | undefined;
  /** Headers of the response, in lower case. */
  headers?: Record<string, string> | undefined;
  /** Extension members of the body. */
  members?: Record<string, string | number | boolean> | undefined;
}

/** The arguments of {@link ApiError}. */
export interface ApiErrorInit extends ProblemExtras {
  /** Below 500. Clients never see the text of a server error. */
  status: number;
  /** The stable slug of the type, such as `invalid-request`. */
  type: string;
  /** The type in words; it is the same for every problem of the type. */
  title: string;
  /** What went wrong, and what to do. Clients read it, so it must not contain secrets. */
  detail: string;
}

/** An error that the client caused and sees. Made with {@link problem}. */
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

/** Too many requests of one kind are waiting. The request has not begun. */
export class ServiceBusyError extends BoursomaticError {
  /** What keeps the service busy; continues the sentence "The service is". */
  readonly activity: string;

  constructor(activity: string) {
    super('service_busy', 'too many requests are waiting');
    this.activity = activity;
  }
}

/** The source of prices did not answer, and nothing was stored. */
export class VendorUnreachableError extends BoursomaticError {
  constructor() {
    super('vendor_unreachable', 'no vendor answered');
  }
}

/** Seconds after which a client may repeat a request that a {@link ServiceBusyError} refused. */
const BUSY_SECONDS = 2;

/** Seconds after which a client may repeat a request that did not reach the database, its disk or a vendor. */
const UNREACHABLE_SECONDS = 60;

/**
 * Makes a problem of a known type, to be thrown.
 *
 * @param detail - what went wrong and what to do; the client reads it
 * @example
 * throw problem('unknown-instrument', 'There is no instrument with the symbol ACME.');
 * throw problem('too-many-attempts', 'Try again in 8 seconds.', { headers: { 'retry-after': '8' } });
 */
export function problem(type: ProblemType, detail: string, extras: ProblemExtras = {}): ApiError {
  return new ApiError({ ...PROBLEM_TYPES[type], type, detail, ...extras });
}

/**
 * The problem that a client sees for an error. An {@link ApiError} below 500 keeps its own text. A busy service and a
 * failure of the database connection become a 503 with a fixed text, and anything else a 500 without details.
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
  if (error instanceof DatabaseUnreachableError || error instanceof DriverResultError)
    return fixedProblem(
      'database-unreachable',
      'The service cannot reach its database. Try again in a minute.',
    );
  if (error instanceof StorageError)
    return fixedProblem(
      'storage-full',
      'The service cannot save anything at the moment: its disk is full or read-only. Nothing was changed. Try again in a minute.',
    );
  if (error instanceof CommitOutcomeUnknownError)
    return fixedProblem(
      'outcome-unknown',
      'The connection to the database broke while the change was being saved. It may or may not be saved. Check before you try again.',
    );
  if (error instanceof VendorUnreachableError)
    return fixedProblem(
      'vendor-unreachable',
      'The source of prices did not answer. Nothing was changed. Try again in a minute.',
    );
  if (error instanceof ServiceBusyError) return busyProblem(error.activity);
  if (isStatementTimeout(error)) return busyProblem('answering too many requests');
  return { type: 'about:blank', title: 'Internal Server Error', status: 500 };
}

/** The headers of the response for an error, besides those of every problem. */
function headersOf(error: unknown): Readonly<Record<string, string>> {
  if (
    error instanceof DatabaseUnreachableError ||
    error instanceof StorageError ||
    error instanceof VendorUnreachableError
  )
    return { 'retry-after': String(UNREACHABLE_SECONDS) };
  if (error instanceof ServiceBusyError || isStatementTimeout(error))
    return { 'retry-after': String(BUSY_SECONDS) };
  return error instanceof ApiError ? error.headers : {};
}

function busyProblem(activity: string): Problem {
  return fixedProblem(
    'service-busy',
    `The service is ${activity} at the moment. Try again in ${BUSY_SECONDS} seconds.`,
  );
}

/** Whether Postgres ended a statement that took too long: the time that the API gives it is ample on a calm machine. */
function isStatementTimeout(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '57014';
}

function fixedProblem(type: ProblemType, detail: string): Problem {
  return { type: problemType(type), ...PROBLEM_TYPES[type], detail };
}

/** The WWW-Authenticate header of a 401 (RFC 9110). */
export const CHALLENGE = 'Bearer realm="boursomatic"';

/** The response for an error: the body of {@link toProblem} with the error's own headers. */
export function problemResponse(error: unknown): ApiResponse {
  const body = toProblem(error);
  return json(body.status, body, {
    ...(body.status === 401 && { 'www-authenticate': CHALLENGE }),
    ...headersOf(error),
    'content-type': 'application/problem+json',
  });
}

/**
 * The URI of a problem type. It has no host, because every installation has its own. RFC 9457 recommends a full path
 * where an absolute URI is not possible.
 */
function problemType(slug: string): string {
  return `/problems/${slug}`;
}

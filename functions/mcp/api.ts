import type * as z from 'zod';
import type { Problem } from '../api/core/problem.ts';
import { BoursomaticError } from '../shared/errors.ts';
import type { ENDPOINTS } from './endpoints.ts';

/** An operation of the API that tools call, by its id. */
export type Operation = keyof typeof ENDPOINTS;

type Declared<O extends Operation> = Awaited<ReturnType<(typeof ENDPOINTS)[O]>>;

/** The schema of an optional part; never without one. */
type Schema<S> = Extract<S, z.ZodType>;

type Names<S> = keyof z.output<Schema<S>>;

/** What to send with an operation. Undefined parameters are left out. */
export interface Sent<O extends Operation> {
  path?: Partial<Record<Names<Declared<O>['params']>, string>>;
  query?: Partial<Record<Names<Declared<O>['query']>, string | number | boolean | undefined>>;
  body?: z.input<Schema<Declared<O>['body']>>;
}

/** The body of an operation's answer; undefined without one. */
export type Answer<O extends Operation> = [Schema<Declared<O>['answer']['schema']>] extends [never]
  ? undefined
  : z.output<Schema<Declared<O>['answer']['schema']>>;

/** The API with the rights of one key. */
export interface Api {
  /**
   * Calls an operation.
   *
   * @throws ApiProblem if the API refuses it, or cannot be reached
   */
  call<O extends Operation>(operation: O, sent?: Sent<O>): Promise<Answer<O>>;
}

/** The API's refusal of a call. */
export class ApiProblem extends BoursomaticError {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super('api_problem', problem.detail ?? problem.title);
    this.problem = problem;
  }
}

/** Writes query parameters as a query string without a `?`. Undefined ones are left out. */
export function queryString(query: Readonly<Record<string, unknown>> = {}): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) given.set(name, String(value));
  return given.toString();
}

/** @example pathOf('/v1/instruments/{symbol}', { symbol: 'BRK-B' }); // '/v1/instruments/BRK-B' */
export function pathOf(template: string, parameters: Readonly<Record<string, unknown>> = {}): string {
  return template.replaceAll(/\{(\w+)\}/g, (_match, name: string) =>
    encodeURIComponent(String(parameters[name])),
  );
}

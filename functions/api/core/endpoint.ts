import type { z } from 'zod';
import type { Profile } from '../../shared/constants.ts';
import type { Sql } from '../../shared/database.ts';
import type { AccessTokens } from './access-tokens.ts';
import type { Group } from './groups.ts';
import type { ApiRequest } from './http.ts';
import type { ProblemType } from './problem-types.ts';

/**
 * Who may ask: anyone; who is signed in; who is signed in and has accepted the current risk consent; administrators.
 */
export const ACCESS = ['public', 'user', 'consented', 'admin'] as const;
export type Access = (typeof ACCESS)[number];

/** Who asks, as the access token and the database say. */
export interface Caller {
  userId: string;
  /** The session that the access token belongs to. */
  sessionId: string;
  isAdmin: boolean;
  preferredProfile: Profile;
  /** The current consent text has been accepted and not withdrawn. */
  hasConsented: boolean;
}

/** What every endpoint may use, made once a container. */
export interface Services {
  /** The API's own role. */
  sql: Sql;
  /** Issues and verifies access tokens. */
  tokens: AccessTokens;
  /** The address that a request counts for when attempts are counted. */
  addressOf: (event: ApiRequest) => Promise<string>;
  /** The service's clock: that of the data where it is a sample. */
  now: Date;
  /** A notice that every answer carries, such as that the data is a sample; null for none. */
  notice: string | null;
}

/** Returns the services as they are now. */
export type OpenServices = () => Promise<Services>;

type Parsed<T> = T extends z.ZodType ? z.output<T> : undefined;

/** A request whose parts have been validated against the endpoint's schemas. */
export interface EndpointRequest<P, Q, B, A extends Access> {
  params: Parsed<P>;
  query: Parsed<Q>;
  body: Parsed<B>;
  caller: A extends 'public' ? undefined : Caller;
  /** As API Gateway handed it over, for addresses, cookies and conditional headers. */
  event: ApiRequest;
}

/** What an endpoint gives: the body is checked against its schema in tests and sent as JSON. */
export interface EndpointAnswer<R> {
  body: R;
  headers?: Record<string, string>;
  cookies?: string[];
}

/** One operation of the API: what validates it, documents it and runs it. */
export interface Endpoint<
  P extends z.ZodObject | undefined = z.ZodObject | undefined,
  Q extends z.ZodObject | undefined = z.ZodObject | undefined,
  B extends z.ZodObject | undefined = z.ZodObject | undefined,
  R extends z.ZodType | undefined = z.ZodType | undefined,
  A extends Access = Access,
> {
  group: Group;
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With `{parameters}`, from `/v1` on. */
  path: `/${string}`;
  /** Unique, camelCase, a verb first; clients' functions are named so. */
  operationId: string;
  /** One line, for lists. */
  summary: string;
  /** More, in Markdown. */
  description?: string;
  access: A;
  /** Strict objects; every property has a description and its message continues a sentence that its name begins. */
  params?: P;
  query?: Q;
  body?: B;
  /** The answer of success. 204 has no schema. */
  answer: {
    status: 200 | 201 | 202 | 204;
    schema?: R;
    description: string;
    /** Other than JSON: the body is then text, and sent as it is. */
    mediaType?: 'text/html';
  };
  /** Problems of its own, beyond those that any endpoint of its access may have. */
  problems?: readonly ProblemType[];
  handle(
    request: EndpointRequest<P, Q, B, A>,
    services: Services,
  ): Promise<EndpointAnswer<R extends z.ZodType ? z.input<R> : undefined>>;
}

/**
 * Declares an endpoint; the types of its handler follow from its schemas.
 *
 * @example
 * export const readMe = endpoint({
 *   group: 'account', method: 'GET', path: '/v1/me', operationId: 'readMe', summary: 'Who I am', access: 'user',
 *   answer: { status: 200, schema: Me, description: 'The caller.' },
 *   handle: async ({ caller }, { sql }) => ({ body: await readUser(sql, caller.userId) }),
 * });
 */
export function endpoint<
  P extends z.ZodObject | undefined = undefined,
  Q extends z.ZodObject | undefined = undefined,
  B extends z.ZodObject | undefined = undefined,
  R extends z.ZodType | undefined = undefined,
  A extends Access = Access,
>(declared: Endpoint<P, Q, B, R, A>): Endpoint<P, Q, B, R, A> {
  return declared;
}

/** An endpoint of any types, for what lists them. */
// biome-ignore lint/suspicious/noExplicitAny: a handler takes its own request, and no type holds all of them
export type AnyEndpoint = Endpoint<any, any, any, any, any>;

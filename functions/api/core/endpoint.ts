import * as z from 'zod';
import type { Profile } from '../../shared/constants.ts';
import type { Sql } from '../../shared/database.ts';
import type { AccessTokens } from './access-tokens.ts';
import type { Cipher } from './cipher.ts';
import type { Group } from './groups.ts';
import type { ApiRequest } from './http.ts';
import { entrySchema, FORMAT_PARAMETER } from './list-format.ts';
import type { ProblemType } from './problem-types.ts';

/**
 * Who may use an endpoint:
 * - `public`: anyone
 * - `reader`: signed-in users and their API keys
 * - `consented`: signed-in users who have accepted the current risk notice, and their API keys
 * - `follower`: signed-in users, and their API keys that may change the watchlist
 * - `user`: signed-in users
 * - `admin`: signed-in administrators
 *
 * Every endpoint for readers is a GET, and every endpoint for followers changes the watchlist alone.
 */
export const ACCESS = ['public', 'reader', 'consented', 'follower', 'user', 'admin'] as const;
export type Access = (typeof ACCESS)[number];

/** Access that API keys can have. */
const KEY_ACCESS = ['reader', 'consented', 'follower'] as const satisfies readonly Access[];
export type KeyAccess = (typeof KEY_ACCESS)[number];

/** Whether API keys can use an endpoint. */
export function isForApiKeys(access: Access): access is KeyAccess {
  return (KEY_ACCESS as readonly Access[]).includes(access);
}

/** The user of a request, whom an access token or an API key identifies; read from the database. */
export interface Reader {
  userId: string;
  preferredProfile: Profile;
  /** The user has accepted the current risk notice and not withdrawn the consent. */
  hasConsented: boolean;
}

/** The signed-in user who sends a request, from the access token and the database. */
export interface Caller extends Reader {
  /** The session that the access token belongs to. */
  sessionId: string;
  isAdmin: boolean;
  /** When the caller last entered the password in this session. */
  confirmedAt: Date;
}

/** The services that endpoints use. They are opened once per container. */
export interface Services {
  /** A client of the API's database role. */
  sql: Sql;
  tokens: AccessTokens;
  cipher: Cipher;
  /** The address to which the throttle assigns a request. */
  addressOf: (event: ApiRequest) => Promise<string>;
  /** The service's clock. For sample data it shows the sample's last day. */
  now: Date;
  /** A notice for every answer, such as that the data is a sample; null if there is none. */
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
  caller: A extends 'public' ? undefined : A extends KeyAccess ? Reader : Caller;
  /** The event from API Gateway, for addresses, cookies and conditional headers. */
  event: ApiRequest;
}

/** The answer of an endpoint. The body is sent as JSON; tests check it against the schema. */
export interface EndpointAnswer<R> {
  body: R;
  headers?: Record<string, string>;
  cookies?: string[];
}

/** One operation of the API: its validation, documentation and handler. */
export interface Endpoint<
  P extends z.ZodObject | undefined = z.ZodObject | undefined,
  Q extends z.ZodObject | undefined = z.ZodObject | undefined,
  B extends z.ZodObject | undefined = z.ZodObject | undefined,
  R extends z.ZodType | undefined = z.ZodType | undefined,
  A extends Access = Access,
> {
  group: Group;
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Starts with `/v1` and may contain `{parameters}`. */
  path: `/${string}`;
  /** Unique, in camelCase, beginning with a verb. Generated clients name their functions after it. */
  operationId: string;
  /** One line without a full stop. */
  summary: string;
  /** Details in Markdown. */
  description?: string;
  access: A;
  /**
   * Whether the caller must have entered their password in the last minutes: at the login, or with POST
   * /v1/auth/confirm. By default any open session suffices.
   */
  confirmation?: 'recent';
  /** Strict objects. Every property has a description, and its error message continues a sentence that begins with its name. */
  params?: P;
  query?: Q;
  body?: B;
  /** Accepts a body of any type and does not read it, where a standard prescribes one. By default a body is refused. */
  ignoresBody?: true;
  /** The answer on success. 204 has no schema. */
  answer: {
    status: 200 | 201 | 202 | 204;
    schema?: R;
    description: string;
    /** A media type other than JSON. The body is then a text. */
    mediaType?: 'text/html' | 'text/csv';
  };
  /** Problem types besides those that follow from the access and the schemas. */
  problems?: readonly ProblemType[];
  handle(
    request: EndpointRequest<P, Q, B, A>,
    services: Services,
  ): Promise<EndpointAnswer<R extends z.ZodType ? z.input<R> : undefined>>;
}

/**
 * Declares an endpoint. The types of its handler follow from its schemas. A list, whose answer has `items`, is also served
 * as CSV: its query gets the parameter `format`, which the handler does not see.
 *
 * @example
 * export const readMe = endpoint({
 *   group: 'account', method: 'GET', path: '/v1/me', operationId: 'readMe', summary: 'Read my account', access: 'user',
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
  if (!entrySchema(declared.answer.schema)) return declared;
  const query = (declared.query ?? z.strictObject({})).extend(FORMAT_PARAMETER);
  return { ...declared, query: query as unknown as Q };
}

/** An endpoint of any types, for lists of endpoints. */
// biome-ignore lint/suspicious/noExplicitAny: handlers take different requests, and no other type covers all of them
export type AnyEndpoint = Endpoint<any, any, any, any, any>;

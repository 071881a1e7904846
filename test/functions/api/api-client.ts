import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { expect, vi } from 'vitest';
import { CONSENT_SHA256 } from '../../../functions/api/account/consent-text.ts';
import { CONSENT_VERSION } from '../../../functions/api/account/consent-version.ts';
import { Keyring } from '../../../functions/api/auth/keyring.ts';
import { beginSession, type OpenSession } from '../../../functions/api/auth/session-store.ts';
import type { SigningKeys } from '../../../functions/api/auth/signing-keys.ts';
import { Tokens } from '../../../functions/api/auth/tokens.ts';
import type { ApiHandler } from '../../../functions/api/core/api-handler.ts';
import type { Endpoints } from '../../../functions/api/core/dispatch.ts';
import type { ApiRequest, ApiResponse } from '../../../functions/api/core/http.ts';
import { createApiKey } from '../../../functions/api/resources/api-keys.ts';
import { wallClock } from '../../../functions/shared/clock.ts';
import { ENV, type Profile } from '../../../functions/shared/constants.ts';
import type { TestDatabase } from '../../support/database.ts';
import { lambdaContext } from './support.ts';

/** The issuer of access tokens in tests. */
export const ISSUER = 'https://api.test';

/** Sets the environment that a group's function reads at its first request. */
export function stubApiEnvironment(db: TestDatabase, more: Record<string, string> = {}): void {
  const variables = {
    [ENV.apiDatabaseSecret]: db.url('api'),
    [ENV.signingKeysSecret]: db.signingKeysUrl,
    [ENV.tokenIssuer]: ISSUER,
    ...more,
  };
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
}

/** The keys that sign access tokens in tests. */
export async function readSigningKeys(db: TestDatabase): Promise<SigningKeys> {
  return JSON.parse(await readFile(fileURLToPath(db.signingKeysUrl), 'utf8'));
}

/** A user with a session. */
export interface TestUser extends OpenSession {
  email: string;
  accessToken: string;
}

/** The defaults of a test user: no administrator and no consent. */
export interface TestUserOptions {
  email?: string;
  isAdmin?: boolean;
  consented?: boolean;
  preferredProfile?: Profile;
  passwordHash?: string;
}

/** Stores a user with a session. */
export async function signedInUser(db: TestDatabase, options: TestUserOptions = {}): Promise<TestUser> {
  const at = wallClock();
  const email = options.email ?? `${randomUUID()}@example.com`;
  const [user] = await db.sql<[{ id: string }]>`
    INSERT INTO users (email, password_hash, is_admin)
    VALUES (${email}, ${options.passwordHash ?? 'no password has this hash'}, ${options.isAdmin ?? false})
    RETURNING id`;
  await db.sql`
    INSERT INTO user_settings (user_id, preferred_profile)
    VALUES (${user.id}, ${options.preferredProfile ?? 'conservative'})`;
  if (options.consented) {
    await db.sql`
      INSERT INTO risk_consents (user_id, version, text_sha256, accepted_at)
      VALUES (${user.id}, ${CONSENT_VERSION}, ${CONSENT_SHA256}, ${at})`;
  }
  return { email, ...(await anotherSession(db, user.id)) };
}

/** Starts a session of a user, as a login does. */
export async function anotherSession(db: TestDatabase, userId: string): Promise<Omit<TestUser, 'email'>> {
  const at = wallClock();
  let session: OpenSession | undefined;
  await db.sql.begin(async (tx) => {
    session = await beginSession(tx, { userId, userAgent: 'test/1' }, at);
  });
  if (!session) throw new Error('no session has begun');
  const tokens = new Tokens(new Keyring(db.signingKeysUrl), ISSUER);
  return { ...session, accessToken: await tokens.issue(session, at) };
}

/** Makes an API key of a user. */
export async function apiKeyOf(
  db: TestDatabase,
  { userId }: Pick<TestUser, 'userId'>,
  { expiresInDays = 90, mayFollow = false }: { expiresInDays?: number; mayFollow?: boolean } = {},
): Promise<{ id: string; key: string }> {
  let made: { id: string; key: string } | undefined;
  await db.sql.begin(async (tx) => {
    made = await createApiKey(tx, { userId, name: 'bot', expiresInDays, mayFollow }, wallClock());
  });
  if (!made) throw new Error('no key was made');
  return made;
}

/** The optional parts of a request. */
export interface RequestOptions {
  /** Sent as JSON. */
  body?: unknown;
  /** A raw body, instead of `body`. */
  rawBody?: string;
  isBase64Encoded?: boolean;
  accessToken?: string;
  headers?: Record<string, string>;
  cookies?: string[];
  address?: string;
}

/** The answer to a request. */
export interface Answer<T = Record<string, unknown>> {
  status: number;
  headers: Record<string, string>;
  cookies: string[];
  /** JSON, or undefined without a body. */
  body: T;
}

/** Calls the handler of a group like API Gateway, and checks the answer against the endpoint's schema. */
export class ApiClient {
  readonly #handler: ApiHandler;
  readonly #endpoints: Endpoints;

  constructor(handler: ApiHandler, endpoints: Endpoints) {
    this.#handler = handler;
    this.#endpoints = endpoints;
  }

  /**
   * @param target - a path with a query, as a client writes it
   * @example await client.ask('PATCH', '/v1/me/settings', { accessToken, body: { preferredProfile: 'moderate' } })
   */
  async ask<T = Record<string, unknown>>(
    method: string,
    target: string,
    options: RequestOptions = {},
  ): Promise<Answer<T>> {
    const request = this.#request(method, target, options);
    const response = await this.#handler(request, lambdaContext());
    const answer = toAnswer(response);
    await this.#checkSchema(request, answer);
    return answer as Answer<T>;
  }

  #request(method: string, target: string, options: RequestOptions): ApiRequest {
    const [path = '', query = ''] = target.split('?');
    const match = this.#match(decodeURIComponent(path));
    const routeKey = `ANY ${match?.path ?? '/v1/{rest+}'}`;
    const body = options.rawBody ?? (options.body === undefined ? undefined : JSON.stringify(options.body));
    const headers: Record<string, string> = { host: 'api.test', 'x-forwarded-proto': 'https' };
    if (body !== undefined) headers['content-type'] = 'application/json';
    if (options.accessToken !== undefined) headers.authorization = `Bearer ${options.accessToken}`;
    return {
      version: '2.0',
      routeKey,
      rawPath: path,
      rawQueryString: query,
      headers: { ...headers, ...options.headers },
      ...(options.cookies && { cookies: options.cookies }),
      ...(match?.parameters && { pathParameters: match.parameters }),
      ...(body !== undefined && { body }),
      requestContext: {
        accountId: '000000000000',
        apiId: 'test',
        domainName: 'api.test',
        domainPrefix: 'api',
        http: {
          method,
          path,
          protocol: 'HTTP/1.1',
          sourceIp: options.address ?? '192.0.2.1',
          userAgent: options.headers?.['user-agent'] ?? 'test/1',
        },
        requestId: 'request-1',
        routeKey,
        stage: '$default',
        time: '02/Mar/2026:08:00:00 +0000',
        timeEpoch: 1772438400000,
      },
      isBase64Encoded: options.isBase64Encoded ?? false,
    };
  }

  #match(path: string): { path: string; parameters?: Record<string, string> } | undefined {
    const templates = Object.keys(this.#endpoints).map((operation) => operation.split(' ')[1] ?? '');
    if (templates.includes(path)) return { path };
    for (const template of templates) {
      const pattern = template.replaceAll(/[.]/g, '\\.').replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)');
      const found = new RegExp(`^${pattern}$`, 's').exec(path);
      if (found?.groups) return { path: template, parameters: { ...found.groups } };
    }
    return undefined;
  }

  async #checkSchema(request: ApiRequest, { status, body }: Answer<unknown>): Promise<void> {
    const { method } = request.requestContext.http;
    const endpoint = await this.#endpoints[`${method} ${request.routeKey.slice('ANY '.length)}`]?.();
    if (!endpoint || status !== endpoint.answer.status) return;
    if (endpoint.answer.schema) endpoint.answer.schema.parse(body);
    else expect(body).toBeUndefined();
  }
}

function toAnswer(response: ApiResponse): Answer<unknown> {
  const { statusCode = 200, headers = {}, cookies = [], body, isBase64Encoded } = response;
  const bytes = body === undefined ? undefined : Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  const text = headers['content-encoding'] === 'gzip' && bytes ? gunzipSync(bytes) : bytes;
  return {
    status: statusCode,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
    cookies,
    body: text === undefined ? undefined : isText(headers) ? text.toString() : JSON.parse(text.toString()),
  };
}

/** The body of a problem. */
export interface ProblemBody {
  type: string;
  title: string;
  status: number;
  detail: string;
  errors?: { parameter?: string; pointer?: string; detail: string }[];
  [member: string]: unknown;
}

/** Expects a well-formed problem of a type, and returns its body. */
export function expectProblem(answer: Answer, status: number, slug: string): ProblemBody {
  expect(answer.body).toMatchObject({ type: `/problems/${slug}`, status });
  expect(answer.status).toBe(status);
  expect(answer.headers['content-type']).toBe('application/problem+json');
  return answer.body as ProblemBody;
}

const isText = (headers: NonNullable<ApiResponse['headers']>) =>
  String(headers['content-type']).startsWith('text/');

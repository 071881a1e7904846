import { reachingDatabase } from '../../shared/database.ts';
import { authorise } from './access.ts';
import { type ApiHandler, apiHandler } from './api-handler.ts';
import { checkBodySize } from './body.ts';
import { dispatch, type Endpoints, makeDirectory } from './dispatch.ts';
import type { AnyEndpoint, OpenServices, Reader, Services } from './endpoint.ts';
import type { Group } from './groups.ts';
import type { ApiRequest, ApiResponse } from './http.ts';
import { readInput } from './input.ts';
import { entrySchema, type ListPage, listContent, takeFormat } from './list-format.ts';

/**
 * The Cache-Control header of each group's answers to GET. Market data changes once a day, so that a browser may reuse a
 * list for 30 seconds.
 */
const CACHING: Record<Group, string> = {
  auth: 'private, no-store',
  account: 'private, no-store',
  recommendations: 'private, max-age=30',
  replay: 'private, no-store',
  market: 'private, max-age=30',
  admin: 'private, no-store',
};

/**
 * Makes the Lambda handler of a group's endpoints.
 *
 * @param endpoints - all endpoints of the group
 * @example export const handler = groupHandler('market', endpoints, servicesOnce());
 */
export function groupHandler(group: Group, endpoints: Endpoints, services: OpenServices): ApiHandler {
  const directory = makeDirectory(endpoints);
  // Lambda starts a function on a full processor, and later gives it only the share that its memory buys. So the secrets
  // are read now. The first request repeats a read that failed, and reports the error.
  if (process.env.AWS_LAMBDA_FUNCTION_NAME) void prepare(services).catch(() => {});
  return apiHandler(async (request) => {
    const dispatched = dispatch(directory, request);
    if ('allow' in dispatched) return { statusCode: 204, headers: { allow: dispatched.allow } };
    checkBodySize(request);
    return answer(await dispatched.load(), request, await services(), CACHING[group]);
  });
}

/** Reads the secrets that answers need. */
async function prepare(services: OpenServices): Promise<void> {
  const { tokens } = await services();
  await tokens.publicKeys();
}

async function answer(
  endpoint: AnyEndpoint,
  request: ApiRequest,
  services: Services,
  caching: string,
): Promise<ApiResponse> {
  const entry = entrySchema(endpoint.answer.schema);
  const { body, headers, cookies, format } = await reachingDatabase(async () => {
    // Authorisation comes before validation, so that a refused caller learns nothing about the schema.
    const caller = await callerOf(endpoint, request, services);
    const input = readInput(endpoint, request);
    const { format, query } = entry
      ? takeFormat(request, input.query)
      : { format: 'json' as const, ...input };
    return { format, ...(await endpoint.handle({ ...input, query, caller, event: request }, services)) };
  });
  const { status, mediaType } = endpoint.answer;
  const response: ApiResponse = { statusCode: status, headers: {} };
  if (cookies) response.cookies = cookies;
  const ownHeaders: Record<string, string> = {};
  if (endpoint.method === 'GET') {
    ownHeaders['cache-control'] = caching;
    // A browser must not show one user's cached answers to another.
    const varying = [
      ...(endpoint.access === 'public' ? [] : ['authorization']),
      ...(entry ? ['accept'] : []),
    ];
    if (varying.length > 0) ownHeaders.vary = varying.join(', ');
  }
  if (entry) {
    const content = await listContent(request, { entry, format, page: body as ListPage });
    Object.assign(ownHeaders, content.headers);
    response.body = content.text;
  } else if (status !== 204) {
    ownHeaders['content-type'] = `${mediaType ?? 'application/json'}; charset=utf-8`;
    response.body = mediaType ? String(body) : JSON.stringify(body);
  }
  response.headers = { ...ownHeaders, ...headers };
  return response;
}

function callerOf(
  { access, confirmation }: AnyEndpoint,
  request: ApiRequest,
  services: Services,
): Promise<Reader> | undefined {
  return access === 'public' ? undefined : authorise({ access, confirmation }, request, services);
}

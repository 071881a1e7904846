import { reachingDatabase } from '../../shared/database.ts';
import { authorise } from './access.ts';
import { type ApiHandler, apiHandler } from './api-handler.ts';
import { checkBodySize } from './body.ts';
import { dispatch, makeDirectory } from './dispatch.ts';
import type { AnyEndpoint, Caller, OpenServices, Services } from './endpoint.ts';
import type { Group } from './groups.ts';
import type { ApiRequest, ApiResponse } from './http.ts';
import { readInput } from './input.ts';

/**
 * How long a browser may show the same list again without asking: data changes once a day, and who reloads at once
 * wants to see that nothing did. All else is asked for each time and stored nowhere.
 */
const CACHING: Record<Group, string> = {
  auth: 'private, no-store',
  account: 'private, no-store',
  recommendations: 'private, max-age=30',
  market: 'private, max-age=30',
  admin: 'private, no-store',
};

/**
 * Makes the one Lambda handler of a group's endpoints.
 *
 * @param endpoints - all of one group
 * @throws Error if two of them are the same operation
 * @example export const handler = groupHandler('market', endpoints, servicesOnce());
 */
export function groupHandler(
  group: Group,
  endpoints: readonly AnyEndpoint[],
  services: OpenServices,
): ApiHandler {
  const directory = makeDirectory(endpoints);
  // A function starts with a whole processor, and answers with the share that its memory buys: what it reads before
  // the first answer is better read now. Whatever fails is tried again, and told of, by the first request.
  if (process.env.AWS_LAMBDA_FUNCTION_NAME) void prepare(services).catch(() => {});
  return apiHandler(async (request) => {
    const asked = dispatch(directory, request);
    if ('allow' in asked) return { statusCode: 204, headers: { allow: asked.allow } };
    checkBodySize(request);
    return answer(asked.endpoint, request, await services(), CACHING[group]);
  });
}

/** Reads the secrets that every answer needs. */
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
  const { body, headers, cookies } = await reachingDatabase(async () => {
    // Who may not ask learns nothing of what would be right.
    const caller = await callerOf(endpoint, request, services);
    return endpoint.handle({ ...readInput(endpoint, request), caller, event: request }, services);
  });
  const { status, mediaType } = endpoint.answer;
  const response: ApiResponse = { statusCode: status, headers: {} };
  if (cookies) response.cookies = cookies;
  const named: Record<string, string> = {};
  if (endpoint.method === 'GET') {
    named['cache-control'] = caching;
    // Another user of the same browser must not be shown what it kept of this one.
    if (endpoint.access !== 'public') named.vary = 'authorization';
  }
  if (status !== 204) {
    named['content-type'] = `${mediaType ?? 'application/json'}; charset=utf-8`;
    response.body = mediaType ? String(body) : JSON.stringify(body);
  }
  response.headers = { ...named, ...headers };
  return response;
}

function callerOf(
  { access }: AnyEndpoint,
  request: ApiRequest,
  services: Services,
): Promise<Caller> | undefined {
  return access === 'public' ? undefined : authorise(access, request, services);
}

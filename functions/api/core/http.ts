import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

/** A request from API Gateway (HTTP API, payload format 2.0). */
export type ApiRequest = APIGatewayProxyEventV2;

/** A response to API Gateway. */
export type ApiResponse = APIGatewayProxyStructuredResultV2;

/**
 * Makes a JSON response.
 *
 * @example json(200, { status: 'ok' })
 */
export function json(statusCode: number, body: unknown, headers: Record<string, string> = {}): ApiResponse {
  return {
    statusCode,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(body),
  };
}

/** The method and the path template of a request, such as `GET /v1/admin/runs/{id}`. */
export function endpointOf({ routeKey, requestContext }: ApiRequest): string {
  return `${requestContext.http.method} ${routeKey.slice(routeKey.indexOf(' ') + 1)}`;
}

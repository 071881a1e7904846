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

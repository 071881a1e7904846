import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

/** A request as API Gateway hands it over (HTTP API, payload format 2.0). */
export type ApiRequest = APIGatewayProxyEventV2;

/** An answer as API Gateway takes it. */
export type ApiResponse = APIGatewayProxyStructuredResultV2;

/**
 * A JSON answer.
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

import type { McpServer } from '@modelcontextprotocol/server';
import {
  createMcpHandler,
  isLegacyRequest,
  WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server';
import type { ApiRequest, ApiResponse } from '../api/core/http.ts';

/** The code of an invalid request in JSON-RPC. */
const INVALID_REQUEST = -32600;

/**
 * Answers one request of the transport "streamable HTTP": without sessions and streams, always with one JSON body. The
 * protocol of 2026-07-28 carries its version in each request; the earlier ones begin with `initialize`.
 *
 * @param makeServer - makes the server for this request
 */
export async function answerMcp(request: ApiRequest, makeServer: () => McpServer): Promise<ApiResponse> {
  const body = bodyOf(request);
  const parsedBody = asJson(body);
  // A batch would be many calls for the price of one request. The protocol has no batches since 2025-06-18.
  if (Array.isArray(parsedBody))
    return toApiResponse(
      Response.json(
        { jsonrpc: '2.0', id: null, error: { code: INVALID_REQUEST, message: 'Batches are not supported.' } },
        { status: 400 },
      ),
    );
  const webRequest = toWebRequest(request, body);
  const options = parsedBody === undefined ? {} : { parsedBody };
  return toApiResponse(
    (await isLegacyRequest(webRequest, parsedBody))
      ? await answerLegacy(webRequest, makeServer, options)
      : await createMcpHandler(makeServer, { legacy: 'reject', maxSubscriptions: 0 }).fetch(
          webRequest,
          options,
        ),
  );
}

async function answerLegacy(
  request: Request,
  makeServer: () => McpServer,
  options: { parsedBody?: unknown },
): Promise<Response> {
  const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true });
  const server = makeServer();
  await server.connect(transport);
  try {
    return await transport.handleRequest(request, options);
  } finally {
    await server.close();
  }
}

function bodyOf({ body = '', isBase64Encoded }: ApiRequest): string {
  return isBase64Encoded ? Buffer.from(body, 'base64').toString() : body;
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function toWebRequest({ headers, rawPath, requestContext }: ApiRequest, body: string): Request {
  const sent = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, value]],
  );
  const { method } = requestContext.http;
  return new Request(new URL(rawPath, 'https://service.invalid'), { method, headers: sent, body });
}

async function toApiResponse(response: Response): Promise<ApiResponse> {
  const body = await response.text();
  return {
    statusCode: response.status,
    headers: Object.fromEntries(response.headers),
    ...(body !== '' && { body }),
  };
}

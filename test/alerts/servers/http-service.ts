import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that a loopback service received. */
export interface Received {
  url: URL;
  headers: Record<string, string | undefined>;
  body: string;
}

/** An answer of a loopback service. A function writes it itself, for example never. */
export type ServiceAnswer =
  | { status: number; headers?: Record<string, string>; body?: string | object }
  | ((response: ServerResponse) => void);

/** A service on a loopback address that speaks the format of a real one. */
export interface HttpService {
  readonly origin: string;
  /** Every request, in order, also those that an error answered. */
  readonly received: Received[];
  /** The service answers its next requests with these, in order, and does nothing else with them. */
  readonly faults: ServiceAnswer[];
  close(): Promise<void>;
}

/**
 * Starts a service on 127.0.0.1.
 *
 * @param handle - answers a request as the real service does
 * @param create - makes the server; HTTP unless it is given
 */
export async function startHttpService(
  handle: (request: Received) => ServiceAnswer,
  create: (listener: RequestListener) => Server = createServer,
): Promise<HttpService> {
  const received: Received[] = [];
  const faults: ServiceAnswer[] = [];
  const server = create(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const url = new URL(request.url ?? '/', 'http://localhost');
    const headers = request.headers as Received['headers'];
    const one = { url, headers, body: Buffer.concat(chunks).toString() };
    received.push(one);
    write(response, faults.shift() ?? handle(one));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    faults,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function write(response: ServerResponse, answer: ServiceAnswer): void {
  if (typeof answer === 'function') {
    answer(response);
    return;
  }
  const { status, headers = {}, body = '' } = answer;
  const isJson = typeof body === 'object';
  response.writeHead(status, { ...(isJson && { 'content-type': 'application/json' }), ...headers });
  response.end(isJson ? JSON.stringify(body) : body);
}

/** Reads a JSON body; undefined if it is none. */
export function jsonOf(body: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

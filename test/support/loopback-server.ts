import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach } from 'vitest';

/** A server on a loopback address that replaces another one and records its requests. */
export interface LoopbackServer {
  /** Its address, once it listens. */
  readonly origin: string;
  /** Path and query of each request, in order. */
  asked: URL[];
  /** The next response. */
  answer: (request: IncomingMessage, response: ServerResponse) => void;
  close(): Promise<void>;
}

export async function startLoopbackServer(): Promise<LoopbackServer> {
  const { http, server } = loopbackServer();
  await listening(http);
  return server;
}

/** Sets up one server for all tests of a file. It records the requests of the current test. */
export function useLoopbackServer(): LoopbackServer {
  const { http, server } = loopbackServer();
  beforeAll(() => listening(http));
  afterAll(() => server.close());
  beforeEach(() => {
    server.asked.length = 0;
  });
  return server;
}

function loopbackServer(): { http: Server; server: LoopbackServer } {
  const server: LoopbackServer = {
    get origin() {
      return `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
    },
    asked: [],
    answer: (_request, response) => response.end(),
    close: () =>
      new Promise((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  };
  const http = createServer((request, response) => {
    // Appended to the origin instead of resolved: a path may begin with two slashes.
    server.asked.push(new URL(`${server.origin}${request.url ?? '/'}`));
    server.answer(request, response);
  });
  return { http, server };
}

function listening(http: Server): Promise<void> {
  return new Promise((resolve) => http.listen(0, '127.0.0.1', resolve));
}

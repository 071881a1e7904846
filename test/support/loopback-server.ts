import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach } from 'vitest';

/** A server on a loopback address that stands for another, and what it was asked. */
export interface LoopbackServer {
  /** Its address, once it listens. */
  readonly origin: string;
  /** Path and query of each request, in order. */
  asked: URL[];
  /** What it answers next. */
  answer: (request: IncomingMessage, response: ServerResponse) => void;
  close(): Promise<void>;
}

export async function startLoopbackServer(): Promise<LoopbackServer> {
  const { http, server } = loopbackServer();
  await listening(http);
  return server;
}

/** One for all tests of a file, which knows of the requests of a test when that has asked it. */
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
    // Behind the origin, and not relative to it: a path may begin with two slashes.
    server.asked.push(new URL(`${server.origin}${request.url ?? '/'}`));
    server.answer(request, response);
  });
  return { http, server };
}

function listening(http: Server): Promise<void> {
  return new Promise((resolve) => http.listen(0, '127.0.0.1', resolve));
}

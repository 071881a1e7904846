import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server on a loopback address that stands for Stooq, and what it was asked. */
export interface StooqServer {
  origin: string;
  asked: URL[];
  answer: (request: IncomingMessage, response: ServerResponse) => void;
  close(): Promise<void>;
}

export async function startStooqServer(): Promise<StooqServer> {
  const http = createServer((request, response) => {
    server.asked.push(new URL(request.url ?? '/', server.origin));
    server.answer(request, response);
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const server: StooqServer = {
    origin: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    asked: [],
    answer: (_request, response) => response.end(),
    close: () =>
      new Promise((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  };
  return server;
}

/** Stooq's CSV of some rows, each `YYYY-MM-DD,open,high,low,close,volume`. */
export function stooqCsv(...rows: string[]): string {
  return ['Date,Open,High,Low,Close,Volume', ...rows].map((row) => `${row}\r\n`).join('');
}

/** Stooq's proof of work: a page that a browser answers to its own address, with the key that was sent. */
export const proofOfWork = (path: string) =>
  `<html><noscript>This site requires JavaScript.</noscript><script>fetch("/__verify?to=${path}")</script></html>`;

/** What Stooq says, with HTTP 200, to a key that it does not know. */
export const KEY_INSTRUCTIONS =
  'Get your apikey:\r\n\r\n1. Open https://stooq.com/q/d/?s=aapl.us&get_apikey\r\n2. Enter the captcha code.\r\n';

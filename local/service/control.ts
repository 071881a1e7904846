import { timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { PipelineInput, parse } from '../../functions/shared/contracts.ts';
import { BadInputError } from '../../functions/shared/errors.ts';
import { newRunId } from '../pipeline/run-pipeline.ts';
import { describeError } from '../terminal/exit.ts';
import type { RunQueue } from './run-queue.ts';

/** The control of a running service, for other commands on this machine. */
export interface Control {
  url: string;
  /** Stops listening, and closes every connection. */
  close(): Promise<void>;
}

/**
 * Listens on a free port of the loopback address for commands that hold the token:
 *
 * - `POST /run` with a pipeline input adds a run: 202 with `{ runId }`.
 * - `GET /run/RUNID` follows a run: one JSON object a line, the last of which is its end.
 *
 * Errors are problems of RFC 9457.
 */
export async function openControl(queue: RunQueue, token: string): Promise<Control> {
  const server = createServer((request, response) => {
    answer(queue, token, request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else if (error instanceof BadInputError) problem(response, 400, error.message);
      else problem(response, 500, describeError(error));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

const BEAT_MS = 30_000;

async function answer(
  queue: RunQueue,
  token: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (!isAllowed(request.headers.authorization, token)) return problem(response, 401, 'The token is wrong.');
  const { method, url = '' } = request;
  if (method === 'POST' && url === '/run') {
    const sent = await json(request).catch((cause) => {
      throw new BadInputError('the body is not JSON', { cause });
    });
    const runId = newRunId();
    await queue.start(runId, parse('pipeline input', PipelineInput, sent));
    response.writeHead(202, { 'content-type': 'application/json' }).end(JSON.stringify({ runId }));
    return;
  }
  const messages = method === 'GET' ? queue.logOf(/^\/run\/([\w-]+)$/.exec(url)?.[1] ?? '') : undefined;
  if (!messages) return problem(response, 404, 'There is no such resource.');
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  // An empty line now and then: the client would give up a connection that is silent for minutes.
  const beat = setInterval(() => response.write('\n'), BEAT_MS);
  response.once('close', () => clearInterval(beat));
  for await (const message of messages.read(gone.signal)) response.write(`${JSON.stringify(message)}\n`);
  response.end();
}

function isAllowed(header: string | undefined, token: string): boolean {
  const [sent, expected] = [Buffer.from(header ?? ''), Buffer.from(`Bearer ${token}`)];
  return sent.length === expected.length && timingSafeEqual(sent, expected);
}

function problem(response: ServerResponse, status: number, detail: string): void {
  response
    .writeHead(status, { 'content-type': 'application/problem+json' })
    .end(JSON.stringify({ type: 'about:blank', status, detail }));
}

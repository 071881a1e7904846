import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { makeApiKey } from '../../../functions/api/core/api-key.ts';
import { announceService } from '../../../local/service/service-file.ts';
import { refused, runCommand } from './command-support.ts';

const KEY = makeApiKey();
const COMMAND = fileURLToPath(new URL('../../../local/commands/mcp.ts', import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'boursomatic-mcp-'));
});
afterAll(() => rm(folder, { recursive: true }));

const run = (args: string[], key = '') => runCommand('mcp.ts', args, { env: { BOURSOMATIC_API_KEY: key } });

describe('npm run mcp', () => {
  test.each([
    ['no key', [], '', 'mcp needs an API key: set BOURSOMATIC_API_KEY, or give --key-file'],
    [
      'a mistyped key',
      [],
      `${KEY}x`,
      'the API key in BOURSOMATIC_API_KEY is incomplete or has a typing error: it begins with bmk_ and has 53 characters',
    ],
    [
      'a file that is not there',
      ['--key-file', '/nowhere/key'],
      KEY,
      '--key-file /nowhere/key cannot be read',
    ],
    [
      'an address with a path',
      ['--url', 'https://example.com/v1'],
      KEY,
      '--url "https://example.com/v1" is not an address such as https://stocks.example.com, without a path',
    ],
    [
      'an address of another protocol',
      ['--url', 'file:///etc'],
      KEY,
      '--url "file:///etc" is not an address such as https://stocks.example.com, without a path',
    ],
  ])('refuses %s with one line, without the key', async (_what, args, key, message) => {
    const answer = await run(args, key);
    expect(answer).toEqual(refused(message));
    expect(answer.error).not.toContain(KEY.slice(4, 40));
  });
});

/** Starts the server. */
function start(args: string[], env: Record<string, string> = {}) {
  const child: ChildProcessWithoutNullStreams = spawn(process.execPath, [COMMAND, ...args], {
    env: { PATH: process.env.PATH, ...env },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const messages: unknown[] = [];
  const out = createInterface({ input: child.stdout });
  out.on('line', (line) => messages.push(JSON.parse(line)));
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  return {
    child,
    messages,
    errors: () => errors,
    send: (message: unknown) =>
      child.stdin.write(`${typeof message === 'string' ? message : JSON.stringify(message)}\n`),
    /** The next message. */
    next: async () => {
      if (messages.length === 0) await once(out, 'line');
      return messages.shift() as { id: number; result: Record<string, unknown> };
    },
  };
}

const INITIALIZE = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
};
const LIST = {
  jsonrpc: '2.0',
  id: 2,
  method: 'tools/call',
  params: { name: 'list_recommendations', arguments: {} },
};

describe('the server over stdin and stdout', () => {
  test('survives malformed lines, writes only messages, and ends with stdin', async () => {
    const keyFile = join(folder, 'key');
    await writeFile(keyFile, `${KEY}\n`);
    const server = start(['--key-file', keyFile, '--url', 'http://127.0.0.1:1']);
    server.send('this is not JSON');
    server.send('{"jsonrpc":"2.0"');
    server.send('[]');
    server.send(INITIALIZE);
    expect(await server.next()).toMatchObject({ id: 1, result: { serverInfo: { name: 'boursomatic' } } });
    server.send(LIST);
    const text =
      'The service at http://127.0.0.1:1 cannot be reached. Start it with npm start, or give its address with --url.';
    expect((await server.next()).result).toEqual({ content: [{ type: 'text', text }], isError: true });
    server.child.stdin.end();
    const [code] = await once(server.child, 'exit');
    expect(code).toBe(0);
    expect(server.messages).toEqual([]);
    expect(server.errors()).not.toContain(KEY);
  });

  test('reaches the service that runs on the data folder, and follows no redirect', async () => {
    const requests: object[] = [];
    const service = createServer(({ url, headers: { authorization } }, response) => {
      requests.push({ url, authorization });
      response.writeHead(302, { location: '/elsewhere' }).end();
    }).listen(0, '127.0.0.1');
    await once(service, 'listening');
    onTestFinished(() => void service.close());
    const api = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
    const withdraw = await announceService(folder, {
      url: 'http://127.0.0.1:1',
      token: 'x',
      database: 'x',
      api,
    });
    onTestFinished(withdraw);
    const server = start(['--data-dir', folder], { BOURSOMATIC_API_KEY: KEY });
    server.send(INITIALIZE);
    await server.next();
    server.send(LIST);
    const { result } = await server.next();
    expect(JSON.stringify(result)).toContain(`The server at ${api} answered with status 302`);
    expect(requests).toEqual([
      { url: '/v1/recommendations?sort=-confidence&limit=10', authorization: `Bearer ${KEY}` },
    ]);
    server.child.stdin.end();
    await once(server.child, 'exit');
  });
});

import { fileURLToPath } from 'node:url';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';

/** How a client reaches the server: the transport, and the protocol that it offers. */
export const WAYS = [
  ['stdio, 2025', 'stdio', 'legacy'],
  ['stdio, 2026', 'stdio', 'auto'],
  ['HTTP, 2025', 'http', 'legacy'],
  ['HTTP, 2026', 'http', 'auto'],
] as const;
export type Transport = (typeof WAYS)[number][1];
export type Protocol = (typeof WAYS)[number][2];

const COMMAND = fileURLToPath(new URL('../../../local/commands/mcp.ts', import.meta.url));

/** Connects the SDK's own client to the server. */
export async function connect(
  { transport, protocol }: { transport: Transport; protocol: Protocol },
  { url, key }: { url: string; key: string },
): Promise<Client> {
  const client = new Client({ name: 'test', version: '1.0.0' }, { versionNegotiation: { mode: protocol } });
  await client.connect(transport === 'http' ? overHttp(url, key) : overStdio(url, key));
  return client;
}

export function overHttp(url: string, key: string): StreamableHTTPClientTransport {
  return new StreamableHTTPClientTransport(new URL('/mcp', url), {
    requestInit: { headers: { authorization: `Bearer ${key}` } },
  });
}

function overStdio(url: string, key: string): StdioClientTransport {
  return new StdioClientTransport({
    command: process.execPath,
    args: [COMMAND, '--url', url],
    env: { BOURSOMATIC_API_KEY: key },
  });
}

/** The text of a tool's result. */
export function textOf(result: Awaited<ReturnType<Client['callTool']>>): string {
  return result.content.map((part) => (part.type === 'text' ? part.text : `[${part.type}]`)).join('\n');
}

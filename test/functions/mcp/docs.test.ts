import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { expect, test } from 'vitest';
import { makeApiKey } from '../../../functions/api/core/api-key.ts';
import { TOOLS } from '../../../functions/mcp/tools.ts';
import { defined } from '../../../functions/shared/invariant.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const text = await readFile(new URL('docs/assistants.md', new URL('../../..', import.meta.url)), 'utf8');
const [local, remote] = [...text.matchAll(/```json\n([\s\S]*?)```/g)].map(([, json = '']) =>
  JSON.parse(json),
);

test('the first configuration of docs/assistants.md starts the server', async () => {
  const { command, args, env } = local.mcpServers.boursomatic;
  expect(Object.keys(env)).toEqual(['BOURSOMATIC_API_KEY']);
  const client = new Client({ name: 'test', version: '1' });
  const here = args.map((arg: string) => arg.replace('/path/to/boursomatic', ROOT));
  await client.connect(
    new StdioClientTransport({ command, args: here, env: { BOURSOMATIC_API_KEY: makeApiKey() } }),
  );
  expect((await client.listTools()).tools).toHaveLength(TOOLS.length);
  await client.close();
});

test('the second configuration of docs/assistants.md names the path of the server', () => {
  expect(new URL(remote.servers.boursomatic.url).pathname).toBe('/mcp');
});

test('docs/assistants.md lists exactly the tools and their arguments', () => {
  const [, table = ''] = /## Tools\n([\s\S]*?)\n## /.exec(text) ?? [];
  const listed = [...table.matchAll(/^\| `(\w+)` \| .* \| (.*) \|$/gm)].map(([, name, given = '']) => [
    name,
    [...given.matchAll(/`(\w+)`/g)].map(([, argument]) => defined(argument, 'argument')).sort(),
  ]);
  expect(listed).toEqual(TOOLS.map(({ name, input }) => [name, Object.keys(input.shape).sort()]));
});

import { readFile } from 'node:fs/promises';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { z } from 'zod';
import { API_KEY_LENGTH, isWholeApiKey } from '../../functions/api/core/api-key.ts';
import { HttpApi } from '../../functions/mcp/http-api.ts';
import { mcpServer } from '../../functions/mcp/server.ts';
import { BadInputError } from '../../functions/shared/errors.ts';
import { dataFolder } from '../installation/data-folder.ts';
import { findService } from '../service/service-file.ts';
import { checkOptions, HELP_OPTION, readCommandLine, variableOf } from '../terminal/command-line.ts';
import { describeError, exitOnError, warn } from '../terminal/exit.ts';

const KEY_VARIABLE = variableOf('api-key');

/** Where a service listens if its start did not choose a port. */
const DEFAULT_URL = 'http://127.0.0.1:8787';

const HELP = `Usage: npm run -s mcp -- [options]

Serves the tools for assistants (MCP) over stdin and stdout. An assistant's program starts this command; docs/assistants.md
shows how to configure it. Make an API key in the settings of the page, and pass it in ${KEY_VARIABLE} or a file.

  --url URL        address of the service (default: the service that runs on the data folder, else ${DEFAULT_URL})
  --key-file FILE  file with the API key, instead of ${KEY_VARIABLE}
  --data-dir DIR   data folder (default .boursomatic)
  -h, --help       print this text

Stdout has only messages of the protocol. Ends with stdin. Exit codes: 1 failed, 2 bad input.
`;

const Options = z.object({
  url: z
    .string()
    .refine(isOrigin, 'is not an address such as https://stocks.example.com, without a path')
    .transform((text) => new URL(text).origin)
    .optional(),
  'key-file': z.string().min(1, 'is empty').optional(),
});

function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, pathname, search, hash, username } = new URL(text);
  return /^https?:$/.test(protocol) && `${pathname}${search}${hash}${username}` === '/';
}

async function main(): Promise<void> {
  const text = { type: 'string' } as const;
  const { values } = readCommandLine({
    options: { url: text, 'key-file': text, 'data-dir': text, ...HELP_OPTION },
  });
  if (values.help) return void process.stdout.write(HELP);
  const { url, 'key-file': keyFile } = checkOptions(Options, values);
  const key = await readKey(keyFile);
  const address = url ?? (await findService(dataFolder(values['data-dir'])))?.api ?? DEFAULT_URL;
  serveStdio(() => mcpServer(new HttpApi(address, key)), {
    onerror: (error) => warn(`boursomatic: ${describeError(error)}`),
  });
}

/** @throws BadInputError without a whole API key. No message contains the key. */
async function readKey(file: string | undefined): Promise<string> {
  const given = file === undefined ? process.env[KEY_VARIABLE] : await readKeyFile(file);
  const key = given?.trim();
  if (!key) throw new BadInputError(`mcp needs an API key: set ${KEY_VARIABLE}, or give --key-file`);
  if (isWholeApiKey(key)) return key;
  throw new BadInputError(
    `the API key in ${file ?? KEY_VARIABLE} is incomplete or has a typing error: it begins with bmk_ and has ${API_KEY_LENGTH} characters`,
  );
}

async function readKeyFile(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause) => {
    throw new BadInputError(`--key-file ${file} cannot be read`, { cause });
  });
}

await exitOnError(main);

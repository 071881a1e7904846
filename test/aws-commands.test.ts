import { readdir, readFile } from 'node:fs/promises';
import * as account from '@aws-sdk/client-account';
import * as cloudformation from '@aws-sdk/client-cloudformation';
import * as rds from '@aws-sdk/client-rds';
import * as secretsmanager from '@aws-sdk/client-secrets-manager';
import * as quotas from '@aws-sdk/client-service-quotas';
import { expect, test } from 'vitest';

/** The services whose operations the texts name, as the AWS CLI calls them. */
const SERVICES: Record<string, object> = {
  account,
  cloudformation,
  rds,
  secretsmanager,
  'service-quotas': quotas,
};

/** Options that every command of the AWS CLI has. */
const COMMON = ['--query', '--output', '--region', '--profile'];

interface AwsCommand {
  readonly text: string;
  readonly service: string;
  readonly operation: string;
  readonly options: readonly string[];
}

/** The commands for the AWS CLI in a text. One ends at a quote, at the end of its line, or where the shell ends it. */
function commandsIn(text: string): AwsCommand[] {
  const found = text.matchAll(/\baws ((?:[a-z]+-)*[a-z]+) ([a-z]+(?:-[a-z]+)+|wait [a-z-]+)([^\n`|;&(]*)/g);
  return [...found].map(([whole, service = '', operation = '', rest = '']) => ({
    text: whole,
    service,
    operation,
    options: rest.match(/(?<= )--[a-z][a-z-]*/g) ?? [],
  }));
}

/** Part of a schema of AWS's SDK: the names of a structure's members, the first `required` of which it must have. */
interface InputSchema {
  readonly members: readonly string[];
  readonly required: number;
}

function inputOf({ service, operation }: AwsCommand): InputSchema | undefined {
  const wanted = `${operation.replaceAll('-', '')}command`;
  const [, command] =
    Object.entries(SERVICES[service] ?? {}).find(([name]) => name.toLowerCase() === wanted) ?? [];
  if (!command) return undefined;
  const { schema } = new command({}) as { schema: unknown[] };
  const input = typeof schema[4] === 'function' ? schema[4]() : schema[4];
  return { members: input[4], required: input[6] ?? 0 };
}

/** The same text for `--db-instance-identifier` and `DBInstanceIdentifier`. */
const flat = (name: string) => name.replaceAll('-', '').toLowerCase();

const preflight = new URL('../local/preflight/', import.meta.url);
const texts = await Promise.all([
  readFile(new URL('../docs/operations.md', import.meta.url), 'utf8'),
  ...(await readdir(preflight)).map((name) => readFile(new URL(name, preflight), 'utf8')),
]);
const commands = texts.flatMap(commandsIn);

test('the texts have commands for the AWS CLI', () => {
  expect(commands.length).toBeGreaterThan(15);
});

test.each(commands.map((command) => [command.text, command] as const))('AWS knows %s', (_, command) => {
  const { service, operation, options } = command;
  expect(Object.keys(SERVICES)).toContain(service);
  if (operation.startsWith('wait ')) {
    const waiter = `waituntil${flat(operation.slice('wait '.length))}`;
    expect(Object.keys(SERVICES[service] ?? {}).map((name) => name.toLowerCase())).toContain(waiter);
    return;
  }
  const input = inputOf(command);
  expect(input, operation).toBeDefined();
  const members = input?.members.map(flat) ?? [];
  const given = options.filter((option) => !COMMON.includes(option)).map((option) => flat(option));
  const isKnown = (option: string) => members.includes(option) || members.includes(option.replace(/^no/, ''));
  for (const option of given) expect(isKnown(option), `${operation} has no ${option}`).toBe(true);
  for (const name of members.slice(0, input?.required))
    expect(given.includes(name) || given.includes(`no${name}`), `${operation} needs ${name}`).toBe(true);
});

test('a restored or new instance is private, and in the subnets and groups of the stack', () => {
  const creating = commands.filter(({ operation }) => /^(?:restore-db|create-db)-instance/.test(operation));
  expect(creating.map(({ operation }) => operation)).toEqual([
    'restore-db-instance-to-point-in-time',
    'restore-db-instance-from-db-snapshot',
    'create-db-instance-read-replica',
  ]);
  for (const { operation, options } of creating) {
    const needed = ['--no-publicly-accessible', '--db-subnet-group-name', '--vpc-security-group-ids'];
    expect(options, operation).toEqual(expect.arrayContaining([...needed, '--db-parameter-group-name']));
  }
});

import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { RenewalRequest } from '../functions/api/auth/renew-keys.lambda.ts';
import { MigrationRequest } from '../functions/migration/migrate.lambda.ts';
import { OperatorRequest } from '../functions/operate/operate.lambda.ts';
import { PipelineInput } from '../functions/shared/contracts.ts';
import { KNOWN_KEYS } from '../lib/settings-schema.ts';
import { runbookInputs } from './emulator/steps/runbook.ts';

const SCHEMAS = {
  Pipeline: PipelineInput,
  OperateFunction: OperatorRequest,
  MigrateFunction: MigrationRequest,
  RenewKeysFunction: RenewalRequest,
};

const text = await readFile(new URL('../docs/operations.md', import.meta.url), 'utf8');
const inputs = await runbookInputs();

test.each(inputs.map((input) => [input.text.trim(), input] as const))(
  'the runbook input %s matches the schema of its target',
  (_, input) => {
    const schema = SCHEMAS[input.target as keyof typeof SCHEMAS];
    expect(schema, input.target).toBeDefined();
    expect(schema.safeParse(JSON.parse(input.text)).error).toBeUndefined();
  },
);

test('the inputs in the text and the tables of the runbook match a schema', () => {
  const inline = [...text.matchAll(/`(\{"(?:mode|symbols|to|do)".*?\})`/g)].map(([, json = '']) => json);
  expect(inline.length).toBeGreaterThan(5);
  for (const json of inline.filter((input) => !input.includes('…'))) {
    const value = JSON.parse(json.replace('vX.Y.Z', 'v1.2.3'));
    const accepted = Object.values(SCHEMAS).some((schema) => schema.safeParse(value).success);
    expect(accepted, json).toBe(true);
  }
});

test('the runbook names every setting', () => {
  for (const key of KNOWN_KEYS) expect(text, key).toContain(`\`${key}\``);
});

test('the policy of the runbook allows exactly what the preflight reads', async () => {
  const folder = new URL('../local/preflight/', import.meta.url);
  const sources = await Promise.all(
    (await readdir(folder)).map((name) => readFile(new URL(name, folder), 'utf8')),
  );
  const used = sources.flatMap((source) =>
    [...source.matchAll(/call\(\s*'(\w+:\w+)'/g)].map(([, name]) => name),
  );
  const [, json = ''] = /```json permission-policy\n([\s\S]*?)```/.exec(text) ?? [];
  const policy = JSON.parse(json) as { Statement: { Sid: string; Action: string[] }[] };
  const read = policy.Statement.find(({ Sid }) => Sid === 'Read')?.Action;
  // Every identity may call it.
  const needed = new Set(used.filter((name) => name !== 'sts:GetCallerIdentity'));
  expect(needed.size).toBeGreaterThan(10);
  expect(read).toEqual([...needed].sort());
});

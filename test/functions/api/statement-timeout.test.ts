import { expect, test } from 'vitest';
import * as z from 'zod';
import { type AnyEndpoint, endpoint } from '../../../functions/api/core/endpoint.ts';
import { groupHandler } from '../../../functions/api/core/group-handler.ts';
import { servicesOnce } from '../../../functions/api/services.ts';
import { ApiClient } from './api-client.ts';
import { declare } from './support.ts';
import { useApi } from './use-api.ts';

/** Sleeps in the database, with a timeout that is short enough for a test. */
const endpoints: AnyEndpoint[] = [
  endpoint({
    group: 'market',
    method: 'GET',
    path: '/v1/sleep',
    operationId: 'sleep',
    summary: '',
    access: 'public',
    query: z.strictObject({ seconds: z.string() }),
    answer: { status: 200, schema: z.strictObject({ slept: z.string() }), description: 'How long.' },
    handle: async ({ query: { seconds } }, { sql }) => {
      await sql.begin(async (tx) => {
        await tx`SET LOCAL statement_timeout = '100ms'`;
        await tx`SELECT pg_sleep(${seconds}::text::float8)`;
      });
      return { body: { slept: seconds } };
    },
  }),
];

const db = useApi();
const declared = declare(endpoints);
const client = new ApiClient(groupHandler('market', declared, servicesOnce()), declared);

test("limits statements of the API's role to five seconds, below the function's timeout", async () => {
  const [row] = await db.client('api')<[{ statement_timeout: string }]>`SHOW statement_timeout`;
  expect(row.statement_timeout).toBe('5s');
});

test('answers 503 after a statement times out and keeps the connection', async () => {
  const late = await client.ask('GET', '/v1/sleep?seconds=5');
  expect(late).toMatchObject({ status: 503, body: { type: expect.stringMatching(/service-busy$/) } });
  expect(JSON.stringify(late.body)).not.toMatch(/timeout|statement|sleep/i);
  expect((await client.ask('GET', '/v1/sleep?seconds=0')).body).toEqual({ slept: '0' });
});

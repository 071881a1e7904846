import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { type AnyEndpoint, endpoint } from '../../../../functions/api/core/endpoint.ts';
import { groupHandler } from '../../../../functions/api/core/group-handler.ts';
import { CSV_ENTRIES } from '../../../../functions/api/core/list-format.ts';
import { problem } from '../../../../functions/api/core/problem.ts';
import { PAGING } from '../../../../functions/api/lists/paging.ts';
import { servicesOnce } from '../../../../functions/api/services.ts';
import { defined } from '../../../../functions/shared/invariant.ts';
import { type Gateway, startGateway } from '../../../../local/serving/gateway.ts';
import { declare } from '../support.ts';
import { useApi } from '../use-api.ts';

const Things = z.strictObject({
  items: z.array(z.strictObject({ place: z.int(), name: z.string() })),
  nextCursor: z.string().nullable(),
});

/** The query that the handler received. */
let received: Record<string, unknown>;

const declared = {
  group: 'market',
  method: 'GET',
  operationId: 'x',
  summary: 'x',
  access: 'public',
} as const;

/** A list of 12,000 things, and one that has no parameters of its own. */
const endpoints: AnyEndpoint[] = [
  endpoint({
    ...declared,
    path: '/v1/shelves/{name}/things',
    params: z.strictObject({ name: z.string() }),
    query: z.strictObject({ ...PAGING, colour: z.string().optional() }),
    answer: { status: 200, schema: Things, description: 'Things.' },
    handle: async ({ query }) => {
      received = query;
      if (query.colour === 'none') throw problem('not-found', 'There is no such colour.');
      const from = Number(query.cursor ?? 0);
      const items = Array.from({ length: Math.min(query.limit, 12_000 - from) }, (_, i) => ({
        place: from + i,
        name: `Thing ${from + i}`,
      }));
      const next = from + items.length;
      return { body: { items, nextCursor: next < 12_000 ? String(next) : null } };
    },
  }),
  endpoint({
    ...declared,
    path: '/v1/colours',
    answer: {
      status: 200,
      schema: z.strictObject({ items: z.array(z.strictObject({ name: z.string() })) }),
      description: 'Colours.',
    },
    handle: async ({ query }) => {
      received = query ?? {};
      return { body: { items: [{ name: 'blue' }] } };
    },
  }),
];

useApi();
let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway({
    port: 0,
    routes: ['/v1/shelves/{name}/things', '/v1/colours', '/v1/{rest+}'].map((path) => ({
      method: 'ANY',
      path,
      name: 'market',
    })),
    handlers: { market: groupHandler('market', declare(endpoints), servicesOnce()) },
  });
  return () => gateway.close();
});
beforeEach(() => {
  received = {};
});

const ask = (target: string, accept?: string, more: Record<string, string> = {}) =>
  fetch(`${gateway.url}${target}`, { headers: { ...(accept !== undefined && { accept }), ...more } });
const typeOf = async (target: string, accept?: string) =>
  (await ask(target, accept)).headers.get('content-type')?.split(';')[0];

describe('the format of a list', () => {
  test.each([
    ['text/csv', 'text/csv'],
    ['text/*', 'text/csv'],
    ['TEXT/CSV; charset=UTF-8', 'text/csv'],
    ['text/csv; header=present', 'text/csv'],
    ['application/json;q=0.4, text/csv;q=0.5', 'text/csv'],
    ['*/*;q=0.8, text/csv', 'text/csv'],
    ['application/json;q=0, */*', 'text/csv'],
    ['text/csv, application/json', 'text/csv'],
    ['application/json, text/csv', 'application/json'],
    ['text/csv;q=0.5, application/json', 'application/json'],
    ['text/csv;q=0', 'application/json'],
    ['text/csv;q=0, */*', 'application/json'],
    ['*/*', 'application/json'],
    ['application/*', 'application/json'],
    ['text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8', 'application/json'],
    ['image/png', 'application/json'],
    ['text/csv;q=nonsense, ;;', 'application/json'],
  ])('for Accept: %s is %s', async (accept, type) => {
    expect(await typeOf('/v1/colours', accept)).toBe(type);
  });

  test('is JSON without the header', async () => {
    expect(await typeOf('/v1/colours')).toBe('application/json');
  });

  test('is the one of the parameter, whatever the header says', async () => {
    expect(await typeOf('/v1/colours?format=csv', 'application/json')).toBe('text/csv');
    expect(await typeOf('/v1/colours?format=json', 'text/csv')).toBe('application/json');
  });

  test.each(['', 'CSV', 'xml', 'csv&format=csv'])(
    'refuses format=%s as a problem in JSON',
    async (format) => {
      const answer = await ask(`/v1/colours?format=${format}`, 'text/csv');
      expect([answer.status, answer.headers.get('content-type')]).toEqual([400, 'application/problem+json']);
      expect(await answer.json()).toMatchObject({ errors: [{ parameter: 'format' }] });
    },
  );

  test('is hidden from the endpoint, whose cursors depend on its own parameters', async () => {
    await ask('/v1/shelves/a/things?format=csv&colour=red&limit=2');
    expect(received).toEqual({ limit: 2, colour: 'red' });
  });

  test('is JSON for an error', async () => {
    const answer = await ask('/v1/shelves/a/things?colour=none', 'text/csv');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([404, 'application/problem+json']);
    expect(await answer.json()).toMatchObject({ type: '/problems/not-found' });
  });
});

describe('caches', () => {
  test('keep one answer for each format', async () => {
    const json = await ask('/v1/colours');
    const csv = await ask('/v1/colours', 'text/csv');
    expect(json.headers.get('vary')).toBe('accept');
    expect(csv.headers.get('vary')).toBe('accept');
    const etag = defined(csv.headers.get('etag'), 'ETag');
    expect(etag).not.toBe(json.headers.get('etag'));
    expect((await ask('/v1/colours', 'text/csv', { 'if-none-match': etag })).status).toBe(304);
    expect((await ask('/v1/colours', undefined, { 'if-none-match': etag })).status).toBe(200);
  });

  test('see HEAD answered as GET', async () => {
    const head = await fetch(`${gateway.url}/v1/colours`, {
      method: 'HEAD',
      headers: { accept: 'text/csv' },
    });
    expect(head.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(head.headers.get('etag')).toBe((await ask('/v1/colours', 'text/csv')).headers.get('etag'));
  });
});

describe('a list as CSV', () => {
  test(`has up to ${CSV_ENTRIES} entries without a limit, and links to the next ones`, async () => {
    const places: number[] = [];
    let target: string | undefined = '/v1/shelves/a/things?colour=light+blue%26&format=csv';
    let pages = 0;
    for (; target; pages++) {
      const answer = await ask(target);
      const rows = parse(await answer.text(), { columns: true }) as { place: string }[];
      places.push(...rows.map(({ place }) => Number(place)));
      expect(received.colour).toBe('light blue&');
      target = /^<(\/[^>]*)>; rel="next"$/.exec(answer.headers.get('link') ?? '')?.[1];
    }
    expect(pages).toBe(3);
    expect(places).toEqual(Array.from({ length: 12_000 }, (_, place) => place));
  });

  test('keeps the limit of a request', async () => {
    const text = await (await ask('/v1/shelves/a/things?limit=2', 'text/csv')).text();
    expect(text).toBe('place,name\r\n0,Thing 0\r\n1,Thing 1\r\n');
    expect((await ask('/v1/shelves/a/things?limit=251', 'text/csv')).status).toBe(400);
  });

  test('names a file after the path, without characters that a header must not have', async () => {
    const answer = await ask(`/v1/shelves/${encodeURIComponent('^a"; x=é')}/things?limit=1&format=csv`);
    expect(answer.headers.get('content-disposition')).toBe(
      'attachment; filename="shelves-_a___x__-things.csv"',
    );
  });

  test('is compressed like any answer', async () => {
    const target = `${gateway.url}/v1/shelves/a/things?format=csv`;
    const { get, Agent } = await import('node:http');
    const bytes = await new Promise<Buffer>((resolve, reject) => {
      get(target, { headers: { 'accept-encoding': 'gzip' }, agent: new Agent() }, (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part) => parts.push(part)).on('end', () => resolve(Buffer.concat(parts)));
      }).on('error', reject);
    });
    expect(gunzipSync(bytes).toString().split('\r\n')).toHaveLength(CSV_ENTRIES + 2);
  });
});

describe('a list as JSON', () => {
  test('also links to the next page', async () => {
    const answer = await ask('/v1/shelves/a/things?limit=10&cursor=20');
    expect(answer.headers.get('link')).toBe('</v1/shelves/a/things?limit=10&cursor=30>; rel="next"');
    expect(answer.headers.get('content-disposition')).toBeNull();
  });

  test('does not on the last page', async () => {
    expect((await ask('/v1/shelves/a/things?cursor=11990')).headers.get('link')).toBeNull();
  });
});

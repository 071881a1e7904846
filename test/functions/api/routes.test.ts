import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { endpoints as account } from '../../../functions/api/account/endpoints.ts';
import { endpoints as admin } from '../../../functions/api/admin/endpoints.ts';
import { endpoints as auth } from '../../../functions/api/auth/endpoints.ts';
import { GROUPS } from '../../../functions/api/core/groups.ts';
import { endpoints as market } from '../../../functions/api/market/endpoints.ts';
import { endpoints as openApi } from '../../../functions/api/openapi/endpoints.ts';
import { endpoints as recommendations } from '../../../functions/api/recommendations/endpoints.ts';
import { GATEWAY_ROUTES, ROUTES } from '../../../functions/api/routes.ts';

const declared = [...auth, ...account, ...recommendations, ...market, ...openApi, ...admin];
const said = (routes: readonly { group: string; method: string; path: string }[]) =>
  routes.map(({ group, method, path }) => `${group}: ${method} ${path}`).sort();

describe('the routes', () => {
  test('are the endpoints', () => {
    expect(said(ROUTES)).toEqual(said(declared));
  });

  test('are each an operation of its own, with a name of its own', () => {
    expect(new Set(ROUTES.map(({ method, path }) => `${method} ${path}`)).size).toBe(ROUTES.length);
    expect(new Set(declared.map(({ operationId }) => operationId)).size).toBe(declared.length);
  });

  test.each(GROUPS)('of %s have a function', (group) => {
    const source = readFileSync(
      new URL(`../../../functions/api/${group}.lambda.ts`, import.meta.url),
      'utf8',
    );
    expect(source).toContain(`export const handler = groupHandler('${group}',`);
  });

  test('need no library: a stack imports them', () => {
    const source = readFileSync(new URL('../../../functions/api/routes.ts', import.meta.url), 'utf8');
    expect([...source.matchAll(/^import (?!type ).*$/gm)].map(String)).toEqual([]);
  });
});

describe('what the gateway is told', () => {
  test('is every path once, with any method', () => {
    const paths = GATEWAY_ROUTES.map(({ path }) => path);
    expect(new Set(paths).size).toBe(paths.length);
    expect(new Set(paths)).toEqual(new Set([...ROUTES.map(({ path }) => path), '/v1/{rest+}']));
    expect(new Set(GATEWAY_ROUTES.map(({ method }) => method))).toEqual(new Set(['ANY']));
  });

  test('leads to the group of each of its operations', () => {
    for (const { path, name } of GATEWAY_ROUTES) {
      const groups = ROUTES.filter((route) => route.path === path).map(({ group }) => group);
      expect(new Set([name, ...groups]), path).toEqual(new Set([name]));
    }
  });
});

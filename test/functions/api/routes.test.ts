import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { endpoints as account } from '../../../functions/api/account/endpoints.ts';
import { endpoints as admin } from '../../../functions/api/admin/endpoints.ts';
import { endpoints as auth } from '../../../functions/api/auth/endpoints.ts';
import { loadAll } from '../../../functions/api/core/dispatch.ts';
import { GROUPS } from '../../../functions/api/core/groups.ts';
import { endpoints as market } from '../../../functions/api/market/endpoints.ts';
import { endpoints as openApi } from '../../../functions/api/openapi/endpoints.ts';
import { endpoints as recommendations } from '../../../functions/api/recommendations/endpoints.ts';
import { endpoints as replay } from '../../../functions/api/replay/endpoints.ts';
import { GATEWAY_ROUTES, ROUTES } from '../../../functions/api/routes.ts';

const endpoints = { ...auth, ...account, ...recommendations, ...replay, ...market, ...openApi, ...admin };
const declared = await loadAll(endpoints);
const said = (routes: readonly { group: string; method: string; path: string }[]) =>
  routes.map(({ group, method, path }) => `${group}: ${method} ${path}`).sort();

describe('ROUTES', () => {
  test('match the endpoints', () => {
    expect(said(ROUTES)).toEqual(said(declared));
  });

  test('name what their endpoints declare', () => {
    expect(Object.keys(endpoints)).toEqual(declared.map(({ method, path }) => `${method} ${path}`));
  });

  test('are unique, as are their operation ids', () => {
    expect(new Set(ROUTES.map(({ method, path }) => `${method} ${path}`)).size).toBe(ROUTES.length);
    expect(new Set(declared.map(({ operationId }) => operationId)).size).toBe(declared.length);
  });

  test.each(GROUPS)('have a function for the group %s', (group) => {
    const source = readFileSync(
      new URL(`../../../functions/api/${group}.lambda.ts`, import.meta.url),
      'utf8',
    );
    expect(source).toContain(`export const handler = groupHandler('${group}',`);
  });

  test('import no library, because the CDK stacks import them', () => {
    const source = readFileSync(new URL('../../../functions/api/routes.ts', import.meta.url), 'utf8');
    expect([...source.matchAll(/^import (?!type ).*$/gm)].map(String)).toEqual([]);
  });
});

describe('GATEWAY_ROUTES', () => {
  test('contain every path once, with any method', () => {
    const paths = GATEWAY_ROUTES.map(({ path }) => path);
    expect(new Set(paths).size).toBe(paths.length);
    expect(new Set(paths)).toEqual(new Set([...ROUTES.map(({ path }) => path), '/v1/{rest+}', '/mcp']));
    expect(new Set(GATEWAY_ROUTES.map(({ method }) => method))).toEqual(new Set(['ANY']));
  });

  test('lead to the group of every operation', () => {
    for (const { path, name } of GATEWAY_ROUTES) {
      const groups = ROUTES.filter((route) => route.path === path).map(({ group }) => group);
      expect(new Set([name, ...groups]), path).toEqual(new Set([name]));
    }
  });
});

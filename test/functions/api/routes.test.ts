import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ROUTES } from '../../../functions/api/routes.ts';

test.each(ROUTES)('$method $path has a handler of its name', ({ name, path }) => {
  expect(path).toMatch(/^\/v1\//);
  expect(existsSync(new URL(`../../../functions/api/${name}.lambda.ts`, import.meta.url))).toBe(true);
});

test('no two routes are the same', () => {
  expect(new Set(ROUTES.map(({ method, path }) => `${method} ${path}`)).size).toBe(ROUTES.length);
});

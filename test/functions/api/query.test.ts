import { expect, test } from 'vitest';
import { z } from 'zod';
import { ApiError } from '../../../functions/api/problem.ts';
import { parseQuery } from '../../../functions/api/query.ts';

const Query = z.strictObject({ name: z.string().min(1, 'is empty').optional() });
const parse = (rawQueryString: string) => parseQuery({ rawQueryString }, Query);

function errorOf(rawQueryString: string): ApiError {
  try {
    parse(rawQueryString);
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

test('decodes what it is given', () => {
  expect(parse('')).toEqual({});
  expect(parse('name=A%26B+C')).toEqual({ name: 'A&B C' });
});

test('tells every fault at once, each with its parameter', () => {
  expect(errorOf('name=&name=&x=1&y=2')).toMatchObject({
    status: 400,
    code: 'invalid-parameter',
    message: 'name is given more than once; name is empty; x is not a parameter; y is not a parameter.',
    errors: [
      { parameter: 'name', detail: 'is given more than once' },
      { parameter: 'name', detail: 'is empty' },
      { parameter: 'x', detail: 'is not a parameter' },
      { parameter: 'y', detail: 'is not a parameter' },
    ],
  });
});

test('does not repeat a long name in full', () => {
  expect(errorOf(`${'x'.repeat(5_000)}=1`).message.length).toBeLessThan(100);
});

import { afterEach, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { readEnvironment } from '../../../functions/shared/environment.ts';
import { ConfigurationError } from '../../../functions/shared/errors.ts';

afterEach(() => vi.unstubAllEnvs());

test('returns only the variables of the schema, parsed', () => {
  vi.stubEnv('TEST_URL', 's3://bucket');
  vi.stubEnv('TEST_COUNT', '7');
  const schema = z.object({
    TEST_URL: z.string(),
    TEST_COUNT: z.coerce.number(),
    TEST_ABSENT: z.string().optional(),
  });
  expect(readEnvironment(schema)).toEqual({ TEST_URL: 's3://bucket', TEST_COUNT: 7 });
});

test('names every variable that is missing or malformed, and no value', () => {
  vi.stubEnv('TEST_PROVIDER', 'hunter2');
  const schema = z.object({ TEST_MISSING: z.string(), TEST_PROVIDER: z.enum(['yahoo', 'csv']) });
  const read = () => readEnvironment(schema);
  expect(read).toThrow(ConfigurationError);
  expect(read).toThrow(/^environment: TEST_MISSING \(.+\); TEST_PROVIDER \(.+\)$/);
  expect(read).not.toThrow(/hunter2/);
});

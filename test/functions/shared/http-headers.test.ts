import { expect, test, vi } from 'vitest';
import { answeredAt, retryAfterMs } from '../../../functions/shared/http-headers.ts';

const headers = (fields: Record<string, string>) => new Headers(fields);

test.each([
  [{ 'retry-after': '30' }, 30_000],
  [{ 'retry-after': ' 0 ' }, 0],
  [{ 'retry-after': 'Wed, 06 Mar 2024 12:01:00 GMT', date: 'Wed, 06 Mar 2024 12:00:00 GMT' }, 60_000],
  [{ 'retry-after': 'Wed, 06 Mar 2024 11:00:00 GMT', date: 'Wed, 06 Mar 2024 12:00:00 GMT' }, 0],
  [{ 'retry-after': '9'.repeat(400) }, 86_400_000],
  [{ 'retry-after': 'Wed, 06 Mar 2999 12:00:00 GMT' }, 86_400_000],
  [{ 'retry-after': '-5' }, undefined],
  [{ 'retry-after': '2.5' }, undefined],
  [{ 'retry-after': 'soon' }, undefined],
  [{}, undefined],
])('reads the Retry-After of %j as %s', (fields, expected) => {
  expect(retryAfterMs(headers(fields))).toBe(expected);
});

test('counts a Retry-After from this clock where the answer has no date', () => {
  vi.useFakeTimers({ now: Date.parse('2024-03-06T12:00:00Z') });
  expect(retryAfterMs(headers({ 'retry-after': 'Wed, 06 Mar 2024 12:00:10 GMT' }))).toBe(10_000);
  vi.useRealTimers();
});

test('reads the date of an answer, or nothing where it is malformed', () => {
  expect(answeredAt(headers({ date: 'Wed, 06 Mar 2024 12:00:00 GMT' }))).toBe(Date.UTC(2024, 2, 6, 12));
  expect(answeredAt(headers({ date: '7' }))).toBeUndefined();
  expect(answeredAt(headers({}))).toBeUndefined();
});

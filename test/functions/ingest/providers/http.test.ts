import { describe, expect, test, vi } from 'vitest';
import { BlockedError } from '../../../../functions/ingest/providers/errors.ts';
import {
  answeredAt,
  isPage,
  retryAfterMs,
  saysTooMany,
  send,
} from '../../../../functions/ingest/providers/http.ts';
import { useLoopbackServer } from '../../../support/loopback-server.ts';

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

test('recognises pages and the words of a rate limit', () => {
  expect(['<html>', ' \n<!DOCTYPE html>', '{"a":1}', 'Date,Open'].map(isPage)).toEqual([
    true,
    true,
    false,
    false,
  ]);
  expect(
    ['Too Many Requests\r\n', 'Edge: Too Many Requests', 'rate limit', 'No data'].map(saysTooMany),
  ).toEqual([true, true, true, false]);
});

describe('a redirect of a vendor', () => {
  const server = useLoopbackServer();
  const request = { subject: 'AAPL', vendor: 'Stooq', timeoutMs: 5_000 };
  const redirect = (status: number) => {
    server.answer = (_request, response) =>
      response.writeHead(status, { location: `${server.origin}/elsewhere` }).end();
  };

  test.each([301, 302, 303, 307, 308])(
    'with status %d is refused, because it may lead anywhere',
    async (status) => {
      redirect(status);
      const answer = send(new URL('/bars?apikey=s3cr3t', server.origin), request);
      await expect(answer).rejects.toThrow(BlockedError);
      await expect(answer).rejects.toThrow(`AAPL: Stooq redirects to another address (HTTP ${status})`);
      expect(server.asked.map(({ pathname }) => pathname)).toEqual(['/bars']);
    },
  );

  test('is returned to a caller that handles redirects', async () => {
    redirect(302);
    const { status } = await send(new URL(server.origin), { ...request, redirect: 'manual' });
    expect(status).toBe(302);
  });
});

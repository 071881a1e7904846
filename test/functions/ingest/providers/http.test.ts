import { describe, expect, test } from 'vitest';
import { BlockedError } from '../../../../functions/ingest/providers/errors.ts';
import { isPage, saysTooMany, send } from '../../../../functions/ingest/providers/http.ts';
import { useLoopbackServer } from '../../../support/loopback-server.ts';

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

import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { defined } from '../../../functions/shared/invariant.ts';
import { SignedBucket } from '../../../functions/shared/signed-bucket.ts';

/** The credentials, the object and the instant of the example in Amazon's description of signatures. */
const EXAMPLE = {
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  AWS_SESSION_TOKEN: undefined,
  AWS_ENDPOINT_URL: undefined,
  AWS_ENDPOINT_URL_S3: undefined,
};

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2013, 4, 24) });
  for (const [name, value] of Object.entries(EXAMPLE)) vi.stubEnv(name, value);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

test('signs a request for one object of the bucket', async () => {
  const asked = vi.spyOn(globalThis, 'fetch').mockResolvedValue(new Response('body'));
  const body = await new SignedBucket('examplebucket').get('test.txt');
  expect(new TextDecoder().decode(body)).toBe('body');
  const [url, init] = defined(asked.mock.calls[0], 'request');
  expect(String(url)).toBe('https://examplebucket.s3.us-east-1.amazonaws.com/test.txt');
  // The signature was computed independently with Python's hmac, from Amazon's description.
  expect(init?.headers).toEqual({
    'x-amz-date': '20130524T000000Z',
    'x-amz-content-sha256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    authorization:
      'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, ' +
      'SignedHeaders=host;x-amz-content-sha256;x-amz-date, ' +
      'Signature=2e46714501b0d9bc603dc14b792d5c58689e101d7de843b268d12fa638eb4bda',
  });
});

describe('against a server', () => {
  let answers: { status: number; body: string }[];
  let requests: IncomingMessage[];
  let sent: string;
  const server = createServer((request, response) => {
    requests.push(request);
    request.on('data', (chunk: Buffer) => {
      sent += chunk;
    });
    request.on('end', () => {
      const { status, body } = answers.shift() ?? { status: 500, body: '' };
      response.writeHead(status).end(body);
    });
  });
  beforeEach(async () => {
    answers = [];
    requests = [];
    sent = '';
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    vi.stubEnv('AWS_ENDPOINT_URL_S3', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  const bucket = new SignedBucket('models');
  const refusal = (code: string) => `<?xml version="1.0"?><Error><Code>${code}</Code></Error>`;

  test('returns bytes unchanged, and sends the session token of a function', async () => {
    vi.stubEnv('AWS_SESSION_TOKEN', 'session');
    answers = [{ status: 200, body: 'onnx' }];
    expect(await bucket.get("models/v1.2.3/it's (1).onnx")).toEqual(new TextEncoder().encode('onnx'));
    expect(requests[0]?.url).toBe('/models/models/v1.2.3/it%27s%20%281%29.onnx');
    expect(requests[0]?.headers['x-amz-security-token']).toBe('session');
  });

  test('writes an object with its signed hash', async () => {
    answers = [{ status: 200, body: '' }];
    await bucket.put('requests/a.json', new TextEncoder().encode('{"id":"a"}'));
    expect(sent).toBe('{"id":"a"}');
    expect(requests[0]).toMatchObject({
      method: 'PUT',
      url: '/models/requests/a.json',
      headers: { 'x-amz-content-sha256': createHash('sha256').update('{"id":"a"}').digest('hex') },
    });
  });

  test('throws when S3 does not store an object', async () => {
    answers = [{ status: 403, body: refusal('AccessDenied') }];
    await expect(bucket.put('key', new Uint8Array())).rejects.toThrow(
      'S3 responded 403 AccessDenied for key',
    );
  });

  test('uses the endpoint of all services for S3', async () => {
    const url = process.env.AWS_ENDPOINT_URL_S3;
    vi.stubEnv('AWS_ENDPOINT_URL_S3', undefined);
    vi.stubEnv('AWS_ENDPOINT_URL', url);
    answers = [{ status: 200, body: 'onnx' }];
    expect(await bucket.get('key')).toEqual(new TextEncoder().encode('onnx'));
  });

  test('returns undefined where S3 has no such key', async () => {
    answers = [{ status: 404, body: refusal('NoSuchKey') }];
    expect(await bucket.get('key')).toBeUndefined();
  });

  test.each([
    [404, 'NoSuchBucket'],
    [403, 'AccessDenied'],
    [301, 'PermanentRedirect'],
  ])('throws for %i %s without a retry', async (status, code) => {
    answers = [{ status, body: refusal(code) }];
    await expect(bucket.get('key')).rejects.toThrow(`S3 responded ${status} ${code} for key`);
    expect(requests).toHaveLength(1);
  });

  test('retries transient errors', async () => {
    answers = [
      { status: 503, body: refusal('SlowDown') },
      { status: 500, body: '' },
      { status: 200, body: 'onnx' },
    ];
    expect(await bucket.get('key')).toEqual(new TextEncoder().encode('onnx'));
  });

  test('throws when transient errors persist', async () => {
    answers = Array.from({ length: 5 }, () => ({ status: 503, body: refusal('SlowDown') }));
    await expect(bucket.get('key')).rejects.toThrow('S3 responded 503 SlowDown for key');
    expect(requests).toHaveLength(3);
  });

  test('throws when the server cannot be reached', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL_S3', 'http://127.0.0.1:1');
    await expect(bucket.get('key')).rejects.toThrow('S3 cannot be reached');
  });
});

test('names missing credentials', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
  await expect(new SignedBucket('models').get('key')).rejects.toThrow('AWS_ACCESS_KEY_ID');
});

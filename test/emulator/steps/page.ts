import assert from 'node:assert/strict';
import { GetBucketPolicyCommand, ListBucketsCommand, PutBucketPolicyCommand } from '@aws-sdk/client-s3';
import { EDGE_HEADERS } from '../../../functions/shared/constants.ts';
import { defined } from '../../../functions/shared/invariant.ts';
import { PAGE_HEADERS } from '../../../web/headers.ts';
import { callApi, getFrom, type PageResponse } from '../http.ts';
import type { Step, TestBed } from '../test-bed.ts';

/**
 * Reads the deployed page through the emulated CloudFront, which runs the functions, applies the policies and reads the
 * bucket. The emulator neither caches nor compresses, returns 403 for every missing file, and connects to an API only
 * over TLS, which its own API does not have. Template tests check these parts.
 */
export const pageServed: Step = {
  title: 'CloudFront serves the page with its headers, and the document for its views',
  needsEdge: true,
  run: async (bed) => {
    await readWithoutTls(bed);
    const page = (path: string) => open(bed, path);
    const { hostname } = new URL(bed.output('PageUrl'));
    assert.equal((await getFrom(bed, hostname, '/')).status, 301);

    const document = await page('/');
    expectFile(document, 'text/html; charset=utf-8', 'no-cache');
    for (const [name, value] of Object.entries(PAGE_HEADERS))
      assert.equal(document.headers[name], value, name);
    for (const view of ['/recommendations/01a2?label=BUY', '/admin/runs/api-2013.03']) {
      const { status, text } = await page(view);
      assert.deepEqual([status, text], [200, document.text], view);
    }

    const [, script = ''] = / src="(\/assets\/[^"]+\.js)"/.exec(document.text) ?? [];
    expectFile(await page(script), 'text/javascript; charset=utf-8', 'public, max-age=31536000, immutable');
    for (const missing of ['/assets/gone.js', '/gone.js', '/.vite/manifest.json', '/v1']) {
      const { status, text } = await page(missing);
      assert.ok(status >= 400 && text !== document.text, `${missing}: ${status}`);
    }
    return `${document.text.length} bytes, and ${script}`;
  },
};

/** The deployed CloudFront and the deployed API share a secret. */
export const attemptsCounted: Step = {
  title: 'the API accepts client addresses only from CloudFront',
  needsEdge: true,
  run: async (bed) => {
    const proof = await proofOfCloudFront(bed);
    const attempt = async (viewer: string, shown: string) => {
      const headers = { [EDGE_HEADERS.proof]: shown, [EDGE_HEADERS.viewer]: viewer };
      const body = { email: 'nobody@example.com', password: 'not the right one', session: 'body' };
      return (await callApi(bed, '/v1/auth/login', { body, headers })).status;
    };
    let attempts = 0;
    while ((await attempt('192.0.2.7', proof)) === 401) attempts += 1;
    assert.equal(await attempt('192.0.2.8', proof), 401);
    // Without the secret the header is ignored, so all attempts count for one address.
    let forged = 0;
    while ((await attempt(`198.51.100.${forged}`, 'no proof')) === 401) forged += 1;
    return `throttled after ${attempts} wrong passwords, and after ${forged} with forged addresses`;
  },
};

/**
 * Removes the TLS requirement from the bucket's policy, because the emulated CloudFront does not use TLS. Only CloudFront
 * may still read.
 */
async function readWithoutTls({ aws: { s3 } }: TestBed): Promise<void> {
  const { Buckets: buckets = [] } = await s3.send(new ListBucketsCommand());
  const bucket = buckets.find(({ Name = '' }) => /-web-page/.test(Name))?.Name;
  const { Policy = '{}' } = await s3.send(new GetBucketPolicyCommand({ Bucket: bucket }));
  const policy = JSON.parse(Policy) as { Statement: { Effect: string; Condition: object }[] };
  const kept = policy.Statement.filter(({ Effect }) => Effect !== 'Deny');
  assert.match(JSON.stringify(kept), /cloudfront\.amazonaws\.com/);
  await s3.send(
    new PutBucketPolicyCommand({ Bucket: bucket, Policy: JSON.stringify({ ...policy, Statement: kept }) }),
  );
}

function open(bed: TestBed, path: string): Promise<PageResponse> {
  const { hostname } = new URL(bed.output('PageUrl'));
  // There is no TLS here, so the request claims that a proxy terminated it.
  return getFrom(bed, hostname, path, { 'x-forwarded-proto': 'https' });
}

function expectFile({ status, headers }: PageResponse, type: string, caching: string): void {
  assert.equal(status, 200);
  assert.equal(headers['content-type'], type);
  assert.equal(headers['cache-control'], caching);
}

/** Reads the secret from CloudFront's own API. */
async function proofOfCloudFront(bed: TestBed): Promise<string> {
  const { text } = await getFrom(bed, 'cloudfront.amazonaws.com', '/2020-05-31/distribution', {
    authorization:
      'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/cloudfront/aws4_request, SignedHeaders=host, Signature=none',
  });
  const header = new RegExp(
    `<HeaderName>${EDGE_HEADERS.proof}</HeaderName>\\s*<HeaderValue>([^<]*)</HeaderValue>`,
  );
  // The emulator ignores excluded characters, so the XML may contain entities.
  const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"' };
  const [, written = ''] = header.exec(text) ?? [];
  const proof = written.replaceAll(/&(\w+);/g, (_, name: string) =>
    defined(entities[name], `entity ${name}`),
  );
  assert.equal(proof.length, 43);
  return proof;
}

import assert from 'node:assert/strict';
import { GetBucketPolicyCommand, ListBucketsCommand, PutBucketPolicyCommand } from '@aws-sdk/client-s3';
import { EDGE_HEADERS } from '../../../functions/shared/constants.ts';
import { PAGE_HEADERS } from '../../../web/headers.ts';
import { ask, type Visited, visit } from '../http.ts';
import type { Stand, Step } from '../stand.ts';

/**
 * The page that the deployment built, as the deployed CloudFront serves it: the emulator runs its functions, applies its
 * policies and reads the bucket. It keeps nothing, packs nothing, and refuses what is missing with 403 whoever may list;
 * and it reaches an API over TLS alone, which its own is not: tests of the template hold those.
 */
export const pageServed: Step = {
  shows: 'CloudFront serves the page with its headers, and answers its views with it',
  run: async (stand) => {
    await readWithoutTls(stand);
    const page = (path: string) => open(stand, path);
    const { hostname } = new URL(stand.output('PageUrl'));
    assert.equal((await visit(stand, hostname, '/')).status, 301);

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

/** The deployed CloudFront has the very secret by which the deployed API knows it. */
export const attemptsCounted: Step = {
  shows: 'the API believes CloudFront who asks, and nobody else',
  run: async (stand) => {
    const proof = await proofOfCloudFront(stand);
    const attempt = async (viewer: string, shown: string) => {
      const headers = { [EDGE_HEADERS.proof]: shown, [EDGE_HEADERS.viewer]: viewer };
      const body = { email: 'nobody@example.com', password: 'not the right one', session: 'body' };
      return (await ask(stand, '/v1/auth/login', { body, headers })).status;
    };
    let attempts = 0;
    while ((await attempt('192.0.2.7', proof)) === 401) attempts += 1;
    assert.equal(await attempt('192.0.2.8', proof), 401);
    // Whoever says so without the proof counts at one address, whatever it says.
    let forged = 0;
    while ((await attempt(`198.51.100.${forged}`, 'no proof')) === 401) forged += 1;
    return `${attempts} wrong passwords, then a wait; ${forged} with a forged address`;
  },
};

/**
 * Takes from the bucket's policy what refuses anybody without TLS: the emulator counts its own CloudFront among them.
 * That CloudFront may read, and nobody else, stays.
 */
async function readWithoutTls({ aws: { s3 } }: Stand): Promise<void> {
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

function open(stand: Stand, path: string): Promise<Visited> {
  const { hostname } = new URL(stand.output('PageUrl'));
  // There is no TLS here, so what would end it says that it was there.
  return visit(stand, hostname, path, { 'x-forwarded-proto': 'https' });
}

function expectFile({ status, headers }: Visited, type: string, caching: string): void {
  assert.equal(status, 200);
  assert.equal(headers['content-type'], type);
  assert.equal(headers['cache-control'], caching);
}

/** The secret as CloudFront has it, in the words of its own API. */
async function proofOfCloudFront(stand: Stand): Promise<string> {
  const { text } = await visit(stand, 'cloudfront.amazonaws.com', '/2020-05-31/distribution', {
    authorization:
      'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/cloudfront/aws4_request, SignedHeaders=host, Signature=none',
  });
  const header = new RegExp(
    `<HeaderName>${EDGE_HEADERS.proof}</HeaderName>\\s*<HeaderValue>([^<]*)</HeaderValue>`,
  );
  // The emulator makes secrets of any signs, whichever are excluded.
  const signs: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"' };
  const [, written = ''] = header.exec(text) ?? [];
  const proof = written.replaceAll(/&(\w+);/g, (_, name: string) => signs[name] ?? '');
  assert.equal(proof.length, 43);
  return proof;
}

import { describe, expect, test } from 'vitest';
import { addressOf } from '../../../../functions/api/auth/addresses.ts';
import { EDGE_HEADERS } from '../../../../functions/shared/constants.ts';
import { getRequest } from '../support.ts';

const PROOF = 'a secret of forty-three letters and digits';
const CLOUDFRONT = '130.176.0.1';

function ask(sourceIp: string, headers: Record<string, string> = {}, proof?: string): Promise<string> {
  const request = getRequest('/v1/x');
  request.requestContext.http.sourceIp = sourceIp;
  request.headers = headers;
  return addressOf(request, { edgeProof: async () => proof });
}

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:DB8:1:2::1', '2001:db8:1:2::/64'],
  ['2001:db8:0001:0002::', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['::', '0:0:0:0::/64'],
  ['', ''],
  ['unknown', 'unknown'],
])('throttles %s as %s', async (sourceIp, address) => {
  expect(await ask(sourceIp)).toBe(address);
});

describe('a request through CloudFront', () => {
  const from = (viewer: string, proof = PROOF) => ({
    [EDGE_HEADERS.proof]: proof,
    [EDGE_HEADERS.viewer]: viewer,
  });

  test.each([
    ['192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ])('from %s is throttled as %s', async (viewer, address) => {
    expect(await ask(CLOUDFRONT, from(viewer), PROOF)).toBe(address);
  });

  test.each([
    ['the proof is wrong', from('192.0.2.7', `${PROOF}.`), PROOF],
    ['the proof is empty', from('192.0.2.7', ''), PROOF],
    ['there is no proof', { [EDGE_HEADERS.viewer]: '192.0.2.7' }, PROOF],
    ['there is no CloudFront', from('192.0.2.7'), undefined],
    ['there is no address', { [EDGE_HEADERS.proof]: PROOF }, PROOF],
    ['the address is invalid', from('192.0.2.7, 192.0.2.8'), PROOF],
    ['only a proxy names the address', { 'x-forwarded-for': '192.0.2.7' }, PROOF],
  ])('is throttled by its source address if %s', async (_, headers, proof) => {
    expect(await ask('198.51.100.9', headers, proof)).toBe('198.51.100.9');
  });
});

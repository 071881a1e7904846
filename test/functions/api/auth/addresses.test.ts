import { expect, test } from 'vitest';
import { addressOf } from '../../../../functions/api/auth/addresses.ts';
import { getRequest } from '../support.ts';

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
])('%s counts as %s', (sourceIp, address) => {
  const request = getRequest('/v1/x');
  request.requestContext.http.sourceIp = sourceIp;
  expect(addressOf(request)).toBe(address);
});

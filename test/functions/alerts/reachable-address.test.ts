import { expect, test } from 'vitest';
import { isReachable } from '../../../functions/alerts/reachable-address.ts';

const PUBLIC = ['8.8.8.8', '1.1.1.1', '2606:4700:4700::1111', '::ffff:8.8.8.8'];

const PRIVATE = [
  ...['127.0.0.1', '127.255.255.254', '10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.10'],
  ...['100.64.0.1', '::1', 'fd12:3456::1', 'fc00::1', '::ffff:127.0.0.1', '::ffff:10.0.0.1', '::ffff:7f00:1'],
];

const NEVER = [
  // Metadata services of cloud vendors
  ...['169.254.169.254', '169.254.170.2', '::ffff:169.254.169.254', 'fd00:ec2::254', 'fd20:ce::254'],
  ...['100.100.100.200', '168.63.129.16'],
  // Link-local, unspecified, multicast, broadcast, documentation, benchmarks, reserved
  ...['169.254.1.1', 'fe80::1', 'fe80::1%eth0', '0.0.0.0', '0.1.2.3', '::', '224.0.0.1', 'ff02::1'],
  ...[
    '255.255.255.255',
    '192.0.2.1',
    '198.51.100.1',
    '203.0.113.1',
    '2001:db8::1',
    '198.18.0.1',
    '240.0.0.1',
  ],
  // IPv4 addresses within IPv6: 6to4, Teredo, NAT64, SIIT
  ...['2002:7f00:1::', '2002:808:808::', '2001:0:7f00:1::', '64:ff9b::7f00:1', '64:ff9b::808:808'],
  ...['64:ff9b:1::7f00:1', '::ffff:0:127.0.0.1'],
  // Never given out
  ...['fec0::1', '100::1', '5f00::1', '4000::1', 'a000::1'],
  // No addresses
  ...['', 'localhost', '127.1.2.3.4', '8.8.8.8.', '[::1]', '8.8.8.8/8'],
];

test.each(PUBLIC)('lets messages reach the public address %s', (address) => {
  expect(isReachable(address, false)).toBe(true);
  expect(isReachable(address, true)).toBe(true);
});

test.each(PRIVATE)('lets messages reach the private address %s only if the operator allows it', (address) => {
  expect(isReachable(address, false)).toBe(false);
  expect(isReachable(address, true)).toBe(true);
});

test.each(NEVER)('never lets messages reach "%s"', (address) => {
  expect(isReachable(address, false)).toBe(false);
  expect(isReachable(address, true)).toBe(false);
});

import ipaddr from 'ipaddr.js';

/** Ranges of networks at home, in offices and between virtual machines. */
const PRIVATE_RANGES = new Set(['loopback', 'private', 'uniqueLocal', 'carrierGradeNat']);

/** Services for virtual machines of cloud vendors that are in none of the special ranges, or in a private one. */
const MACHINE_SERVICES = new Set(['fd00:ec2::254', 'fd20:ce::254', '100.100.100.200', '168.63.129.16']);

/**
 * Whether a message may go to an IP address. Public addresses may be reached. Loopback, private and shared ranges
 * (CGNAT) may be reached if the operator allows it. All others may never be reached: link-local addresses and those of
 * metadata services, which give away a machine's credentials; unspecified, multicast, broadcast and reserved ranges; and
 * IPv6 forms that carry an IPv4 address to a gateway (6to4, Teredo, NAT64, SIIT). An IPv4-mapped address counts as its
 * IPv4 address.
 *
 * @param address - a numeric IPv4 or IPv6 address without brackets; any other text may not be reached
 */
export function isReachable(address: string, reachPrivate: boolean): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  if (MACHINE_SERVICES.has(parsed.toString())) return false;
  const range = parsed.range();
  if (PRIVATE_RANGES.has(range)) return reachPrivate;
  return range === 'unicast' && (parsed.kind() === 'ipv4' || isGlobalUnicast(parsed.toByteArray()));
}

/** Whether an IPv6 address is in 2000::/3, the range from which all public addresses are given out. */
function isGlobalUnicast([first = 0]: number[]): boolean {
  return first >> 5 === 0b001;
}

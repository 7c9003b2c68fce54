/**
 * Recognizes inside addresses: addresses of no public server, such as this machine, private networks and metadata services. Pure.
 *
 * For an address the answer is final. A name is recognized only if it is a known internal one: the caller looks up any other name,
 * and asks for the addresses that it finds.
 */

type AddressRange = readonly [address: string, bits: number];

/** IANA's special-purpose registry for IPv4: no address in it is a public server. */
const INSIDE_IPV4_RANGES: readonly AddressRange[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
];
/** The only IPv6 range of public servers. Loopback, link-local, unique local and multicast addresses are not in it. */
const PUBLIC_IPV6_RANGE: AddressRange = ['2000::', 3];
/** Subranges that are tunnels (Teredo, 6to4) or not assigned. */
const INSIDE_IPV6_RANGES: readonly AddressRange[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
];
/** Ranges of mapped and translated (NAT64) addresses: a connection goes to the IPv4 address in the last 32 bits. */
const IPV4_IN_IPV6_RANGES: readonly AddressRange[] = [
  ['::ffff:0:0', 96],
  ['64:ff9b::', 96],
];
/** Names that mean this machine or a cloud's metadata service, independent of any name server. */
const INSIDE_NAMES =
  /^(?:localhost|ip6-localhost|ip6-loopback|localhost\.localdomain)$|\.localhost$|^metadata(?:\.goog|\.google\.internal)?$|^instance-data(?:\.ec2\.internal)?$|^host\.(?:docker|containers)\.internal$|^gateway\.docker\.internal$/;

/** True also for a text that is not an address. */
export function isInsideAddress(address: string): boolean {
  const ipv4 = ipv4Bits(address);
  if (ipv4 !== undefined) return INSIDE_IPV4_RANGES.some((net) => isIn(ipv4, net, ipv4Bits));
  const ipv6 = ipv6Bits(address);
  if (ipv6 === undefined) return true;
  const embedded = embeddedIpv4(address);
  if (embedded !== undefined) return isInsideAddress(embedded);
  return !isIn(ipv6, PUBLIC_IPV6_RANGE, ipv6Bits) || INSIDE_IPV6_RANGES.some((net) => isIn(ipv6, net, ipv6Bits));
}

/** Returns the IPv4 address that a connection to this IPv6 address reaches; undefined if there is none. */
export function embeddedIpv4(address: string): string | undefined {
  const ipv6 = ipv6Bits(address);
  return ipv6 !== undefined && IPV4_IN_IPV6_RANGES.some((net) => isIn(ipv6, net, ipv6Bits))
    ? dottedAddress(ipv6)
    : undefined;
}

/** Accepts a name, or an address in any form that system calls accept. */
export function isInsideHost(hostname: string): boolean {
  const host = bareHost(hostname);
  const address = addressIn(host);
  return address === undefined ? INSIDE_NAMES.test(host) : isInsideAddress(address);
}

/** Returns the host in lower case, without brackets, zone and final dot. */
export function bareHost(hostname: string): string {
  return hostname
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/%.*$/, '')
    .replace(/\.$/, '');
}

/** Returns the usual form of an address in any spelling (`0x7f.1`, `2130706433`, `0177.0.0.1`); undefined for a name. */
export function addressIn(host: string): string | undefined {
  // As in the URL standard, a host whose last label is a number is an address or invalid.
  const isIpv6 = host.includes(':');
  if (!isIpv6 && !/(^|\.)(\d+|0x[0-9a-f]*)$/.test(host)) return undefined;
  const url = `http://${isIpv6 ? `[${host}]` : host}/`;
  return URL.canParse(url) ? bareHost(new URL(url).hostname) : '255.255.255.255';
}

function isIn(address: string, [net, length]: AddressRange, bitsOf: (text: string) => string | undefined): boolean {
  return address.slice(0, length) === bitsOf(net)?.slice(0, length);
}

function ipv4Bits(address: string): string | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(address)?.slice(1).map(Number);
  if (parts === undefined || parts.some((part) => part > 255)) return undefined;
  return parts.map((part) => part.toString(2).padStart(8, '0')).join('');
}

function ipv6Bits(address: string): string | undefined {
  const [, head = '', ipv4Text] = /^([0-9a-f:]+:)(\d+\.\d+\.\d+\.\d+)$/i.exec(address) ?? [];
  const lowBits = ipv4Text === undefined ? undefined : ipv4Bits(ipv4Text);
  if (ipv4Text !== undefined && lowBits === undefined) return undefined;
  const hexText =
    lowBits === undefined ? address : `${head}${hexOfBits(lowBits.slice(0, 16))}:${hexOfBits(lowBits.slice(16))}`;
  const halves = hexText.split('::');
  if (halves.length > 2) return undefined;
  const [front = [], back = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - front.length - back.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...front, ...Array<string>(missing).fill('0'), ...back];
  if (!groups.every((one) => /^[0-9a-f]{1,4}$/i.test(one))) return undefined;
  return groups.map((one) => Number.parseInt(one, 16).toString(2).padStart(16, '0')).join('');
}

function hexOfBits(bits: string): string {
  return Number.parseInt(bits, 2).toString(16);
}

function dottedAddress(bits: string): string {
  return [96, 104, 112, 120].map((from) => Number.parseInt(bits.slice(from, from + 8), 2)).join('.');
}

/**
 * Recognizes addresses that are no public servers: this machine, private networks, metadata services, reserved ranges. Pure.
 *
 * An address is decided completely; a name is decided only after it was looked up, except for known internal names.
 */

type Net = readonly [address: string, bits: number];

/** IANA's special-purpose registry for IPv4: no address in it is a public server. */
const NETS_4: readonly Net[] = [
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
/** The only IPv6 range in use for public servers; loopback, link-local, unique local and multicast addresses are outside. */
const GLOBAL_6: Net = ['2000::', 3];
/** Subranges that are tunnels (Teredo, 6to4) or not assigned. */
const NETS_6: readonly Net[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
];
/** Ranges whose last 32 bits are the IPv4 address that a connection goes to: mapped and translated (NAT64) addresses. */
const EMBEDDED: readonly Net[] = [
  ['::ffff:0:0', 96],
  ['64:ff9b::', 96],
];
/** Names that mean this machine or a cloud's metadata service, independent of any name server. */
const INSIDE_NAMES =
  /^(?:localhost|ip6-localhost|ip6-loopback|localhost\.localdomain)$|\.localhost$|^metadata(?:\.goog|\.google\.internal)?$|^instance-data(?:\.ec2\.internal)?$|^host\.(?:docker|containers)\.internal$|^gateway\.docker\.internal$/;

/** Also true for a text that is not an address. */
export function isInsideAddress(address: string): boolean {
  const four = bits4(address);
  if (four !== undefined) return NETS_4.some((net) => isIn(four, net, bits4));
  const six = bits6(address);
  if (six === undefined) return true;
  const embedded = embeddedIn(address);
  if (embedded !== undefined) return isInsideAddress(embedded);
  return !isIn(six, GLOBAL_6, bits6) || NETS_6.some((net) => isIn(six, net, bits6));
}

/** Returns the IPv4 address that a connection to this IPv6 address reaches; undefined if there is none. */
export function embeddedIn(address: string): string | undefined {
  const six = bits6(address);
  return six !== undefined && EMBEDDED.some((net) => isIn(six, net, bits6)) ? dottedAddress(six) : undefined;
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
  const isSix = host.includes(':');
  if (!isSix && !/(^|\.)(\d+|0x[0-9a-f]*)$/.test(host)) return undefined;
  const url = `http://${isSix ? `[${host}]` : host}/`;
  return URL.canParse(url) ? bareHost(new URL(url).hostname) : '255.255.255.255';
}

function isIn(address: string, [net, length]: Net, bitsOf: (text: string) => string | undefined): boolean {
  return address.slice(0, length) === bitsOf(net)?.slice(0, length);
}

function bits4(address: string): string | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(address)?.slice(1).map(Number);
  if (parts === undefined || parts.some((part) => part > 255)) return undefined;
  return parts.map((part) => part.toString(2).padStart(8, '0')).join('');
}

function bits6(address: string): string | undefined {
  const [, head = '', four] = /^([0-9a-f:]+:)(\d+\.\d+\.\d+\.\d+)$/i.exec(address) ?? [];
  const low = four === undefined ? undefined : bits4(four);
  if (four !== undefined && low === undefined) return undefined;
  const words = low === undefined ? address : `${head}${word(low.slice(0, 16))}:${word(low.slice(16))}`;
  const halves = words.split('::');
  if (halves.length > 2) return undefined;
  const [front = [], back = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - front.length - back.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const all = [...front, ...Array<string>(missing).fill('0'), ...back];
  if (!all.every((one) => /^[0-9a-f]{1,4}$/i.test(one))) return undefined;
  return all.map((one) => Number.parseInt(one, 16).toString(2).padStart(16, '0')).join('');
}

function word(bits: string): string {
  return Number.parseInt(bits, 2).toString(16);
}

function dottedAddress(bits: string): string {
  return [96, 104, 112, 120].map((from) => Number.parseInt(bits.slice(from, from + 8), 2)).join('.');
}

/**
 * Whether the host of an address is this machine or a network of its own, as far as its spelling shows. Pure.
 */

/** First address and length of each net: loopback, link-local, private. */
const NETS: Array<[address: string, bits: number]> = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
];

/** `hostname` as the URL parser spells it: numbers in their usual form, names in lower case. A name says nothing of its address. */
export function isInsideHost(hostname: string): boolean {
  const host = hostname.replace(/\.$/, '');
  if (host.startsWith('[')) return isInside6(host.slice(1, -1));
  const number = numberOf(host);
  if (number !== undefined) return isInside4(number);
  return host === 'localhost' || host.endsWith('.localhost');
}

function isInside4(number: number): boolean {
  return NETS.some(([address, bits]) => {
    const size = 2 ** (32 - bits);
    return Math.floor(number / size) === Math.floor((numberOf(address) ?? 0) / size);
  });
}

/** `::` and `::1`, unique local (fc00::/7), link-local (fe80::/10), and IPv4 in IPv6. */
function isInside6(address: string): boolean {
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(address);
  if (mapped !== null)
    return isInside4(Number.parseInt(mapped[1] ?? '', 16) * 65_536 + Number.parseInt(mapped[2] ?? '', 16));
  return /^(::1?$|f[cd][0-9a-f]{2}:|fe[89ab][0-9a-f]:)/.test(address);
}

/** Of an IPv4 address; undefined for a name. */
function numberOf(host: string): number | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(host);
  return parts === null ? undefined : parts.slice(1).reduce((sum, part) => sum * 256 + Number(part), 0);
}

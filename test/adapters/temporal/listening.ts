/**
 * Reads from /proc on which addresses and ports a process listens.
 */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** The state of a listening socket in /proc/net/tcp. */
const LISTEN = '0A';

export function listeningAddresses(pid: number): Array<{ host: string; port: number }> {
  const sockets = new Set(
    readdirSync(`/proc/${pid}/fd`).flatMap(
      (fd) => /^socket:\[(\d+)\]$/.exec(readLink(`/proc/${pid}/fd/${fd}`))?.[1] ?? [],
    ),
  );
  return ['tcp', 'tcp6'].flatMap((name) =>
    readFileSync(`/proc/${pid}/net/${name}`, 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .map(([, local = '', , state, , , , , , inode = '']) => ({ local, state, inode }))
      .filter(({ state, inode }) => state === LISTEN && sockets.has(inode))
      .map(({ local }) => {
        const [address = '', port = ''] = local.split(':');
        return { host: name === 'tcp' ? decodeIpv4(address) : '[::]', port: parseInt(port, 16) };
      }),
  );
}

/** Decodes an IPv4 address, whose bytes the kernel writes in reverse order. */
function decodeIpv4(address: string): string {
  return (address.match(/../g) ?? [])
    .reverse()
    .map((byte) => parseInt(byte, 16))
    .join('.');
}

function readLink(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

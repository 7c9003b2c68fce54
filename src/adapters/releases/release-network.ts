/**
 * Gives release commands a network: a proxy of the worker to the servers that its operator allows. A build may allow fewer.
 *
 * No command has the network of the machine. If the proxy refuses a server, a line in the output names the server and the
 * setting that allows it.
 */
import { randomBytes } from 'node:crypto';
import { chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ReleaseNetwork, Sandbox, SandboxRun } from '../../ports/sandbox';
import { collectCertificates } from '../checkouts/certificates';
import { readHost } from '../network/allow-list';
import type { AllowedHost } from '../network/allow-list';
import { openConnectProxy } from '../network/connect-proxy';
import type { ConnectProxy } from '../network/connect-proxy';
import { readProxySettings } from '../network/proxy-settings';
import type { NetworkAccess } from '../network/connect';
import { withScratch } from '../sandbox/scratch';

export interface ReleaseNetworkOptions extends Pick<NetworkAccess, 'dial' | 'resolve'> {
  sandbox: Sandbox;
  /** Servers that release commands may reach. */
  hosts: readonly AllowedHost[];
  /** The worker's environment, with its proxy and its trusted certificates. */
  env: Readonly<Record<string, string>>;
}

const MAX_NAMED_SERVERS = 5;

/** Wraps a sandbox: its runs get the network that `network` asks for. */
export function withReleaseNetwork(options: ReleaseNetworkOptions): Sandbox {
  const { sandbox } = options;
  return {
    ...sandbox,
    run: ({ network = false, ...input }) =>
      network === false
        ? sandbox.run(input)
        : withProxy(options, network, (proxy) => runWithProxy(options, input, proxy)),
  };
}

interface OpenProxy extends ConnectProxy {
  socket: string;
}

/** Opens a proxy. Its folder lets all users enter, as the command has another user, but its mode hides the socket's name. */
async function withProxy<T>(
  { hosts, env, sandbox: _, ...access }: ReleaseNetworkOptions,
  network: ReleaseNetwork,
  use: (proxy: OpenProxy) => Promise<T>,
): Promise<T> {
  return withScratch(tmpdir(), undefined, async (folder) => {
    await chmod(folder, 0o711);
    const socket = join(folder, randomBytes(9).toString('hex'));
    const onlyHosts = network === true ? undefined : network.flatMap((text) => readHost(text) ?? []);
    const upstream = readProxySettings(env);
    const proxy = await openConnectProxy({
      ...access,
      socket,
      allowedHosts: hosts,
      onlyHosts,
      setting: 'RELEASE_HOSTS',
      upstream,
    });
    try {
      return await use({ ...proxy, socket });
    } finally {
      await proxy.close();
    }
  });
}

async function runWithProxy({ sandbox, env }: ReleaseNetworkOptions, input: SandboxRun, proxy: OpenProxy) {
  const certificates = await collectCertificates(env);
  const result = await sandbox.run({
    ...input,
    proxy: proxy.socket,
    files: [...(input.files ?? []), ...certificates.files],
    env: { ...certificates.env, ...input.env },
  });
  return { ...result, output: result.output + refusedText(proxy.refusedServers()) };
}

function refusedText(refused: string[]): string {
  if (refused.length === 0) return '';
  const more = refused.length > MAX_NAMED_SERVERS ? ` and ${refused.length - MAX_NAMED_SERVERS} more` : '';
  return `\n[refused by the worker: ${refused.slice(0, MAX_NAMED_SERVERS).join(',')}${more}; RELEASE_HOSTS and release.network let servers through]\n`;
}

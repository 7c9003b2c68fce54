/**
 * The network of release commands: a proxy of the worker to the servers that its operator allows, which a build may narrow.
 *
 * No command has the network of the machine. One that is refused a server says so in its output, with the setting that helps.
 */
import { randomBytes } from 'node:crypto';
import { chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ReleaseNetwork, Sandbox, SandboxRun } from '../../ports/sandbox';
import { certificates } from '../checkouts/certificates';
import { readHost } from '../network/allow-list';
import type { AllowedHost } from '../network/allow-list';
import { openConnectProxy } from '../network/connect-proxy';
import type { ConnectProxy } from '../network/connect-proxy';
import { readProxySettings } from '../network/proxy-settings';
import type { Way } from '../network/connect';
import { withScratch } from '../sandbox/scratch';

export interface ReleaseNetworkOptions extends Pick<Way, 'dial' | 'resolve'> {
  sandbox: Sandbox;
  /** Servers that release commands may reach. */
  hosts: readonly AllowedHost[];
  /** The worker's own environment: its proxy and the certificates that it believes. */
  env: Readonly<Record<string, string>>;
}

const NAMED = 5;

/** Its runs get the network that they ask for in `network`. */
export function withReleaseNetwork(options: ReleaseNetworkOptions): Sandbox {
  const { sandbox } = options;
  return {
    ...sandbox,
    run: ({ network = false, ...input }) =>
      network === false
        ? sandbox.run(input)
        : withProxy(options, network, (proxy) => runThrough(options, input, proxy)),
  };
}

interface OpenProxy extends ConnectProxy {
  socket: string;
}

/** The folder lets everybody through and shows nobody the name of the socket, since the command's user is another one. */
async function withProxy<T>(
  { hosts, env, sandbox: _, ...way }: ReleaseNetworkOptions,
  network: ReleaseNetwork,
  use: (proxy: OpenProxy) => Promise<T>,
): Promise<T> {
  return withScratch(tmpdir(), undefined, async (folder) => {
    await chmod(folder, 0o711);
    const socket = join(folder, randomBytes(9).toString('hex'));
    const narrowed = network === true ? undefined : network.flatMap((text) => readHost(text) ?? []);
    const upstream = readProxySettings(env);
    const proxy = await openConnectProxy({
      ...way,
      socket,
      allowed: hosts,
      narrowed,
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

async function runThrough({ sandbox, env }: ReleaseNetworkOptions, input: SandboxRun, proxy: OpenProxy) {
  const believed = await certificates(env);
  const result = await sandbox.run({
    ...input,
    proxy: proxy.socket,
    files: [...(input.files ?? []), ...believed.files],
    env: { ...believed.env, ...input.env },
  });
  return { ...result, output: result.output + refusedText(proxy.refused()) };
}

function refusedText(refused: string[]): string {
  if (refused.length === 0) return '';
  const more = refused.length > NAMED ? ` and ${refused.length - NAMED} more` : '';
  return `\n[refused by the worker: ${refused.slice(0, NAMED).join(',')}${more}; RELEASE_HOSTS and release.network let servers through]\n`;
}

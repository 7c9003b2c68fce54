/**
 * Builds the sandbox of one setup step: a scratch folder with the tree, a temporary folder on disk, a home folder with the secrets of
 * the settings, the proxy, and the folders that the step fills.
 */
import { mkdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Failure } from '../../domain/failures';
import type { Downloads } from '../../domain/fetched';
import { sha256 } from '../../inspect/digest';
import type { SandboxResult, SandboxRun } from '../../ports/sandbox';
import { openConnectProxy } from '../network/connect-proxy';
import { readManagerSettings } from '../network/manager-settings';
import type { ManagerSettings } from '../network/manager-settings';
import { readProxySettings } from '../network/proxy-settings';
import { collectCertificates } from './certificates';
import { copyHome, homeDigests } from './setup-home';
import type { CheckoutsOptions, SetupOptions } from './options';

export interface StepSandbox {
  /** The tree's root on this machine. */
  tree: string;
  run(run: StepRun): Promise<SandboxResult>;
  /** Servers that the proxy refused, as `host:port`. */
  refusedServers(): string[];
  /** The network traffic of the step so far. */
  fetched(): Downloads;
  /** Returns the folder of this machine that is mounted at the absolute path in the sandbox. Makes it if it is missing. */
  folderFor(absolute: string): Promise<string>;
  /** Replaces the secrets in the text. */
  hideSecrets(text: string): string;
}
export interface StepRun extends Pick<
  SandboxRun,
  'command' | 'cwd' | 'env' | 'readOnly' | 'signal' | 'reservesMemory'
> {
  /** Absolute paths of the folders that the command may write. */
  writableFolders: string[];
  /** Folders that come first on PATH. */
  path: string[];
}

export interface StepSandboxes {
  with<T>(use: (stepSandbox: StepSandbox) => Promise<T>): Promise<T>;
  /** Returns the digest of the secrets and settings that a step may read. */
  digest(): Promise<string>;
}

export function createStepSandboxes({ sandbox, setup }: CheckoutsOptions): StepSandboxes {
  let settings: Promise<ManagerSettings> | undefined;
  const readSettings = (): Promise<ManagerSettings> => (settings ??= readManagerSettings(setup.worker));
  return {
    async digest() {
      const { env } = await readSettings();
      return sha256(JSON.stringify([env, await readSecrets(setup), await homeDigests(setup.homeFolder)]));
    },
    async with(use) {
      const [managers, secrets, certs] = await Promise.all([
        readSettings(),
        readSecrets(setup),
        collectCertificates(setup.worker.env),
      ]);
      return sandbox.withScratch(async (scratch) => {
        const [tree, temporary, socket] = [join(scratch, 'tree'), join(scratch, 'tmp'), join(scratch, 'proxy')];
        for (const folder of [tree, temporary, join(temporary, 'home')]) await mkdir(folder);
        if (setup.homeFolder !== undefined) await copyHome(setup.homeFolder, join(temporary, 'home'));
        const allowed = [...managers.hosts, ...setup.hosts];
        const proxy = await openConnectProxy({
          ...{ socket, allowedHosts: allowed, setting: 'SETUP_HOSTS' },
          upstream: readProxySettings(setup.worker.env),
        });
        const folderFor = async (absolute: string): Promise<string> => {
          const folder = join(scratch, `at${absolute.replaceAll('/', '-')}`);
          await mkdir(folder, { recursive: true });
          return folder;
        };
        try {
          return await use({
            tree,
            folderFor,
            refusedServers: proxy.refusedServers,
            fetched: proxy.fetched,
            hideSecrets: (text) => hideSecrets(text, Object.values(secrets)),
            run: async ({ writableFolders: places, path, env, readOnly = [], ...run }) => {
              const writable = await Promise.all(places.map(async (to) => ({ from: await folderFor(to), to })));
              const packageFolders = managers.folders.map((folder) => ({ from: folder, to: folder }));
              return sandbox.run({
                ...run,
                ...{ folder: tree, temporary, proxy: socket, timeoutMs: setup.timeoutMs, writable },
                readOnly: [...(await existingOnly(packageFolders)), ...readOnly],
                files: certs.files,
                env: {
                  ...{ HOME: '/tmp/home', COREPACK_ENABLE_DOWNLOAD_PROMPT: '0', ...certs.env, ...managers.env, ...env },
                  ...secrets,
                  PATH: [...path, await sandbox.path()].join(':'),
                },
              });
            },
          });
        } finally {
          await proxy.close();
        }
      });
    },
  };
}

/** Reads lines `NAME=value`. A line with `#` is a comment; quotes around a value are removed. */
async function readSecrets({ envFile }: SetupOptions): Promise<Record<string, string>> {
  if (envFile === undefined) return {};
  const text = await readFile(envFile, 'utf8').catch((error: Error) => {
    throw new Failure('Environment.SetupFailed', `SETUP_ENV_FILE cannot be read: ${error.message}`);
  });
  const found: Record<string, string> = {};
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (/^\s*(#|$)/.test(line)) continue;
    const [, name, value = ''] = /^\s*(?:export\s+)?([A-Za-z_][\w./:@-]*)=(.*)$/.exec(line) ?? [];
    if (name === undefined) {
      throw new Failure('Environment.SetupFailed', `line ${index + 1} of SETUP_ENV_FILE is not NAME=value`);
    }
    found[name] = value.trim().replace(/^(['"])(.*)\1$/, '$2');
  }
  return found;
}

function hideSecrets(text: string, secrets: string[]): string {
  return secrets
    .filter((secret) => secret.length >= 6)
    .reduce((shown, secret) => shown.replaceAll(secret, '(hidden)'), text);
}

async function existingOnly<T extends { from: string }>(places: T[]): Promise<T[]> {
  const exists = await Promise.all(
    places.map(({ from }) =>
      stat(from).then(
        () => true,
        () => false,
      ),
    ),
  );
  return places.filter(({ from }, index) => exists[index] && basename(from) !== '');
}

/**
 * The room of one install step: a scratch folder with the tree, a temporary folder on disk, a home with the secrets that
 * settings name, the proxy, and the folders that the step fills.
 */
import { mkdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Failure } from '../../domain/failures';
import type { Fetched } from '../../domain/fetched';
import { sha256 } from '../../inspect/digest';
import type { SandboxResult, SandboxRun } from '../../ports/sandbox';
import { openConnectProxy } from '../network/connect-proxy';
import { readManagerSettings } from '../network/manager-settings';
import type { ManagerSettings } from '../network/manager-settings';
import { readProxySettings } from '../network/proxy-settings';
import { certificates } from './certificates';
import { copyHome, homeDigests } from './setup-home';
import type { CheckoutsOptions, SetupOptions } from './options';

export interface Room {
  /** The tree's root on this machine. */
  tree: string;
  run(run: RoomRun): Promise<SandboxResult>;
  /** Servers that were asked for in vain. */
  refused(): string[];
  /** What its runs have fetched until now. */
  fetched(): Fetched;
  /** The folder of this machine that serves as a place of the sandbox; made where it is missing. */
  place(absolute: string): Promise<string>;
  /** The text without secrets. */
  hide(text: string): string;
}
export interface RoomRun extends Pick<
  SandboxRun,
  'command' | 'cwd' | 'env' | 'readOnly' | 'signal' | 'reservesMemory'
> {
  /** Absolute folders that the command may write. */
  places: string[];
  /** Folders that come first on PATH. */
  path: string[];
}

export interface Rooms {
  with<T>(use: (room: Room) => Promise<T>): Promise<T>;
  /** Digest of the secrets and settings that a step may read. */
  digest(): Promise<string>;
}

export function createRooms({ sandbox, setup }: CheckoutsOptions): Rooms {
  let settings: Promise<ManagerSettings> | undefined;
  const ask = (): Promise<ManagerSettings> => (settings ??= readManagerSettings(setup.worker));
  return {
    async digest() {
      const { env } = await ask();
      return sha256(JSON.stringify([env, await readSecrets(setup), await homeDigests(setup.homeFolder)]));
    },
    async with(use) {
      const [managers, secrets, certs] = await Promise.all([ask(), readSecrets(setup), certificates(setup.worker.env)]);
      return sandbox.withScratch(async (scratch) => {
        const [tree, temporary, socket] = ['tree', 'tmp', 'proxy'].map((name) => join(scratch, name)) as [
          string,
          string,
          string,
        ];
        for (const folder of [tree, temporary, join(temporary, 'home')]) await mkdir(folder);
        if (setup.homeFolder !== undefined) await copyHome(setup.homeFolder, join(temporary, 'home'));
        const allowed = [...managers.hosts, ...setup.hosts];
        const proxy = await openConnectProxy({
          ...{ socket, allowed, setting: 'SETUP_HOSTS' },
          upstream: readProxySettings(setup.worker.env),
        });
        const place = async (absolute: string): Promise<string> => {
          const folder = join(scratch, `at${absolute.replaceAll('/', '-')}`);
          await mkdir(folder, { recursive: true });
          return folder;
        };
        try {
          return await use({
            tree,
            place,
            refused: proxy.refused,
            fetched: proxy.fetched,
            hide: (text) => hideSecrets(text, Object.values(secrets)),
            run: async ({ places, path, env, readOnly = [], ...run }) => {
              const writable = await Promise.all(places.map(async (to) => ({ from: await place(to), to })));
              const links = managers.folders.map((folder) => ({ from: folder, to: folder }));
              return sandbox.run({
                ...run,
                ...{ folder: tree, temporary, proxy: socket, timeoutMs: setup.timeoutMs, writable },
                readOnly: [...(await thoseThere(links)), ...readOnly],
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

/** `NAME=value`, one a line; `#` begins a comment line; quotes around a value are taken off. */
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
    .reduce((left, secret) => left.replaceAll(secret, '(hidden)'), text);
}

async function thoseThere<T extends { from: string }>(places: T[]): Promise<T[]> {
  const there = await Promise.all(
    places.map(({ from }) =>
      stat(from).then(
        () => true,
        () => false,
      ),
    ),
  );
  return places.filter(({ from }, index) => there[index] && basename(from) !== '');
}

/**
 * Fetches a published version of a package into a folder and checks its digest. It comes from the registries that this machine's
 * package managers use; this repository stores no copies.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from '../../src/programs/config';
import { workerEnv } from '../stage';

export type Ecosystem = 'go' | 'crate' | 'pypi' | 'npm';
export interface Version {
  version: string;
  /** `h1:` of the module (Go), sha256 in hex (crates, PyPI), the registry's integrity (npm). */
  hash: string;
}
export interface Package {
  ecosystem: Ecosystem;
  name: string;
}

/** Throws if the registry has another digest; the message names it. */
export async function fetchVersion(
  { ecosystem, name }: Package,
  { version, hash }: Version,
  folder: string,
): Promise<void> {
  const downloadFolder = `${folder}.fetched`;
  mkdirSync(downloadFolder, { recursive: true });
  try {
    const foundHash = await FETCH[ecosystem]({ name, version, hash, downloadFolder, folder });
    if (foundHash !== hash)
      throw new Error(`${name} ${version} (${ecosystem}) has the digest ${foundHash}, and the list has ${hash}`);
  } finally {
    rmSync(downloadFolder, { recursive: true, force: true });
  }
}

interface FetchInput {
  name: string;
  version: string;
  hash: string;
  downloadFolder: string;
  folder: string;
}

const FETCH: Record<Ecosystem, (wanted: FetchInput) => Promise<string>> = {
  go: ({ name, version, downloadFolder, folder }) => {
    writeFileSync(join(downloadFolder, 'go.mod'), 'module fetched\n');
    const said = run('go', ['mod', 'download', '-json', `${name}@${version}`], downloadFolder);
    const { Dir, Sum } = JSON.parse(said) as { Dir: string; Sum: string };
    cpSync(Dir, folder, { recursive: true });
    // Files of Go's module cache are read-only, so they are made writable.
    run('chmod', ['-R', 'u+w', folder], downloadFolder);
    return Promise.resolve(Sum);
  },
  crate: ({ name, version, downloadFolder, folder }) => {
    const manifest = `[package]\nname = "fetched"\nversion = "1.0.0"\nedition = "2021"\n\n[dependencies]\n${name} = "=${version}"\n`;
    mkdirSync(join(downloadFolder, 'src'));
    writeFileSync(join(downloadFolder, 'src/lib.rs'), '');
    writeFileSync(join(downloadFolder, 'Cargo.toml'), manifest);
    run('cargo', ['vendor', '--quiet', 'vendor'], downloadFolder);
    const from = join(downloadFolder, 'vendor', name);
    const sum = JSON.parse(readFileSync(join(from, '.cargo-checksum.json'), 'utf8')) as { package: string };
    cpSync(from, folder, { recursive: true });
    return Promise.resolve(sum.package);
  },
  pypi: async ({ name, version, hash, downloadFolder, folder }) => {
    const { pypiUrl } = registries();
    const index = `${pypiUrl.replace(/\/$/, '')}/${name}/`;
    const { files } = (await ask(index, 'application/vnd.pypi.simple.v1+json')) as { files: SourceFile[] };
    const archives = files.filter(({ filename }) => filename.endsWith(`-${version}.tar.gz`));
    const file = archives.find(({ hashes }) => hashes.sha256 === hash) ?? archives[0];
    if (file === undefined) throw new Error(`${name} ${version} has no source archive`);
    const bytes = await download(new URL(file.url, index).href);
    unpack(bytes, downloadFolder, folder);
    return createHash('sha256').update(bytes).digest('hex');
  },
  npm: async ({ name, version, downloadFolder, folder }) => {
    const said = run('npm', ['pack', `${name}@${version}`, '--json', '--ignore-scripts'], downloadFolder);
    const [{ filename = '', integrity = '' } = {}] = JSON.parse(said) as Array<{
      filename?: string;
      integrity?: string;
    }>;
    const bytes = readFileSync(join(downloadFolder, filename));
    const digest = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
    if (digest !== integrity) throw new Error(`${name} ${version}: the archive is not what its integrity says`);
    unpack(bytes, downloadFolder, folder);
    return digest;
  },
};

interface SourceFile {
  filename: string;
  url: string;
  hashes: { sha256?: string };
}

function registries(): { npmUrl: string; pypiUrl: string } {
  const configured = execFileSync('python3', ['-m', 'pip', 'config', 'list'], { encoding: 'utf8' });
  const index = /index-url='([^']+)'/.exec(configured)?.[1];
  const env = { ...workerEnv(), ...(index !== undefined && { PYPI_INDEX_URL: index }) };
  return readConfig(env).registries;
}

function run(program: string, args: string[], cwd: string): string {
  return execFileSync(program, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 2 ** 26 });
}

async function ask(url: string, accept: string): Promise<unknown> {
  const answer = await fetch(url, { headers: { accept } });
  if (!answer.ok) throw new Error(`the registry answers ${answer.status}`);
  return answer.json();
}

async function download(url: string): Promise<Buffer> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`the registry answers ${answer.status}`);
  return Buffer.from(await answer.arrayBuffer());
}

/** Removes the single top folder that these archives have. */
function unpack(bytes: Buffer, downloadFolder: string, folder: string): void {
  const archive = join(downloadFolder, 'archive.tar.gz');
  writeFileSync(archive, bytes);
  if (!existsSync(folder)) mkdirSync(folder, { recursive: true });
  run('tar', ['-xzf', archive, '--strip-components=1', '--no-same-owner', '-C', folder], downloadFolder);
}

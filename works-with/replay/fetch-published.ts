/**
 * A published version of a package as a folder: fetched by the digest that the list has of it, from where the package managers of
 * this machine fetch. Nothing of it is kept in this repository.
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

/** Throws where the registry has another digest, and says which one. */
export async function fetchVersion(
  { ecosystem, name }: Package,
  { version, hash }: Version,
  folder: string,
): Promise<void> {
  const aside = `${folder}.fetched`;
  mkdirSync(aside, { recursive: true });
  try {
    const found = await FETCH[ecosystem]({ name, version, hash, aside, folder });
    if (found !== hash)
      throw new Error(`${name} ${version} (${ecosystem}) has the digest ${found}, and the list has ${hash}`);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

interface Wanted {
  name: string;
  version: string;
  hash: string;
  aside: string;
  folder: string;
}

const FETCH: Record<Ecosystem, (wanted: Wanted) => Promise<string>> = {
  go: ({ name, version, aside, folder }) => {
    writeFileSync(join(aside, 'go.mod'), 'module fetched\n');
    const said = run('go', ['mod', 'download', '-json', `${name}@${version}`], aside);
    const { Dir, Sum } = JSON.parse(said) as { Dir: string; Sum: string };
    cpSync(Dir, folder, { recursive: true });
    // The module cache is read-only.
    run('chmod', ['-R', 'u+w', folder], aside);
    return Promise.resolve(Sum);
  },
  crate: ({ name, version, aside, folder }) => {
    const manifest = `[package]\nname = "fetched"\nversion = "1.0.0"\nedition = "2021"\n\n[dependencies]\n${name} = "=${version}"\n`;
    mkdirSync(join(aside, 'src'));
    writeFileSync(join(aside, 'src/lib.rs'), '');
    writeFileSync(join(aside, 'Cargo.toml'), manifest);
    run('cargo', ['vendor', '--quiet', 'vendor'], aside);
    const from = join(aside, 'vendor', name);
    const sum = JSON.parse(readFileSync(join(from, '.cargo-checksum.json'), 'utf8')) as { package: string };
    cpSync(from, folder, { recursive: true });
    return Promise.resolve(sum.package);
  },
  pypi: async ({ name, version, hash, aside, folder }) => {
    const { pypiUrl } = registries();
    const index = `${pypiUrl.replace(/\/$/, '')}/${name}/`;
    const { files } = (await ask(index, 'application/vnd.pypi.simple.v1+json')) as { files: SourceFile[] };
    const named = files.filter(({ filename }) => filename.endsWith(`-${version}.tar.gz`));
    const file = named.find(({ hashes }) => hashes.sha256 === hash) ?? named[0];
    if (file === undefined) throw new Error(`${name} ${version} has no source archive`);
    const bytes = await download(new URL(file.url, index).href);
    unpack(bytes, aside, folder);
    return createHash('sha256').update(bytes).digest('hex');
  },
  npm: async ({ name, version, aside, folder }) => {
    const said = run('npm', ['pack', `${name}@${version}`, '--json', '--ignore-scripts'], aside);
    const [{ filename = '', integrity = '' } = {}] = JSON.parse(said) as Array<{
      filename?: string;
      integrity?: string;
    }>;
    const bytes = readFileSync(join(aside, filename));
    const own = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
    if (own !== integrity) throw new Error(`${name} ${version}: the archive is not what its integrity says`);
    unpack(bytes, aside, folder);
    return own;
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

/** Without the one folder that such archives have at their top. */
function unpack(bytes: Buffer, aside: string, folder: string): void {
  const archive = join(aside, 'archive.tar.gz');
  writeFileSync(archive, bytes);
  if (!existsSync(folder)) mkdirSync(folder, { recursive: true });
  run('tar', ['-xzf', archive, '--strip-components=1', '--no-same-owner', '-C', folder], aside);
}

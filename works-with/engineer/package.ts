/**
 * Makes a git repository of an engineer's package: fetches the published version, checks its digest, and commits it.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fetchVersion } from '../replay/fetch-published';
import type { Ecosystem } from '../replay/fetch-published';
import { gitIn } from '../repository';
import type { Script } from './script';

const ECOSYSTEM: Record<Script['from']['ecosystem'], Ecosystem> = {
  npm: 'npm',
  pypi: 'pypi',
  go: 'go',
  crates: 'crate',
};

/** Digests in the form that `fetchVersion` needs, by the engineer's name. */
const DIGESTS: Record<string, string> = {
  compress: 'h1:6KIumPrER1LHsvBVuDa0r5xaG0Es51mhhB9BQB2qeMA=',
  'core-js': 'sha512-OP35aUorbU3Zvlx7pjsFdu1rGNnD4pgw/CWoYzRY3t2EzoVT7shKHY1dlAy3f41cGIO7ZDPQimhGFTlEYkG/Hw==',
  'date-fns': 'sha512-fRHTG8g/Gif+kSh50gaGEdToemgfj74aRX3swtiouboip5JDLAyDE9F11nHMIcvOaXeOC6D7SpNhi7uFyB7Uww==',
  gonum: 'h1:2lYxjRbTYyxkJxlhC+LvJIx3SsANPdRybu1tGj9/OrQ=',
  'highlight.js': 'sha512-fJ7cW7fQGCYAkgv4CPfwFHrfd/cLS4Hau96JuJ+ZTOWhjnhoeN1ub1tFmALm/+lW5z4WCAuAV9bm05AP0mS6Gw==',
  libc: '201de327520df007757c1f0adce6e827fe8562fbc28bfd9c15571c66ca1f5f79',
  lodash: 'sha512-v2kDEe57lecTulaDIuNTPy3Ry4gLGJ6Z1O3vE1krgXZNrsQ+LFTGHVxVjcXPs17LhbZVGedAJv8XZ1tvj5FvSg==',
  networkx: '0c127d8b2f4865f59ae9cb8aafcd60b5c70f3241ebd66f7defad7c4ab90126c9',
  pygments: '786ff802f32e91311bff3889f6e9a86e81505fe99f2735bb6d60ae0c5004f199',
  text: 'h1:a94ExnEXNtEwYLGJSIUxnWoxoRz/ZcCsV63ROupILh4=',
};

/** Gives the folder and the number of its files. Throws if the registry's package does not have the digest listed here. */
export async function fetchPackage({ name, from }: Script, folder: string): Promise<{ path: string; files: number }> {
  const path = join(folder, name.replace(/[^A-Za-z0-9]+/g, '-'));
  mkdirSync(path, { recursive: true });
  await fetchVersion(
    { ecosystem: ECOSYSTEM[from.ecosystem], name: from.package },
    { version: from.version, hash: DIGESTS[name] ?? '' },
    path,
  );
  const git = gitIn(path);
  git('init', '-q', '-b', 'main');
  git('config', 'core.autocrlf', 'false');
  // `--force`, since the package's own .gitignore may exclude published files.
  git('add', '--force', '--all', '.');
  git('commit', '-q', '-m', `${from.package} ${from.version}`);
  return {
    path,
    files: git('ls-files', '-z')
      .split('\0')
      .filter((file) => file !== '').length,
  };
}

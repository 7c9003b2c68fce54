/**
 * Reads the licences of all packages that the product needs at run time from the lock file, and writes the page that lists them.
 *
 * `npm run licences` writes docs/licences.md.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
export const PAGE = join(ROOT, 'docs/licences.md');

/** Those that ask for no more than to be named. */
export const ALLOWED = [
  ...[
    '0BSD',
    'Apache-2.0',
    'BSD-2-Clause',
    'BSD-3-Clause',
    'BlueOak-1.0.0',
    'CC-BY-4.0',
    'ISC',
    'MIT',
    'MIT-0',
    'PSF-2.0',
    'Unlicense',
  ],
];
/** Packages whose package.json names none: what their LICENSE file is. */
const BY_FILE: Readonly<Record<string, string>> = { unionfs: 'Unlicense' };

export interface Installed {
  name: string;
  version: string;
  licence: string;
}
interface Locked {
  name?: string;
  version?: string;
  license?: string;
  dev?: boolean;
  devOptional?: boolean;
  integrity?: string;
  link?: boolean;
}
export interface LockFile {
  packages: Record<string, Locked>;
}

export const readLock = (): LockFile => JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as LockFile;

/** Of the runtime: what `npm ci --omit=dev` may install, on any platform. */
export function runtimePackages({ packages }: LockFile): Installed[] {
  const found = Object.entries(packages).flatMap(([path, { version = '', license, dev, devOptional, name }]) => {
    if (path === '' || dev === true || devOptional === true) return [];
    const called = name ?? path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    return [{ name: called, version, licence: license ?? BY_FILE[called] ?? 'none named' }];
  });
  const once = new Map(found.map((one) => [`${one.name} ${one.version}`, one]));
  return [...once.values()].sort((a, b) => compare(a.name, b.name) || compare(a.version, b.version));
}

/** Whether one of the choices of an SPDX expression is allowed whole. */
export function isAllowed(licence: string): boolean {
  const choices = licence.replaceAll(/[()]/g, '').split(/ OR /);
  return choices.some((choice) => choice.split(/ AND /).every((one) => ALLOWED.includes(one)));
}

export function pageOf(installed: readonly Installed[]): string {
  const counts = new Map<string, number>();
  for (const { licence } of installed) counts.set(licence, (counts.get(licence) ?? 0) + 1);
  const sums = [...counts].sort(([, a], [, b]) => b - a).map(([licence, count]) => `${licence}: ${count}`);
  return [
    '# Licences',
    '',
    'What is installed to run the product, on any platform, with the licence that each package names. `npm run licences` writes this',
    'page from the lock file; a test fails where a package is missing here, or has a licence that is not allowed.',
    '',
    `${installed.length} packages. ${sums.join(', ')}.`,
    '',
    '| package | version | licence |',
    '|---|---|---|',
    ...installed.map(({ name, version, licence }) => `| ${name} | ${version} | ${licence} |`),
    '',
  ].join('\n');
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

if (require.main === module) writeFileSync(PAGE, pageOf(runtimePackages(readLock())));

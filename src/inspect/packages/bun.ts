/**
 * The package manager bun. It has a reader for `bun.lock`; the binary `bun.lockb` has none. Pure.
 */
import { isObject } from '../../domain/json';
import type { LockEntry } from '../manifests/lock-entry';
import { objectOf, withoutLastCommas } from '../manifests/json-text';
import type { InstallPlan, ProjectTree } from './install';
import { BUN, javascriptPlan, javascriptProject } from './javascript';
import type { PackageManager } from './manager';

export const bun = {
  name: 'bun',
  ecosystem: 'npm',
  programs: ['bun'],
  setup: [/^bun\.lockb?$/],
  manifests: [],
  locks: { 'bun.lock': readBunLock },
  installed: ['node_modules'],
  install: { language: 'javascript', plan },
} satisfies PackageManager;

/** Reads entries such as `"a": ["a@1.0.0", "", {}, "sha512-..."]`, in JSON that allows a last comma. */
function readBunLock(text: string): LockEntry[] | undefined {
  const lock = objectOf(withoutLastCommas(text));
  if (lock === undefined) return undefined;
  const packages = isObject(lock['packages']) ? Object.values(lock['packages']) : [];
  return packages.flatMap((entry): LockEntry[] => {
    const [id, ...otherFields] = Array.isArray(entry) ? entry.map((one) => (typeof one === 'string' ? one : '')) : [];
    const [, name = '', version = ''] = /^((?:@[^/@\s]+\/)?[^@\s]+)@(.*)$/s.exec(id ?? '') ?? [];
    if (name === '') return [];
    const isMember = version.startsWith('workspace:');
    const source = isMember ? 'local' : /^\d/.test(version) ? 'registry' : 'other';
    return [{ name, version, integrity: otherFields.find((one) => /^sha\d+-/.test(one)) ?? null, source, place: '' }];
  });
}

function plan(project: ProjectTree): InstallPlan | undefined {
  const found = javascriptProject(project);
  if (found?.manager !== 'bun') return undefined;
  const noScripts = project.allowsScripts ? [] : ['--ignore-scripts'];
  const install = ['bun', 'install', ...noScripts];
  const note = `${found.lock} does not fit package.json; installed without --frozen-lockfile`;
  const attempts =
    found.lock === null
      ? [{ commands: [install] }]
      : [
          { commands: [[...install, '--frozen-lockfile']] },
          { commands: [install], when: /lockfile had changes|frozen/, note },
        ];
  const env = { BUN_INSTALL_CACHE_DIR: '/tmp/bun-cache' };
  return javascriptPlan(project, { attempts, env, lock: found.lock, tool: { ...BUN, version: found.version } });
}

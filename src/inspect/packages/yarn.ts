/**
 * The package manager yarn, with a reader for both formats of its lock file. Pure.
 */
import { firstMember } from '../../domain/json';
import type { LockEntry } from '../manifests/lock-entry';
import { yamlObjects } from '../manifests/yaml-text';
import type { InstallPlan, ProjectTree, Tool } from './install';
import { javascriptPlan, javascriptProject } from './javascript';
import type { PackageManager } from './manager';

export const yarn = {
  name: 'yarn',
  ecosystem: 'npm',
  programs: ['yarn'],
  setup: [],
  manifests: [],
  locks: { 'yarn.lock': readYarnLock },
  installed: ['node_modules'],
  install: { language: 'javascript', plan },
} satisfies PackageManager;

/** Reads blocks of `name@spec, name@spec:` with indented `version`, `resolved`, `integrity`. Later formats are YAML with `__metadata`. */
function readYarnLock(text: string): LockEntry[] | undefined {
  if (/^__metadata:/m.test(text)) return readModernLock(text);
  return text.split(/\n(?=\S)/).flatMap((block) => {
    const name = /^"?((?:@[^/@\s]+\/)?[^@"\s]+)@/.exec(block)?.[1];
    const version = /^ {2}version "?([^"\n]+)"?$/m.exec(block)?.[1];
    if (name === undefined || version === undefined || block.startsWith('#')) return [];
    const integrity = /^ {2}integrity "?([^"\n]+)"?$/m.exec(block)?.[1] ?? null;
    const source = /^ {2}resolved "?(git|.*\.git#)/m.test(block) ? 'other' : 'registry';
    return [{ name, version, integrity, source, place: '' }];
  });
}

/** Returns undefined if the text is no YAML, or if an entry has no resolution. */
function readModernLock(text: string): LockEntry[] | undefined {
  const entries = yamlObjects(text)?.flatMap((lock) => Object.entries(lock));
  const read = entries?.filter(([key]) => key !== '__metadata').map(([, entry]) => readModernEntry(entry));
  return read?.every((entry) => entry !== undefined) ? read : undefined;
}

/** The checksum is one of yarn's own archive. No registry knows it, and yarn compares it itself. */
function readModernEntry(entry: unknown): LockEntry | undefined {
  const textOf = (key: string): string | undefined => {
    const value = firstMember(entry, key);
    return typeof value === 'string' ? value : undefined;
  };
  const [, name, origin = ''] = /^((?:@[^/@\s]+\/)?[^@\s]+)@(.*)$/.exec(textOf('resolution') ?? '') ?? [];
  if (name === undefined) return undefined;
  const isPlain = /^npm:\d[^:]*$/.test(origin);
  const isPatched = /^patch:.*builtin<compat\/[a-z]+>/.test(origin);
  const source = isPlain ? 'registry' : isPatched || origin.startsWith('workspace:') ? 'local' : 'other';
  return {
    name,
    version: textOf('version') ?? '',
    integrity: `yarn-${textOf('checksum') ?? 'unchecked'}`,
    source,
    place: '',
  };
}

function plan(project: ProjectTree): InstallPlan | undefined {
  const found = javascriptProject(project);
  if (found?.manager !== 'yarn') return undefined;
  const tool = toolOf(project, found.version);
  return isClassic(tool) ? classicPlan(project, found.lock, tool) : modernPlan(project, found.lock, tool);
}

function classicPlan(project: ProjectTree, lock: string | null, tool: Tool): InstallPlan {
  const noScripts = project.allowsScripts ? [] : ['--ignore-scripts'];
  const install = ['yarn', 'install', '--non-interactive', '--production=false', ...noScripts];
  const note = 'yarn.lock does not fit package.json; installed without --frozen-lockfile';
  const attempts =
    lock === null
      ? [{ commands: [[...install, '--no-lockfile']] }]
      : [
          { commands: [[...install, '--frozen-lockfile']] },
          { commands: [install], when: /lockfile needs to be updated/, note },
        ];
  return javascriptPlan(project, { attempts, env: { YARN_CACHE_FOLDER: '/tmp/yarn-cache' }, lock, tool });
}

function modernPlan(project: ProjectTree, lock: string | null, tool: Tool): InstallPlan {
  const note = 'yarn.lock does not fit package.json; installed without --immutable';
  const unlocked = { commands: [['yarn', 'install', '--no-immutable']] };
  const attempts =
    lock === null
      ? [unlocked]
      : [
          { commands: [['yarn', 'install', '--immutable']] },
          { ...unlocked, when: /YN0028|lockfile would have been/, note },
        ];
  const settings = { YARN_ENABLE_GLOBAL_CACHE: 'false', YARN_ENABLE_TELEMETRY: '0', YARN_ENABLE_NETWORK: 'true' };
  const noScripts: Record<string, string> = project.allowsScripts ? {} : { YARN_ENABLE_SCRIPTS: 'false' };
  const runEnv = { ...settings, YARN_ENABLE_NETWORK: 'false' };
  const plan = javascriptPlan(project, { attempts, env: { ...settings, ...noScripts }, lock, tool, runEnv });
  // Without the lock file that the installation wrote, yarn refuses to run a script.
  return lock === null
    ? { ...plan, isProducedFile: (path) => path === 'yarn.lock' || plan.isProducedFile(path) }
    : plan;
}

/** Chooses the declared version of yarn, or else the one of the lock file. Later formats have a number in `__metadata`. */
function toolOf(project: ProjectTree, declaredVersion: string | undefined): Tool {
  const lock = project.read('yarn.lock');
  const format = Number(/^__metadata:\n(?: {2}.*\n)*? {2}version: (\d+)/m.exec(lock ?? '')?.[1] ?? 0);
  const isModern = format > 0 || project.has('.yarnrc.yml');
  const modernVersion = format > 0 && format < 8 ? '3' : '4';
  const version = declaredVersion ?? (isModern ? modernVersion : '1');
  const packages = Number.parseInt(version, 10) > 1 ? ['@yarnpkg/cli-dist'] : ['yarn'];
  return { name: 'yarn', version, by: 'npm', packages, onPath: false };
}

function isClassic({ version }: Tool): boolean {
  return Number.parseInt(version ?? '1', 10) === 1;
}

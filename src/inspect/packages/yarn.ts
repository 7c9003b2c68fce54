/**
 * yarn: its lock in both formats. Pure.
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

/** Blocks of `name@spec, name@spec:` and indented `version`, `resolved`, `integrity`; later formats are YAML with `__metadata`. */
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

/** Undefined where it is no YAML, or an entry says not what it is resolved to. */
function readModernLock(text: string): LockEntry[] | undefined {
  const entries = yamlObjects(text)?.flatMap((lock) => Object.entries(lock));
  const read = entries?.filter(([key]) => key !== '__metadata').map(([, entry]) => readModernEntry(entry));
  return read?.every((entry) => entry !== undefined) ? read : undefined;
}

/** Its checksum is of yarn's own archive: no registry has one of that kind, and yarn compares it itself. */
function readModernEntry(entry: unknown): LockEntry | undefined {
  const of = (key: string): string | undefined => {
    const value = firstMember(entry, key);
    return typeof value === 'string' ? value : undefined;
  };
  const [, name, from = ''] = /^((?:@[^/@\s]+\/)?[^@\s]+)@(.*)$/.exec(of('resolution') ?? '') ?? [];
  if (name === undefined) return undefined;
  const isPlain = /^npm:\d[^:]*$/.test(from);
  const isPatched = /^patch:.*builtin<compat\/[a-z]+>/.test(from);
  const source = isPlain ? 'registry' : isPatched || from.startsWith('workspace:') ? 'local' : 'other';
  return { name, version: of('version') ?? '', integrity: `yarn-${of('checksum') ?? 'unchecked'}`, source, place: '' };
}

function plan(project: ProjectTree): InstallPlan | undefined {
  const found = javascriptProject(project);
  if (found?.manager !== 'yarn') return undefined;
  const tool = toolOf(project, found.version);
  return isClassic(tool) ? classicPlan(project, found.lock, tool) : modernPlan(project, found.lock, tool);
}

function classicPlan(project: ProjectTree, lock: string | null, tool: Tool): InstallPlan {
  const off = project.allowsScripts ? [] : ['--ignore-scripts'];
  const install = ['yarn', 'install', '--non-interactive', '--production=false', ...off];
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
  const loose = { commands: [['yarn', 'install', '--no-immutable']] };
  const attempts =
    lock === null
      ? [loose]
      : [
          { commands: [['yarn', 'install', '--immutable']] },
          { ...loose, when: /YN0028|lockfile would have been/, note },
        ];
  const settings = { YARN_ENABLE_GLOBAL_CACHE: 'false', YARN_ENABLE_TELEMETRY: '0', YARN_ENABLE_NETWORK: 'true' };
  const off: Record<string, string> = project.allowsScripts ? {} : { YARN_ENABLE_SCRIPTS: 'false' };
  const runEnv = { ...settings, YARN_ENABLE_NETWORK: 'false' };
  const plan = javascriptPlan(project, { attempts, env: { ...settings, ...off }, lock, tool, runEnv });
  // A run refuses to start without the lock that the installation wrote.
  return lock === null
    ? { ...plan, isProducedFile: (path) => path === 'yarn.lock' || plan.isProducedFile(path) }
    : plan;
}

/** The lock of later versions begins with `__metadata`, whose number says which. */
function toolOf(project: ProjectTree, named: string | undefined): Tool {
  const lock = project.read('yarn.lock');
  const format = Number(/^__metadata:\n(?: {2}.*\n)*? {2}version: (\d+)/m.exec(lock ?? '')?.[1] ?? 0);
  const isModern = format > 0 || project.has('.yarnrc.yml');
  const version = named ?? (isModern ? (format > 0 && format < 8 ? '3' : '4') : '1');
  const packages = Number.parseInt(version, 10) > 1 ? ['@yarnpkg/cli-dist'] : ['yarn'];
  return { name: 'yarn', version, by: 'npm', packages, onPath: false };
}

function isClassic({ version }: Tool): boolean {
  return Number.parseInt(version ?? '1', 10) === 1;
}

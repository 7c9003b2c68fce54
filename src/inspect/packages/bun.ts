/**
 * bun: its lock has no reader here. Pure data.
 */
import type { InstallPlan, ProjectTree } from './install';
import { BUN, javascriptPlan, javascriptProject } from './javascript';
import type { PackageManager } from './manager';

export const bun = {
  name: 'bun',
  ecosystem: 'npm',
  programs: ['bun'],
  setup: [/^bun\.lockb?$/],
  manifests: [],
  locks: {},
  installed: ['node_modules'],
  install: { language: 'javascript', plan },
} satisfies PackageManager;

function plan(project: ProjectTree): InstallPlan | undefined {
  const found = javascriptProject(project);
  if (found?.manager !== 'bun') return undefined;
  const off = project.allowsScripts ? [] : ['--ignore-scripts'];
  const install = ['bun', 'install', ...off];
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

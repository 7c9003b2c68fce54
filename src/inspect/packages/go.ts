/**
 * The modules of Go. Pure data.
 */
import { DEPS } from './install';
import type { InstallPlan, ProjectTree } from './install';
import type { PackageManager } from './manager';

export const go = {
  name: 'go',
  ecosystem: null,
  programs: [],
  setup: [/^go\.(mod|sum)$/],
  manifests: [],
  locks: {},
  installed: ['vendor'],
  install: { language: 'go', plan },
} satisfies PackageManager;

const MODULES = `${DEPS}/go`;
const BUILD_CACHE = `${DEPS}/go-build`;

/** If the tree contains `vendor/modules.txt`, its modules need no download. */
function plan(project: ProjectTree): InstallPlan | undefined {
  if (!project.has('go.mod') && !project.has('go.work')) return undefined;
  const isVendored = project.has('vendor/modules.txt');
  const command = ['go', 'mod', 'download'];
  const env = { GOMODCACHE: MODULES, GOCACHE: BUILD_CACHE, GOPATH: '/tmp/go' };
  return {
    ...{ command, lock: project.has('go.sum') ? 'go.sum' : null, tools: [], env, notes: [] },
    attempts: [{ commands: isVendored ? [] : [command] }],
    reads: (path) => /(^|\/)go\.(mod|sum|work|work\.sum)$/.test(path),
    sharedFolders: [MODULES],
    isProducedFile: () => false,
    runs: {
      env,
      offline: { GOPROXY: 'off', GOSUMDB: 'off' },
      path: [],
      // Go runs `true` instead of each test program: the tests are compiled and do not run.
      warm: { commands: [['go', 'test', '-exec', '/bin/true', './...']], sharedFolders: [BUILD_CACHE] },
    },
  };
}

/** Returns the folders that a go.work names, without a slash at the end. */
export function usedModules(work: string): string[] {
  const paths = work.split('\n').flatMap((line) => {
    const text = line.replace(/\/\/.*$/s, '').trim();
    return /^(?:use\b\s*)?(?:\(\s*)?["`]?(\.[^\s"`)]*)["`]?[\s)]*$/.exec(text)?.[1] ?? [];
  });
  return [...new Set(paths.map(withoutSlash))];
}

function withoutSlash(path: string): string {
  let end = path.length;
  while (path[end - 1] === '/') end -= 1;
  return path.slice(0, end);
}

/**
 * What a sandboxed command sees: the argument list for prlimit and bubblewrap, and the few files of its `/etc`. Pure.
 *
 * Deny by default: a place, a variable or a namespace is here because test runners were found to need it.
 */
import { dirname, isAbsolute, join } from 'node:path';
import type { SandboxRun } from '../../ports/sandbox';
import { forwarded, PROXY_SOCKET, PROXY_VARIABLES } from './forward';
import { limitFlags } from './limits';
import type { SandboxLimits } from './limits';

export interface Profile {
  bwrapPath: string;
  prlimitPath: string;
  /** The node that runs this; bound in where it lies outside /usr. */
  nodePath: string;
  /** Programs of the worker outside /usr. */
  toolchain: Toolchain;
  uid: number;
  gid: number;
  limits: SandboxLimits;
  /** Folders below /usr that are no toolchain: shown empty. */
  hiddenFolders: string[];
  /** Files below /proc that speak of the machine: shown unreadable. */
  hiddenFiles: string[];
}

/** What the sandbox shows of the worker's own programs. */
export interface Toolchain {
  /** Folders and files, at the place that they have outside; `from` is a copy where the sandbox's user cannot reach that. */
  shown: Array<{ from: string; to: string }>;
  /** The worker's PATH, as far as it is shown. */
  path: string;
  /** Variables that say where the programs find their parts. */
  env: Record<string, string>;
}
export const NO_TOOLCHAIN: Toolchain = { shown: [], path: '/usr/local/bin:/usr/bin:/bin', env: {} };

/** One run, beside its command. */
type Shown =
  'folder' | 'cwd' | 'readOnly' | 'writable' | 'scratch' | 'temporary' | 'proxy' | 'env' | 'production' | 'files';
export interface View extends Pick<SandboxRun, Shown> {
  /** Number of the report channel's descriptor. */
  reportFd?: number | undefined;
  /** What `.git` of the folder is; undefined where there is none. */
  git?: 'folder' | 'file' | undefined;
}

/** Files that libraries ask for: a name for the uid, `localhost`, and no other source of names. */
export function etcFiles({ uid, gid }: Profile): Array<{ path: string; text: string }> {
  return [
    { path: '/etc/passwd', text: `sandbox:x:${uid}:${gid}:sandbox:/tmp:/bin/sh\n` },
    { path: '/etc/group', text: `sandbox:x:${gid}:\n` },
    { path: '/etc/hosts', text: '127.0.0.1 localhost\n::1 localhost\n' },
    { path: '/etc/nsswitch.conf', text: 'passwd: files\ngroup: files\nhosts: files\n' },
    { path: '/etc/gitconfig', text: GIT_SETTINGS },
  ];
}

/** The folder has another owner than the user, and tests that commit need a name. */
const GIT_SETTINGS = `[safe]
\tdirectory = *
[user]
\tname = Sandbox
\temail = sandbox@localhost
[init]
\tdefaultBranch = main
[gc]
\tauto = 0
[advice]
\tdetachedHead = false
`;

/** Status goes to descriptor 3, the system call filter is read from 4, the texts of `etcFiles` and of the laid files from 5 upwards. */
export function sandboxArgv(profile: Profile, view: View, command: string[]): string[] {
  const etcTexts = etcFiles(profile);
  const bind = ({ path }: { path: string }, index: number) => ['--ro-bind-data', String(index + 5), path];
  const etc = etcTexts.flatMap(bind);
  const over = (view.files ?? []).flatMap((file, index) => bind(file, index + etcTexts.length));
  // The command starts with an empty environment of its own: bwrap's process shows the one it was started with.
  const given = {
    ...sandboxEnv(profile),
    ...(view.proxy === undefined ? {} : PROXY_VARIABLES),
    ...view.env,
    ...(view.production === undefined ? {} : { Q_PRODUCTION: '/production' }),
    ...(view.reportFd === undefined ? {} : { REPORT_FD: String(view.reportFd) }),
  };
  const variables = Object.entries(given).map(([name, value]) => `${name}=${value}`);
  return [
    ...[profile.prlimitPath, ...limitFlags(profile.limits), '--', profile.bwrapPath, ...NAMESPACES],
    ...rootFolders(profile),
    ...etc,
    ...memoryFolders(profile.limits, view.temporary),
    // After /tmp, below which a home may lie.
    ...profile.toolchain.shown.flatMap(({ from, to }) => ['--ro-bind', from, to]),
    ...[...workspace(view), ...scratchFolders(view, profile.limits), ...over],
    ...(view.proxy === undefined ? [] : ['--bind', view.proxy, PROXY_SOCKET]),
    ...['--remount-ro', '/', '--chdir', join('/workspace', view.cwd ?? ''), '--'],
    ...['/usr/bin/env', '-i', ...variables, ...forwarded(view, profile.nodePath), ...command],
  ];
}

export function sandboxEnv({ nodePath, toolchain }: Profile): Record<string, string> {
  const isNamed = !isOutsideUsr(nodePath) || toolchain.path.split(':').includes(dirname(nodePath));
  const path = isNamed ? toolchain.path : `${dirname(nodePath)}:${toolchain.path}`;
  return { ...sandboxVariables(path), ...toolchain.env };
}

export function sandboxVariables(path: string): Record<string, string> {
  return { PATH: path, HOME: '/tmp', TMPDIR: '/tmp', LANG: 'C.UTF-8', TZ: 'UTC', CI: 'true' };
}

const NAMESPACES = [
  '--unshare-all',
  '--unshare-user',
  // No user namespace inside this one: there the command would be root again, with the kernel's wider attack surface.
  '--disable-userns',
  '--die-with-parent',
  '--new-session',
  '--hostname',
  'sandbox',
  '--json-status-fd',
  '3',
  '--seccomp',
  '4',
];

/** Settings of toolchains and certificates that are believed; none of them holds a secret. */
const LIBRARY_FILES = [
  ...['ld.so.cache', 'alternatives', 'ssl/openssl.cnf', 'ssl/certs', 'pki/tls/certs', 'maven', 'gradle', 'java'],
  ...['java-8-openjdk', 'java-11-openjdk', 'java-17-openjdk', 'java-21-openjdk', 'java-25-openjdk', 'mime.types'],
];

function rootFolders({ nodePath, toolchain, hiddenFolders, hiddenFiles }: Profile): string[] {
  const merged = ['bin', 'sbin', 'lib', 'lib64'].flatMap((name) => ['--symlink', `usr/${name}`, `/${name}`]);
  const libraries = LIBRARY_FILES.map((name) => `/etc/${name}`);
  return [
    ...['--ro-bind', '/usr', '/usr', ...merged],
    ...hiddenFolders.flatMap((path) => ['--tmpfs', path, '--remount-ro', path]),
    ...libraries.flatMap((path) => ['--ro-bind-try', path, path]),
    ...(isOutsideUsr(nodePath) && !isBelowAny(nodePath, toolchain) ? nodeFiles(nodePath) : []),
    // Process 1 is bubblewrap's own: its memory and descriptors are nobody's business.
    ...['--proc', '/proc', '--tmpfs', '/proc/1', '--remount-ro', '/proc/1'],
    ...hiddenFiles.flatMap((path) => ['--ro-bind', '/dev/null', path]),
  ];
}

/** The executable and npm, not the folder around them: that may be a home directory. */
function nodeFiles(nodePath: string): string[] {
  const modules = join(dirname(dirname(nodePath)), 'lib/node_modules');
  const scripts = ['npm', 'npx'].flatMap((name) => [
    '--symlink',
    `../lib/node_modules/npm/bin/${name}-cli.js`,
    join(dirname(nodePath), name),
  ]);
  return ['--ro-bind', nodePath, nodePath, '--ro-bind-try', modules, modules, ...scripts];
}

/** Without a size, a memory file system may fill half of the machine's memory. */
function memoryFolders({ tmpBytes }: SandboxLimits, temporary: string | undefined): string[] {
  const shared = String(Math.floor(tmpBytes / 4));
  return [
    ...['--dev', '/dev', '--size', shared, '--tmpfs', '/dev/shm', '--remount-ro', '/dev'],
    ...(temporary === undefined ? ['--size', String(tmpBytes), '--tmpfs', '/tmp'] : ['--bind', temporary, '/tmp']),
  ];
}

/** Places of the sandbox that are file systems in memory. */
export function memoryFoldersOf({ temporary, scratch = [] }: Pick<View, 'temporary' | 'scratch'>): string[] {
  return ['/dev/shm', ...(temporary === undefined ? ['/tmp'] : []), ...scratch.map(inWorkspace)];
}

/** Each has the room of `/tmp`. */
function scratchFolders({ scratch = [] }: View, { tmpBytes }: SandboxLimits): string[] {
  return scratch.flatMap((place) => ['--size', String(tmpBytes), '--tmpfs', inWorkspace(place)]);
}

function workspace({ folder, readOnly = [], writable = [], git, production }: View): string[] {
  const masks = {
    folder: ['--tmpfs', '/workspace/.git', '--remount-ro', '/workspace/.git'],
    file: ['--ro-bind', '/dev/null', '/workspace/.git'],
  };
  return [
    ...['--bind', folder, '/workspace'],
    ...(production === undefined ? [] : ['--bind', production, '/production']),
    ...(git === undefined ? [] : masks[git]),
    ...outerFirst([...readOnly.map(bindAs('--ro-bind')), ...writable.map(bindAs('--bind'))]),
  ];
}

function bindAs(flag: string) {
  return ({ from, to }: { from: string; to: string }) => [flag, from, inWorkspace(to)];
}

/** What lies within another place is bound after it, or that would cover it. */
function outerFirst(binds: string[][]): string[] {
  const depth = (bind: string[]) => (bind[2] ?? '').split('/').length;
  return [...binds].sort((one, other) => depth(one) - depth(other)).flat();
}

function inWorkspace(place: string): string {
  return isAbsolute(place) ? place : join('/workspace', place);
}

function isBelowAny(path: string, { shown }: Toolchain): boolean {
  return shown.some(({ to }) => path.startsWith(`${to}/`));
}

export function isOutsideUsr(path: string): boolean {
  return !path.startsWith('/usr/');
}

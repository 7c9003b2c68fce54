/**
 * Builds the argument list for prlimit and bubblewrap, and the files of the sandbox's `/etc`. Together they decide what a command
 * can see. Pure.
 *
 * Everything is denied by default: each folder and variable here was found to be needed by test runners.
 */
import { dirname, isAbsolute, join } from 'node:path';
import type { SandboxRun } from '../../ports/sandbox';
import { proxyLauncher, PROXY_SOCKET, PROXY_VARIABLES } from './forward';
import { limitFlags } from './limits';
import type { SandboxLimits } from './limits';

export interface Profile {
  bwrapPath: string;
  prlimitPath: string;
  /** The node executable of the worker; it is mounted if it is outside of /usr. */
  nodePath: string;
  /** Programs of the worker outside /usr. */
  toolchain: Toolchain;
  uid: number;
  gid: number;
  limits: SandboxLimits;
  /** Folders below /usr that are not part of a toolchain: the sandbox shows them empty. */
  hiddenFolders: string[];
  /** Files below /proc with information about the machine: the sandbox shows them unreadable. */
  hiddenFiles: string[];
}

/** The worker's programs outside of /usr that the sandbox shows. */
export interface Toolchain {
  /** Folders and files, at the same path as outside (`to`); `from` is a copy if the sandbox's user cannot reach the original. */
  shown: Array<{ from: string; to: string }>;
  /** The folders of the worker's PATH that the sandbox shows. */
  path: string;
  /** Variables by which the programs find their parts. */
  env: Record<string, string>;
}
export const NO_TOOLCHAIN: Toolchain = { shown: [], path: '/usr/local/bin:/usr/bin:/bin', env: {} };

/** The members of a run that decide what its command sees. */
type ViewKeys =
  'folder' | 'cwd' | 'readOnly' | 'writable' | 'scratch' | 'temporary' | 'proxy' | 'env' | 'production' | 'files';
export interface View extends Pick<SandboxRun, ViewKeys> {
  /** The file descriptor to which the command writes its report. */
  reportFd?: number | undefined;
  /** The kind of the folder's `.git`; undefined if there is none. */
  git?: 'folder' | 'file' | undefined;
}

/** Returns the files of `/etc` that libraries read: a name for the uid, `localhost`, no other source of names, git's settings. */
export function etcFiles({ uid, gid }: Profile): Array<{ path: string; text: string }> {
  return [
    { path: '/etc/passwd', text: `sandbox:x:${uid}:${gid}:sandbox:/tmp:/bin/sh\n` },
    { path: '/etc/group', text: `sandbox:x:${gid}:\n` },
    { path: '/etc/hosts', text: '127.0.0.1 localhost\n::1 localhost\n' },
    { path: '/etc/nsswitch.conf', text: 'passwd: files\ngroup: files\nhosts: files\n' },
    { path: '/etc/gitconfig', text: GIT_SETTINGS },
  ];
}

/** git must accept a folder that another user owns, and tests that commit need an author. */
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

/**
 * Builds the argument list. bubblewrap writes its status to descriptor 3, and reads the system call filter from 4, the texts of
 * `etcFiles` and then of the run's `files` from 5 upwards.
 */
export function sandboxArgv(profile: Profile, view: View, command: string[]): string[] {
  const etcTexts = etcFiles(profile);
  const bindText = ({ path }: { path: string }, index: number) => ['--ro-bind-data', String(index + 5), path];
  const etc = etcTexts.flatMap(bindText);
  const fileBinds = (view.files ?? []).flatMap((file, index) => bindText(file, index + etcTexts.length));
  // `env -i` sets the command's variables, as /proc shows the environment with which bwrap itself was started.
  const env = {
    ...sandboxEnv(profile),
    ...(view.proxy === undefined ? {} : PROXY_VARIABLES),
    ...view.env,
    ...(view.production === undefined ? {} : { Q_PRODUCTION: '/production' }),
    ...(view.reportFd === undefined ? {} : { REPORT_FD: String(view.reportFd) }),
  };
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  return [
    ...[profile.prlimitPath, ...limitFlags(profile.limits), '--', profile.bwrapPath, ...NAMESPACES],
    ...rootMounts(profile),
    ...etc,
    ...memoryMounts(profile.limits, view.temporary),
    // These come after /tmp: a home folder may be below /tmp.
    ...profile.toolchain.shown.flatMap(({ from, to }) => ['--ro-bind', from, to]),
    ...[...workspaceMounts(view), ...scratchMounts(view, profile.limits), ...fileBinds],
    ...(view.proxy === undefined ? [] : ['--bind', view.proxy, PROXY_SOCKET]),
    ...['--remount-ro', '/', '--chdir', join('/workspace', view.cwd ?? ''), '--'],
    ...['/usr/bin/env', '-i', ...variables, ...proxyLauncher(view, profile.nodePath), ...command],
  ];
}

export function sandboxEnv({ nodePath, toolchain }: Profile): Record<string, string> {
  const isOnPath = !isOutsideUsr(nodePath) || toolchain.path.split(':').includes(dirname(nodePath));
  const path = isOnPath ? toolchain.path : `${dirname(nodePath)}:${toolchain.path}`;
  return { ...sandboxVariables(path), ...toolchain.env };
}

export function sandboxVariables(path: string): Record<string, string> {
  return { PATH: path, HOME: '/tmp', TMPDIR: '/tmp', LANG: 'C.UTF-8', TZ: 'UTC', CI: 'true' };
}

const NAMESPACES = [
  '--unshare-all',
  '--unshare-user',
  // In a further user namespace the command would be root, with more of the kernel to attack.
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

/** Settings of toolchains, and trusted certificates; none of them contains a secret. */
const LIBRARY_FILES = [
  ...['ld.so.cache', 'alternatives', 'ssl/openssl.cnf', 'ssl/certs', 'pki/tls/certs', 'maven', 'gradle', 'java'],
  ...['java-8-openjdk', 'java-11-openjdk', 'java-17-openjdk', 'java-21-openjdk', 'java-25-openjdk', 'mime.types'],
];

function rootMounts({ nodePath, toolchain, hiddenFolders, hiddenFiles }: Profile): string[] {
  const usrLinks = ['bin', 'sbin', 'lib', 'lib64'].flatMap((name) => ['--symlink', `usr/${name}`, `/${name}`]);
  const libraries = LIBRARY_FILES.map((name) => `/etc/${name}`);
  return [
    ...['--ro-bind', '/usr', '/usr', ...usrLinks],
    ...hiddenFolders.flatMap((path) => ['--tmpfs', path, '--remount-ro', path]),
    ...libraries.flatMap((path) => ['--ro-bind-try', path, path]),
    ...(isOutsideUsr(nodePath) && !isBelowAny(nodePath, toolchain) ? nodeMounts(nodePath) : []),
    // Process 1 is bubblewrap: the command must not see its memory and descriptors.
    ...['--proc', '/proc', '--tmpfs', '/proc/1', '--remount-ro', '/proc/1'],
    ...hiddenFiles.flatMap((path) => ['--ro-bind', '/dev/null', path]),
  ];
}

/** Mounts the node executable and npm, but not the folder with them, which may be a home folder. */
function nodeMounts(nodePath: string): string[] {
  const modules = join(dirname(dirname(nodePath)), 'lib/node_modules');
  const scripts = ['npm', 'npx'].flatMap((name) => [
    '--symlink',
    `../lib/node_modules/npm/bin/${name}-cli.js`,
    join(dirname(nodePath), name),
  ]);
  return ['--ro-bind', nodePath, nodePath, '--ro-bind-try', modules, modules, ...scripts];
}

/** Mounts the file systems in memory, each with a size: without one, it may fill half of the machine's memory. */
function memoryMounts({ tmpBytes }: SandboxLimits, temporary: string | undefined): string[] {
  const shared = String(Math.floor(tmpBytes / 4));
  return [
    ...['--dev', '/dev', '--size', shared, '--tmpfs', '/dev/shm', '--remount-ro', '/dev'],
    ...(temporary === undefined ? ['--size', String(tmpBytes), '--tmpfs', '/tmp'] : ['--bind', temporary, '/tmp']),
  ];
}

/** Returns the folders of the sandbox that are file systems in memory. */
export function memoryFoldersOf({ temporary, scratch = [] }: Pick<View, 'temporary' | 'scratch'>): string[] {
  return ['/dev/shm', ...(temporary === undefined ? ['/tmp'] : []), ...scratch.map(inWorkspace)];
}

/** Mounts the run's scratch folders; each may have as many bytes as `/tmp`. */
function scratchMounts({ scratch = [] }: View, { tmpBytes }: SandboxLimits): string[] {
  return scratch.flatMap((place) => ['--size', String(tmpBytes), '--tmpfs', inWorkspace(place)]);
}

function workspaceMounts({ folder, readOnly = [], writable = [], git, production }: View): string[] {
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

/** Sorts the mounts: a folder inside another one must be mounted after it, or the outer mount would cover it. */
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

/**
 * What a sandboxed command sees: the argument list for prlimit and bubblewrap, and the few files of its `/etc`. Pure.
 *
 * Deny by default: a place, a variable or a namespace is here because test runners were found to need it.
 */
import { dirname } from 'node:path';

export interface SandboxLimits {
  /** CPU seconds of one process. */
  cpuSeconds: number;
  /** Processes and threads of the sandbox user, over all sandboxes that run at once. */
  processes: number;
  openFiles: number;
  /** Size of one file. */
  fileBytes: number;
  /** Private writable memory of one process. Not address space: node reserves far more than it uses. */
  dataBytes: number;
  /** Size of `/tmp`, which lives in memory. */
  tmpBytes: number;
  /** Output that is kept, head and tail. */
  outputBytes: number;
}

export const DEFAULT_LIMITS: SandboxLimits = {
  cpuSeconds: 900,
  processes: 512,
  openFiles: 4_096,
  fileBytes: 1024 ** 3,
  dataBytes: 4 * 1024 ** 3,
  tmpBytes: 256 * 1024 ** 2,
  outputBytes: 256 * 1024,
};

export interface Profile {
  bwrapPath: string;
  prlimitPath: string;
  /** The node that runs this; bound in where it lies outside /usr. */
  nodePath: string;
  uid: number;
  gid: number;
  limits: SandboxLimits;
}

/** Files that libraries ask for: a name for the uid, `localhost`, and no other source of names. */
export function etcFiles({ uid, gid }: Profile): Array<{ path: string; text: string }> {
  return [
    { path: '/etc/passwd', text: `sandbox:x:${uid}:${gid}:sandbox:/tmp:/bin/sh\n` },
    { path: '/etc/group', text: `sandbox:x:${gid}:\n` },
    { path: '/etc/hosts', text: '127.0.0.1 localhost\n::1 localhost\n' },
    { path: '/etc/nsswitch.conf', text: 'passwd: files\ngroup: files\nhosts: files\n' },
  ];
}

/** What a run sees beside its folder. */
export interface Laid {
  files: Array<{ path: string; text: string }>;
  readOnly: Array<{ from: string; to: string }>;
  /** Number of the report channel's descriptor. */
  reportFd?: number | undefined;
}

/** Status goes to descriptor 3; the texts of `etcFiles` and of the laid files are read from descriptor 4 upwards. */
export function sandboxArgv(
  profile: Profile,
  folder: string,
  command: string[],
  laid: Laid = { files: [], readOnly: [] },
): string[] {
  const etcTexts = etcFiles(profile);
  const bind = ({ path }: { path: string }, index: number) => ['--ro-bind-data', String(index + 4), path];
  const etc = etcTexts.flatMap(bind);
  const over = laid.files.flatMap((file, index) => bind(file, index + etcTexts.length));
  const folders = laid.readOnly.flatMap(({ from, to }) => ['--ro-bind', from, to]);
  const report = laid.reportFd === undefined ? [] : [`REPORT_FD=${laid.reportFd}`];
  // The command starts with an empty environment of its own: bwrap's process shows the one it was started with.
  const env = ['/usr/bin/env', '-i', ...Object.entries(sandboxEnv(profile)).map(([name, value]) => `${name}=${value}`)];
  env.push(...report);
  return [profile.prlimitPath, ...limitFlags(profile.limits), '--', profile.bwrapPath, ...NAMESPACES]
    .concat(rootFolders(profile), etc, ['--size', String(profile.limits.tmpBytes), '--tmpfs', '/tmp'])
    .concat([
      '--bind',
      folder,
      '/workspace',
      ...folders,
      ...over,
      '--remount-ro',
      '/',
      '--chdir',
      '/workspace',
      '--',
      ...env,
      ...command,
    ]);
}

export function sandboxEnv({ nodePath }: Profile): Record<string, string> {
  const outside = isOutsideUsr(nodePath) ? `${dirname(nodePath)}:` : '';
  return { PATH: `${outside}/usr/local/bin:/usr/bin:/bin`, HOME: '/tmp', TMPDIR: '/tmp', LANG: 'C.UTF-8', CI: 'true' };
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
];

function limitFlags(limits: SandboxLimits): string[] {
  return [
    '--core=0',
    `--cpu=${limits.cpuSeconds}`,
    `--nproc=${limits.processes}`,
    `--nofile=${limits.openFiles}`,
    `--fsize=${limits.fileBytes}`,
    `--data=${limits.dataBytes}`,
  ];
}

function rootFolders({ nodePath }: Profile): string[] {
  const merged = ['bin', 'sbin', 'lib', 'lib64'].flatMap((name) => ['--symlink', `usr/${name}`, `/${name}`]);
  const libraries = ['ld.so.cache', 'alternatives', 'ssl/openssl.cnf'].map((name) => `/etc/${name}`);
  const prefix = dirname(dirname(nodePath));
  return [
    ...['--ro-bind', '/usr', '/usr', ...merged],
    ...libraries.flatMap((path) => ['--ro-bind-try', path, path]),
    ...(isOutsideUsr(nodePath) ? ['--ro-bind', prefix, prefix] : []),
    ...['--proc', '/proc', '--dev', '/dev'],
  ];
}

function isOutsideUsr(path: string): boolean {
  return !path.startsWith('/usr/');
}

/**
 * Builds the environment with which git reaches other repositories: tokens for https, keys for ssh, proxies, certificates.
 * Each comes from a setting of the worker.
 *
 * Secrets are passed in git's environment only: none appears in an argument, in a repository's settings or in a log. Every
 * connection goes through a proxy of the worker, which refuses private addresses.
 */
import { gitProxyFor } from '../network/git-proxy';
import type { GitProxyRules } from '../network/git-proxy';
import { FORWARD_FILE } from '../sandbox/forward';

export interface GitAccess extends GitProxyRules {
  /** Tokens by host, in the form of git's own credential store: `https://<user>:<token>@<host>`, one a line. */
  credentialsFile?: string | undefined;
  sshKeyFile?: string | undefined;
  sshKnownHostsFile?: string | undefined;
  /** Socket of an ssh agent. */
  sshAgent?: string | undefined;
  httpsProxy?: string | undefined;
  /** Hosts that are reached without the proxy, with commas between. */
  noProxy?: string | undefined;
  /** Certificate authorities, PEM; git then trusts these alone. */
  certificatesFile?: string | undefined;
}

export type Protocols = 'file' | 'https:ssh';

/** The helper that git asks for the login of a host. It only reads: it neither stores a login nor removes one that a server refused. */
const CREDENTIAL_HELPER = '!f() { test "$1" = get && git credential-store --file="$Q_GIT_CREDENTIALS" get; }; f';
/** git gives up a transfer that stays below this speed for this time. */
const MIN_SPEED = { bytesPerSecond: '100', seconds: '60' };

/** Returns the environment of a git process that reaches another repository. */
export async function accessEnv(access: GitAccess, protocols: Protocols): Promise<Record<string, string>> {
  if (protocols === 'file') return { GIT_ALLOW_PROTOCOL: protocols };
  const { credentialsFile, sshAgent, certificatesFile } = access;
  const [proxy, sshProxy] = await Promise.all([gitProxyFor(access, 'https'), gitProxyFor(access, 'ssh')]);
  const settings = [
    ['http.lowSpeedLimit', MIN_SPEED.bytesPerSecond],
    ['http.lowSpeedTime', MIN_SPEED.seconds],
    ['http.proxy', proxy],
    ['http.proxyAuthMethod', 'basic'],
    ...(credentialsFile === undefined ? [] : [['credential.helper', CREDENTIAL_HELPER]]),
  ];
  const variables = {
    Q_GIT_CREDENTIALS: credentialsFile,
    Q_GATE: sshProxy,
    SSH_AUTH_SOCK: sshAgent,
    GIT_SSL_CAINFO: certificatesFile,
    // git itself sends everything through that proxy, which decides which hosts are reached without a proxy.
    NO_PROXY: '',
    no_proxy: '',
  };
  return {
    GIT_ALLOW_PROTOCOL: protocols,
    GIT_SSH_COMMAND: sshCommand(access),
    GIT_SSH_VARIANT: 'ssh',
    GIT_CONFIG_COUNT: String(settings.length),
    ...Object.fromEntries(
      settings.flatMap(([key = '', value = ''], index) => [
        [`GIT_CONFIG_KEY_${index}`, key],
        [`GIT_CONFIG_VALUE_${index}`, value],
      ]),
    ),
    ...Object.fromEntries(
      Object.entries(variables).filter((entry): entry is [string, string] => entry[1] !== undefined),
    ),
  };
}

/** These options override the ssh settings of the worker's user: a shared connection, a jump host or a command would bypass the proxy. */
const SSH_OPTIONS = [
  ...['BatchMode=yes', 'ConnectTimeout=20', 'ControlPath=none', 'CanonicalizeHostname=no', 'ProxyUseFdpass=no'],
  ...['PermitLocalCommand=no', 'ClearAllForwardings=yes'],
];

/** Quotes twice: git passes the command to a shell, and ssh passes the proxy's command to a second shell. */
function sshCommand({ sshKeyFile, sshKnownHostsFile }: GitAccess): string {
  const key = sshKeyFile === undefined ? [] : ['-oIdentitiesOnly=yes', '-i', quoted(sshKeyFile)];
  const hosts =
    sshKnownHostsFile === undefined
      ? []
      : ['-oStrictHostKeyChecking=yes', quoted(`-oUserKnownHostsFile=${sshKnownHostsFile}`)];
  const program = [process.execPath, FORWARD_FILE].map((path) => quoted(path.replaceAll('%', '%%')));
  const proxyOption = quoted(`-oProxyCommand=${[...program, '--gate', '%h', '%p'].join(' ')}`);
  return ['ssh', ...SSH_OPTIONS.map((setting) => `-o${setting}`), proxyOption, ...key, ...hosts].join(' ');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

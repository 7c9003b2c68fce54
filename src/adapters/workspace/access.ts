/**
 * How git reaches other repositories: tokens for https, keys for ssh, proxies, certificates. Each comes from a setting.
 *
 * All of it is passed in git's environment: no secret stands in an argument, in a repository's settings or in a log.
 */

export interface GitAccess {
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

/** Looked up by git for the host that asks; never written to, and not asked to forget what a server refused. */
const HELPER = '!f() { test "$1" = get && git credential-store --file="$Q_GIT_CREDENTIALS" get; }; f';
const STALLED = { bytesPerSecond: '100', seconds: '60' };

/** The environment of a git that reaches another repository. */
export function accessEnv(access: GitAccess, protocols: Protocols): Record<string, string> {
  if (protocols === 'file') return { GIT_ALLOW_PROTOCOL: protocols };
  const { credentialsFile, sshAgent, httpsProxy, noProxy, certificatesFile } = access;
  const settings = [
    ['http.lowSpeedLimit', STALLED.bytesPerSecond],
    ['http.lowSpeedTime', STALLED.seconds],
    ...(credentialsFile === undefined ? [] : [['credential.helper', HELPER]]),
  ];
  const given = {
    Q_GIT_CREDENTIALS: credentialsFile,
    SSH_AUTH_SOCK: sshAgent,
    HTTPS_PROXY: httpsProxy,
    https_proxy: httpsProxy,
    NO_PROXY: noProxy,
    no_proxy: noProxy,
    GIT_SSL_CAINFO: certificatesFile,
  };
  return {
    GIT_ALLOW_PROTOCOL: protocols,
    GIT_SSH_COMMAND: sshCommand(access),
    GIT_CONFIG_COUNT: String(settings.length),
    ...Object.fromEntries(
      settings.flatMap(([key = '', value = ''], index) => [
        [`GIT_CONFIG_KEY_${index}`, key],
        [`GIT_CONFIG_VALUE_${index}`, value],
      ]),
    ),
    ...Object.fromEntries(Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== undefined)),
  };
}

/** git hands it to a shell. */
function sshCommand({ sshKeyFile, sshKnownHostsFile }: GitAccess): string {
  const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
  const key = sshKeyFile === undefined ? [] : ['-oIdentitiesOnly=yes', '-i', quoted(sshKeyFile)];
  const hosts =
    sshKnownHostsFile === undefined
      ? []
      : ['-oStrictHostKeyChecking=yes', quoted(`-oUserKnownHostsFile=${sshKnownHostsFile}`)];
  return ['ssh', '-oBatchMode=yes', '-oConnectTimeout=20', ...key, ...hosts].join(' ');
}

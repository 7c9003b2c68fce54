/**
 * How git reaches other repositories: tokens for https, keys for ssh, proxies, certificates. Each comes from a setting.
 *
 * All of it is passed in git's environment: no secret stands in an argument, in a repository's settings or in a log. Every
 * connection goes through a gate of the worker, which refuses private addresses.
 */
import { gateFor } from '../network/git-gate';
import type { GateRules } from '../network/git-gate';
import { FORWARD_FILE } from '../sandbox/forward';

export interface GitAccess extends GateRules {
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
export async function accessEnv(access: GitAccess, protocols: Protocols): Promise<Record<string, string>> {
  if (protocols === 'file') return { GIT_ALLOW_PROTOCOL: protocols };
  const { credentialsFile, sshAgent, certificatesFile } = access;
  const [proxy, sshGate] = await Promise.all([gateFor(access, 'https'), gateFor(access, 'ssh')]);
  const settings = [
    ['http.lowSpeedLimit', STALLED.bytesPerSecond],
    ['http.lowSpeedTime', STALLED.seconds],
    ['http.proxy', proxy],
    ['http.proxyAuthMethod', 'basic'],
    ...(credentialsFile === undefined ? [] : [['credential.helper', HELPER]]),
  ];
  const given = {
    Q_GIT_CREDENTIALS: credentialsFile,
    Q_GATE: sshGate,
    SSH_AUTH_SOCK: sshAgent,
    GIT_SSL_CAINFO: certificatesFile,
    // The gate knows who is reached without a proxy: for git there is no way past it.
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
    ...Object.fromEntries(Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== undefined)),
  };
}

/** Above what the user's own settings of ssh say: a shared connection, a jump or a command of theirs would lead past the gate. */
const SSH_FIXED = [
  ...['BatchMode=yes', 'ConnectTimeout=20', 'ControlPath=none', 'CanonicalizeHostname=no', 'ProxyUseFdpass=no'],
  ...['PermitLocalCommand=no', 'ClearAllForwardings=yes'],
];

/** git hands it to a shell, and ssh hands the command of the gate to another one. */
function sshCommand({ sshKeyFile, sshKnownHostsFile }: GitAccess): string {
  const key = sshKeyFile === undefined ? [] : ['-oIdentitiesOnly=yes', '-i', quoted(sshKeyFile)];
  const hosts =
    sshKnownHostsFile === undefined
      ? []
      : ['-oStrictHostKeyChecking=yes', quoted(`-oUserKnownHostsFile=${sshKnownHostsFile}`)];
  const program = [process.execPath, FORWARD_FILE].map((path) => quoted(path.replaceAll('%', '%%')));
  const gate = quoted(`-oProxyCommand=${[...program, '--gate', '%h', '%p'].join(' ')}`);
  return ['ssh', ...SSH_FIXED.map((setting) => `-o${setting}`), gate, ...key, ...hosts].join(' ');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

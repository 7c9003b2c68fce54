/**
 * Checks the targets of notices that a request names: what cannot be sent to is refused at the door. The worker checks the address to
 * which a name resolves when it connects.
 */
import { hostname } from 'node:os';
import { canonicalJson } from '../domain/canonical';
import type { NoticeTarget } from '../domain/notices/notice';
import { sha256 } from '../inspect/digest';
import { bareHost, isInsideHost } from '../inspect/inside-address';
import { targetOf } from '../requests/notify';
import type { NotifyBody } from '../requests/notify';
import { malformed } from './problems';

/** What the settings say about notices. */
export interface NoticeRules {
  /** The targets of all builds, without their addresses. */
  targets: NoticeTarget[];
  sendsEmail: boolean;
  /** True if NOTIFY_PRIVATE_HOSTS names the server: only then may it have a private address, or be reached without TLS. */
  isNamedHost(host: string, port: number): boolean;
}

/** The rules of an API without settings of notices. */
export const NO_NOTICE_SETTINGS: NoticeRules = { targets: [], sendsEmail: false, isNamedHost: () => false };

type Place = { field: string; rules: NoticeRules };

/** Gives the targets of the request. Throws the problem of the first one that cannot be sent to; `field` names it in the request. */
export function resolveTargets(notify: NotifyBody, { field, rules }: Place): NoticeTarget[] {
  return notify.map((target, index) => resolveTarget(target, { field: `${field}.${index}`, rules }));
}

export function resolveTarget(given: NotifyBody[number], { field, rules }: Place): NoticeTarget {
  const target = targetOf(given);
  checkTarget(target, { field, rules });
  return target;
}

/**
 * Gives the name by which a build keeps a target of the settings in place of its address, so that a secret in the address is neither in
 * Temporal nor in a record.
 */
export function targetNameOf({ events: _, ...address }: NoticeTarget): string {
  return sha256(canonicalJson(address)).slice(0, 16);
}

/** Joins the targets of a request and of the settings. One that stands in both gets each notice once, as the request says. */
export function joinTargets(given: NoticeTarget[], ofSettings: NoticeTarget[]): NoticeTarget[] {
  const nameOf = (target: NoticeTarget) => ('setting' in target ? target.setting : targetNameOf(target));
  const byName = new Map([...ofSettings, ...given].map((target) => [nameOf(target), target]));
  return [...byName.values()];
}

function checkTarget(target: NoticeTarget, { field, rules }: Place): void {
  if ('email' in target && !rules.sendsEmail)
    throw malformed(`${field}.email`, 'needs a mail server: set SMTP_URL and SMTP_FROM, or give the url of a webhook');
  if (!('url' in target)) return;
  const { hostname: host, port, protocol } = new URL(target.url);
  const isHttp = protocol === 'http:';
  if (rules.isNamedHost(bareHost(host), Number(port) || (isHttp ? 80 : 443))) return;
  if (isInsideHost(host) || bareHost(host) === hostname().toLowerCase())
    throw malformed(
      `${field}.url`,
      'must not lead to this machine or its network, except to servers in the setting NOTIFY_PRIVATE_HOSTS of the worker',
    );
  if (isHttp)
    throw malformed(`${field}.url`, 'must start with https://, except for servers in the setting NOTIFY_PRIVATE_HOSTS');
}

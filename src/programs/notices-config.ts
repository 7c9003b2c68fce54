/**
 * Reads the settings of notices.
 */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readNoticeSecrets } from '../adapters/notices/secrets';
import type { AllowedHost } from '../adapters/network/allow-list';
import type { EmailOptions } from '../adapters/notices/email';
import { targetNameOf } from '../api/notice-targets';
import type { NoticeTarget } from '../domain/notices/notice';
import { ConfigError } from './config-error';
import type { SettingValues } from './settings';

export interface NoticesConfig {
  /** The targets of NOTIFY, by the names that builds keep in place of the addresses. */
  targets: Record<string, NoticeTarget>;
  /** `isOwn`: it is made where it does not exist. */
  secrets: { file: string; isOwn: boolean };
  privateHosts: readonly AllowedHost[];
  email: EmailOptions | undefined;
  /** Without a slash at its end; null if people cannot be given an address. */
  publicUrl: string | null;
}

export function readNotices(values: SettingValues): NoticesConfig {
  const { SMTP_URL, SMTP_FROM, NOTIFY = [] } = values;
  if (SMTP_URL !== undefined && SMTP_FROM === undefined)
    throw new ConfigError('SMTP_URL="(hidden)" is wrong: it needs SMTP_FROM, which is not set');
  if (SMTP_URL === undefined && NOTIFY.some((target) => 'email' in target))
    throw new ConfigError('NOTIFY="(hidden)" is wrong: an e-mail address in it needs SMTP_URL, which is not set');
  return {
    targets: Object.fromEntries(NOTIFY.map((target) => [targetNameOf(target), target])),
    secrets: readSecretFile(values),
    privateHosts: values.NOTIFY_PRIVATE_HOSTS,
    email: SMTP_URL === undefined ? undefined : { url: SMTP_URL, from: SMTP_FROM ?? '' },
    publicUrl: publicUrlOf(values),
  };
}

/** Gives the targets of the setting in the form that a build keeps. */
export function settingTargetsOf({ targets }: NoticesConfig): NoticeTarget[] {
  return Object.entries(targets).map(([setting, { events }]) => ({
    setting,
    ...(events === undefined ? {} : { events }),
  }));
}

function readSecretFile({ NOTIFY_SECRET_FILE: path, DATA_DIR }: SettingValues): NoticesConfig['secrets'] {
  if (path === undefined) return { file: join(resolve(DATA_DIR), 'notice-secret'), isOwn: true };
  const secretFile = resolve(path);
  try {
    readNoticeSecrets(readFileSync(secretFile, 'utf8'));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new ConfigError(`NOTIFY_SECRET_FILE="${path}" ${code === undefined ? message : `cannot be read (${code})`}`);
  }
  return { file: secretFile, isOwn: false };
}

function publicUrlOf({ PUBLIC_URL, HOST, PORT }: SettingValues): string | null {
  if (PUBLIC_URL !== undefined) return PUBLIC_URL.replace(/\/+$/, '');
  // An address that listens everywhere is none that people can open, and port 0 is not known before the start.
  if (PORT === 0 || HOST === '0.0.0.0' || HOST === '::') return null;
  return `http://${HOST.includes(':') ? `[${HOST}]` : HOST}:${PORT}`;
}

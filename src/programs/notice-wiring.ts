/**
 * Creates what sends notices from the configuration, and the rules by which the API accepts targets.
 */
import type { Client } from '@temporalio/client';
import type { Deps } from '../activities/deps';
import { permissionOf } from '../adapters/network/allow-list';
import { createPublicFetch } from '../adapters/network/public-fetch';
import { createNotifier } from '../adapters/notices/create-notifier';
import { createMailer } from '../adapters/notices/email';
import { createNoticeSecrets } from '../adapters/notices/secrets';
import { createWebhooks } from '../adapters/notices/webhook';
import { createNoticeProofs } from '../adapters/record/notice-proofs';
import { createNoticeOutbox } from '../adapters/temporal/notice-outbox';
import type { NoticeRules } from '../api/notice-targets';
import type { DocumentStore } from '../ports/documents';
import type { Config } from './config';
import { settingTargetsOf } from './notices-config';

export function createNoticeDeps(
  { notices, setup, temporal }: Pick<Config, 'notices' | 'setup' | 'temporal'>,
  { client, documents }: { client: Client; documents: DocumentStore },
): Pick<Deps, 'notifier' | 'noticeOutbox' | 'noticeProofs'> {
  const { privateHosts, secrets, email, targets, publicUrl } = notices;
  const fetch = createPublicFetch({ env: setup.worker.env, privateHosts })([]);
  const noticeProofs = createNoticeProofs(documents);
  return {
    notifier: createNotifier({
      post: createWebhooks({ fetch, secretsOf: createNoticeSecrets(secrets) }),
      sendEmail: email && createMailer(email),
      settingTargets: targets,
      publicUrl,
    }),
    noticeOutbox: createNoticeOutbox({ client, taskQueue: temporal.taskQueue, proofs: noticeProofs }),
    noticeProofs,
  };
}

export function createNoticeRules({ notices }: Pick<Config, 'notices'>): NoticeRules {
  return {
    targets: settingTargetsOf(notices),
    sendsEmail: notices.email !== undefined,
    isNamedHost: (host, port) => permissionOf(notices.privateHosts, host, port) === 'exact',
  };
}

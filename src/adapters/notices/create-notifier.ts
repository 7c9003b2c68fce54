/**
 * Creates the notifier: it finds the address of a target and sends the notice by webhook or e-mail.
 */
import type { Delivery, NoticeTarget } from '../../domain/notices/notice';
import type { SendResult } from '../../domain/notices/outbox';
import type { Notifier } from '../../ports/notifier';
import type { createMailer } from './email';
import type { createWebhooks } from './webhook';

export interface NotifierOptions {
  post: ReturnType<typeof createWebhooks>;
  /** Absent without a mail server. */
  sendEmail?: ReturnType<typeof createMailer> | undefined;
  /** The targets of the setting NOTIFY, by their names. */
  settingTargets: Readonly<Record<string, NoticeTarget>>;
  /** The address of the API, without a slash at its end; null if it is not known. */
  publicUrl: string | null;
}

export function createNotifier({ post, sendEmail, settingTargets, publicUrl }: NotifierOptions): Notifier {
  return {
    async send({ id, notice, target }: Delivery, signal): Promise<SendResult> {
      const address = 'setting' in target ? settingTargets[target.setting] : target;
      const common = { id, notice, link: publicUrl === null ? null : publicUrl + notice.path, signal };
      if (address === undefined || 'setting' in address)
        return { kind: 'failed', why: 'the setting NOTIFY does not have this target any more', isFinal: true };
      if ('url' in address) return post({ ...common, url: address.url, format: address.format ?? 'standard' });
      return (
        sendEmail?.({ ...common, to: address.email }) ?? { kind: 'failed', why: 'SMTP_URL is not set', isFinal: true }
      );
    },
  };
}

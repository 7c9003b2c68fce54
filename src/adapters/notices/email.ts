/**
 * Sends a notice by e-mail, over the SMTP server of the settings.
 */
import { createTransport } from 'nodemailer';
import { emailOf } from '../../domain/notices/formats';
import type { Notice } from '../../domain/notices/notice';
import type { SendResult } from '../../domain/notices/outbox';

const TIMEOUT_MS = 20_000;

export interface EmailOptions {
  /** `smtp://` or `smtps://`, with user and password where the server wants them. */
  url: string;
  from: string;
}

export interface Email {
  id: string;
  notice: Notice;
  to: string;
  link: string | null;
  signal: AbortSignal;
}

/** Gives a function that sends an e-mail once. Rejects only if its signal is aborted. */
export function createMailer({ url, from }: EmailOptions) {
  return async function sendEmail({ id, notice, to, link, signal }: Email): Promise<SendResult> {
    signal.throwIfAborted();
    const transport = createTransport({
      url,
      ...{ connectionTimeout: TIMEOUT_MS, greetingTimeout: TIMEOUT_MS, socketTimeout: TIMEOUT_MS },
    });
    const stop = () => transport.close();
    signal.addEventListener('abort', stop, { once: true });
    try {
      await transport.sendMail({
        ...{ from, to: { name: '', address: to }, ...emailOf(notice, link) },
        // The same on every try, so that a mail server can recognize a repeated e-mail.
        messageId: `<${id}@q-orchestrator>`,
        headers: { 'Auto-Submitted': 'auto-generated' },
        ...{ disableFileAccess: true, disableUrlAccess: true },
      });
      return { kind: 'sent' };
    } catch (error) {
      signal.throwIfAborted();
      return failedBy(error);
    } finally {
      signal.removeEventListener('abort', stop);
      transport.close();
    }
  };
}

/** The reason contains no text of the server: only the code, which the log of the server explains. */
function failedBy(error: unknown): SendResult {
  const { code, responseCode } = (error ?? {}) as { code?: unknown; responseCode?: unknown };
  const name = typeof code === 'string' && /^[A-Z_]{1,40}$/.test(code) ? code : 'unknown error';
  const answer = Number.isSafeInteger(responseCode) ? `, answer ${Number(responseCode)}` : '';
  const why = `the mail server did not take it (${name}${answer})`;
  // The server refuses this recipient for ever. Other refusals, such as of the login, may be mended.
  const isFinal = code === 'EENVELOPE' && Number(responseCode) >= 500;
  return { kind: 'failed', why, ...(isFinal ? { isFinal: true } : {}) };
}

/**
 * Sends a notice to a webhook: signed as Standard Webhooks say, without redirections, and not to private addresses.
 *
 * The connection itself resolves the name of the receiver and refuses a private address, so the address that is used is the one that
 * was checked (`network/public-fetch`).
 */
import { Webhook } from 'standardwebhooks';
import { bodyOf } from '../../domain/notices/formats';
import type { Notice, WebhookFormat } from '../../domain/notices/notice';
import type { SendResult } from '../../domain/notices/outbox';
import { retryAfterMs } from '../models/retry-after';
import { PrivateAddress } from '../network/connect';

const TIMEOUT_MS = 15_000;
const NO_SECRET = 'no secret signs notices of this project, or its file cannot be read: see NOTIFY_SECRET_FILE';
/** The receiver says that it wants no more. */
const GONE = 410;

export interface Post {
  /** The value of `webhook-id`: the same on every try. */
  id: string;
  notice: Notice;
  url: string;
  format: WebhookFormat;
  link: string | null;
  signal: AbortSignal;
}

export interface WebhookOptions {
  /** Opens no connection to a private address, unless the settings name the server. */
  fetch: typeof globalThis.fetch;
  /** Gives the secrets that sign the notices of a project, as `whsec_…`; each adds a signature. */
  secretsOf(projectId: string): Promise<string[]>;
  /** Default: 15 s. */
  timeoutMs?: number;
}

/** Gives a function that posts a notice once. Rejects only if its signal is aborted. */
export function createWebhooks({ fetch, secretsOf, timeoutMs = TIMEOUT_MS }: WebhookOptions) {
  return async function post({ id, notice, url, format, link, signal }: Post): Promise<SendResult> {
    const body = JSON.stringify(bodyOf(format, notice, link));
    const secrets = await secretsOf(notice.projectId).catch(() => []);
    if (secrets.length === 0) return { kind: 'failed', why: NO_SECRET };
    try {
      const headers = signatureOf({ id, body, secrets });
      const answer = await fetch(url, {
        method: 'POST',
        redirect: 'manual',
        headers: { 'content-type': 'application/json; charset=utf-8', 'user-agent': 'q-orchestrator', ...headers },
        body,
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      });
      // What a receiver says beside its status is not read: it may be of any size and content.
      await answer.body?.cancel().catch(() => undefined);
      return resultOf(answer);
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      return failedBy(error, timeoutMs);
    }
  };
}

function signatureOf({ id, body, secrets }: { id: string; body: string; secrets: string[] }): Record<string, string> {
  const at = new Date();
  const signatures = secrets.map((secret) => new Webhook(secret).sign(id, at, body));
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': signatures.join(' '),
  };
}

function resultOf({ status, headers }: Response): SendResult {
  if (status >= 200 && status < 300) return { kind: 'sent' };
  if (status >= 300 && status < 400)
    return { kind: 'failed', why: `the receiver answered ${status}; redirections are not followed`, isFinal: true };
  if (status === GONE)
    return { kind: 'failed', why: `the receiver answered ${status}: it wants no more`, isFinal: true };
  const waitMs = retryAfterMs({ 'retry-after': headers.get('retry-after') ?? '' }, Date.now());
  const asked = waitMs === undefined ? {} : { retryAfterS: Math.ceil(waitMs / 1_000) };
  return { kind: 'failed', why: `the receiver answered ${status}`, ...asked };
}

/** The reason contains no text of the receiver and no address. */
function failedBy(error: unknown, timeoutMs: number): SendResult {
  if (causesOf(error).some((cause) => cause instanceof PrivateAddress)) {
    const why =
      'the address leads to this machine or a private network; NOTIFY_PRIVATE_HOSTS names such servers in full';
    return { kind: 'failed', why, isFinal: true };
  }
  if ((error as { name?: unknown } | null)?.name === 'TimeoutError')
    return { kind: 'failed', why: `the receiver did not answer within ${timeoutMs / 1_000} s` };
  const code = causesOf(error).flatMap((cause) => codeOf(cause))[0];
  return { kind: 'failed', why: `the receiver cannot be reached${code === undefined ? '' : ` (${code})`}` };
}

function causesOf(error: unknown): unknown[] {
  const causes: unknown[] = [];
  // Errors of several addresses come together.
  for (const open = [error]; open.length > 0 && causes.length < 20;) {
    const one = open.pop();
    causes.push(one);
    const { cause, errors } = (one ?? {}) as { cause?: unknown; errors?: unknown };
    if (cause !== undefined) open.push(cause);
    if (Array.isArray(errors)) open.push(...(errors as unknown[]));
  }
  return causes;
}

function codeOf(error: unknown): string[] {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' && /^[A-Z_]{1,40}$/.test(code) ? [code] : [];
}

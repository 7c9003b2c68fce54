/**
 * E-mail over a real SMTP conversation: what arrives, and what a refusal of the server leads to.
 */
import { createMailer } from '../../../src/adapters/notices/email';
import type { Notice } from '../../../src/domain/notices/notice';
import { startSmtp } from './smtp-server';
import type { SmtpServer } from './smtp-server';

const NOTICE: Notice = {
  ...{ id: 'shop.b1.error.x-0', kind: 'error', at: '2026-11-28T09:00:00.000Z', projectId: 'shop', buildId: 'b1' },
  ...{ title: 'Dark mode', state: 'error', status: 'error', what: 'a person decides:\n.\nQUIT', deadline: null },
  path: '/api/workflows/shop.b1/status',
};

let smtp: SmtpServer;
beforeAll(async () => (smtp = await startSmtp((to) => ({ gone: 550, busy: 451 })[to.split('@')[0] ?? ''] ?? 250)));
beforeEach(() => void smtp.mails.splice(0));
afterAll(() => smtp.stop());

const sendTo = (to: string, signal = new AbortController().signal) =>
  createMailer({ url: smtp.url, from: 'Q <q@example.org>' })({
    ...{ id: 'shop.b1.error.x-0.1', notice: NOTICE, to, link: 'https://q.example.org/x', signal },
  });

test('an e-mail arrives with login, sender, recipient, subject and text, and with the same message id on every try', async () => {
  expect(await sendTo('ops@example.org')).toEqual({ kind: 'sent' });
  expect(await sendTo('ops@example.org')).toEqual({ kind: 'sent' });
  expect(smtp.logins[0]).toBe('ada:secret');
  const [mail, again] = smtp.mails;
  expect(mail).toMatchObject({ from: 'q@example.org', to: ['ops@example.org'] });
  expect(mail?.data).toMatch(/^From: Q <q@example\.org>$/m);
  expect(mail?.data).toMatch(/^Subject: shop\.b1 stopped in error$/m);
  expect(mail?.data).toMatch(/^Auto-Submitted: auto-generated$/m);
  expect(mail?.data).toContain('https://q.example.org/x');
  // A lone dot in a text does not end the message.
  expect(mail?.data).toContain('\n.\nQUIT\n');
  for (const one of [mail, again]) expect(one?.data).toContain('Message-ID: <shop.b1.error.x-0.1@q-orchestrator>');
});

test('a recipient that is refused for good ends the tries, and any other refusal does not; no word of the server is kept', async () => {
  expect(await sendTo('gone@example.org')).toEqual({
    ...{ kind: 'failed', why: 'the mail server did not take it (EENVELOPE, answer 550)', isFinal: true },
  });
  expect(await sendTo('busy@example.org')).toEqual({
    ...{ kind: 'failed', why: 'the mail server did not take it (EENVELOPE, answer 451)' },
  });
});

test('a mail server that is away fails the try', async () => {
  const away = await startSmtp();
  await away.stop();
  const mailer = createMailer({ url: away.url, from: 'q@example.org' });
  const { signal } = new AbortController();
  expect(await mailer({ id: 'x', notice: NOTICE, to: 'ops@example.org', link: null, signal })).toEqual({
    ...{ kind: 'failed', why: 'the mail server did not take it (ESOCKET)' },
  });
});

test('a try of a worker that stops is given up', async () => {
  const abort = new AbortController();
  abort.abort(new Error('the worker stops'));
  await expect(sendTo('ops@example.org', abort.signal)).rejects.toThrow('the worker stops');
  expect(smtp.mails).toEqual([]);
});

/**
 * The settings of notices, a part of the list in settings.ts.
 */
import { z } from 'zod';
import { readNotifyText } from '../requests/notify';
import { file, hostList, text, url } from './setting-forms';

const SMTP_URL = /^smtps?:\/\/[^\s/?#]+\/?(\?\S*)?$/i;
/** An address, or a name and an address in angle brackets; on one line. */
const MAILBOX = /^[^\s<>@,;]+@[^\s<>@,;]+$|^[^<>@,;\r\n]+ <[^\s<>@,;]+@[^\s<>@,;]+>$/;

export const NOTICES = {
  NOTIFY: {
    schema: z.string().transform((value, context) => {
      const read = readNotifyText(value);
      if ('targets' in read) return read.targets;
      context.addIssue(read.problem);
      return z.NEVER;
    }),
    rightForm:
      'urls of webhooks and e-mail addresses with commas between, or a JSON list of targets as in notify of a start request',
    // The url of a chat's webhook is a secret.
    secret: true,
    description: 'Targets that get the notices of all builds, beside those that a start request names.',
  },
  NOTIFY_SECRET_FILE: {
    ...file,
    description:
      'Secrets that sign notices to webhooks, one `whsec_<base64>` a line, with a project id before it for one project; without it `DATA_DIR/notice-secret`, which is made at the first notice.',
  },
  NOTIFY_PRIVATE_HOSTS: {
    ...hostList,
    default: '',
    description:
      'Servers of webhooks that may have a private address, by full name. Without a port: 443 and 80. All others must have public addresses and https.',
  },
  SMTP_URL: {
    schema: z.string().regex(SMTP_URL),
    rightForm: 'smtp://<host>:<port> or smtps://<host>:<port>, with <user>:<password>@ where the server wants it',
    secret: true,
    description: 'The mail server for notices by e-mail.',
  },
  SMTP_FROM: {
    ...text,
    schema: z.string().regex(MAILBOX),
    rightForm: 'an e-mail address, or a name and <address>',
    description: 'The sender of notices by e-mail.',
  },
  PUBLIC_URL: {
    // The limits of chats hold for the whole address of a page.
    schema: url.schema.max(200),
    rightForm: `${url.rightForm}, of up to 200 characters`,
    description:
      'The address of the API for people, for links in notices; without it the one of HOST and PORT, if people on this machine can use it.',
  },
} as const;

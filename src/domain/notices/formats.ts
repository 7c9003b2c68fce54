/**
 * The bodies in which notices are sent: Standard Webhooks, Slack, Teams, Discord, e-mail. Pure.
 *
 * Text of a build comes from people, models and tools. Each format shows it as text: it can make no mention, no link and no markup.
 */
import { workflowIdOf } from '../ids';
import { cut } from './notice';
import type { AnyNoticeKind, Notice, WebhookFormat } from './notice';

/**
 * The limits that the receivers document, in characters; `teamsBytes` in bytes.
 *
 * Slack: docs.slack.dev/reference/block-kit (header 150, section text 3,000, 50 blocks). Discord: docs.discord.com, Message resource
 * (content 2,000, title of an embed 256, its description 4,096, 6,000 in all embeds). Teams: learn.microsoft.com, Incoming Webhooks
 * (28 KB a message).
 */
export const FORMAT_LIMITS = {
  slackHeader: 150,
  slackSection: 3_000,
  discordContent: 2_000,
  discordTitle: 256,
  discordDescription: 4_096,
  discordEmbeds: 6_000,
  teamsBytes: 28_000,
  emailSubject: 200,
} as const;

/** `link`: the whole address of the page that shows more; null if the address of the API is not known. */
export function bodyOf(format: WebhookFormat, notice: Notice, link: string | null): object {
  switch (format) {
    case 'standard':
      return standardBody(notice, link);
    case 'slack':
      return slackBody(notice, link);
    case 'teams':
      return teamsBody(notice, link);
    case 'discord':
      return discordBody(notice, link);
  }
}

/** Gives subject and text of an e-mail; the subject has one line. */
export function emailOf(notice: Notice, link: string | null): { subject: string; text: string } {
  const subject = cut(singleLine(headlineOf(notice)), FORMAT_LIMITS.emailSubject);
  const lines = [
    headlineOf(notice),
    '',
    sentence(notice.what),
    ...factsOf(notice).map(([name, value]) => `${name}: ${value}`),
  ];
  return { subject, text: `${[...lines, ...(link === null ? [] : ['', link])].join('\n')}\n` };
}

const HEADLINES: Readonly<Record<AnyNoticeKind, string>> = {
  waiting: 'waits for you',
  error: 'stopped in error',
  budget: 'nears the end of its budget',
  reminder: 'still waits for you',
  escalation: 'was not answered and is escalated',
  retried: 'does a phase again',
  rolled_back: 'was rolled back',
  released: 'is released',
  complete: 'is complete',
  cancelled: 'was cancelled',
  test: 'sends a test notice',
};

export function headlineOf({ kind, projectId, buildId, percent }: Notice): string {
  const subject = buildId === null ? `Project ${projectId}` : workflowIdOf({ projectId, buildId });
  if (kind === 'budget' && percent !== undefined)
    return `${subject} has used ${percent} %${percent < 100 ? ' or more' : ''} of its budget`;
  return `${subject} ${HEADLINES[kind]}`;
}

function factsOf({ title, state, deadline }: Notice): Array<[string, string]> {
  const facts: Array<[string, string | null]> = [
    ['Request', title === '' ? null : singleLine(title)],
    ['State', state],
    ['Until', deadline],
  ];
  return facts.filter((fact): fact is [string, string] => fact[1] !== null);
}

/** The form that the Standard Webhooks specification recommends: type, timestamp, data. */
function standardBody(notice: Notice, link: string | null): object {
  const { id, kind, at, projectId, buildId, title, state, status, what, deadline, percent } = notice;
  return {
    type: kind === 'test' ? 'notice.test' : `build.${kind}`,
    timestamp: at,
    data: {
      ...{ notice_id: id, project_id: projectId, build_id: buildId },
      workflow_id: buildId === null ? null : workflowIdOf({ projectId, buildId }),
      ...{ title, state, status, what, link, deadline },
      ...(percent === undefined ? {} : { percent }),
    },
  };
}

function slackBody(notice: Notice, link: string | null): object {
  const facts = factsOf(notice).map(([name, value]) => `${name}: ${value}`);
  const text = slackText([sentence(notice.what), ...facts].join('\n'));
  const more = link === null ? '' : `\n<${link}|Open>`;
  return {
    text: slackText(`${headlineOf(notice)}: ${notice.what}`),
    blocks: [
      {
        type: 'header',
        text: { type: 'plain_text', text: cut(headlineOf(notice), FORMAT_LIMITS.slackHeader), emoji: false },
      },
      // `verbatim`: Slack makes no links and mentions of what looks like one.
      { type: 'section', text: { type: 'mrkdwn', text: `${text}${more}`, verbatim: true } },
    ],
  };
}

/** Escapes what Slack's markup gives a meaning. The zero-width space stops emphasis. */
function slackText(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[*_~`]/g, '$&\u200b');
}

function teamsBody(notice: Notice, link: string | null): object {
  const facts = factsOf(notice).map(([title, value]) => ({ title, value: escapeMarkdown(value) }));
  const text = (words: string, more: object) => ({
    type: 'TextBlock',
    text: escapeMarkdown(words),
    wrap: true,
    ...more,
  });
  const card = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body: [
      text(headlineOf(notice), { weight: 'Bolder', size: 'Medium' }),
      text(sentence(notice.what), {}),
      { type: 'FactSet', facts },
    ],
    ...(link === null ? {} : { actions: [{ type: 'Action.OpenUrl', title: 'Open', url: link }] }),
  };
  const attachment = { contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content: card };
  return { type: 'message', attachments: [attachment] };
}

function discordBody(notice: Notice, link: string | null): object {
  const description = [sentence(notice.what), ...factsOf(notice).map(([name, value]) => `${name}: ${value}`)].join(
    '\n',
  );
  return {
    content: cut(escapeMarkdown(headlineOf(notice)), FORMAT_LIMITS.discordContent),
    embeds: [
      {
        title: cut(headlineOf(notice), FORMAT_LIMITS.discordTitle),
        description: cut(escapeMarkdown(description), FORMAT_LIMITS.discordDescription),
        timestamp: notice.at,
        ...(link === null ? {} : { url: link }),
      },
    ],
    // Without it, "@everyone" in a text of a build would call everybody.
    allowed_mentions: { parse: [] },
  };
}

/** Escapes the markup of Discord and of Adaptive Cards. A zero-width space keeps addresses from becoming links. */
function escapeMarkdown(text: string): string {
  return text.replace(/[\\*_~`|>#[\]()<-]/g, '\\$&').replace(/(https?:)(\/\/)/gi, '$1\u200b$2');
}

function singleLine(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
}

/** Begins with a capital letter. */
function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

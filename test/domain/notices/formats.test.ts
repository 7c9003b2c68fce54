/**
 * The bodies of notices: each within the limits that its receiver documents, and text of a build stays text in each.
 */
import fc from 'fast-check';
import { FORMAT_LIMITS, bodyOf, emailOf, headlineOf } from '../../../src/domain/notices/formats';
import { NOTICE_KINDS, TITLE_LIMIT_CHARS, WHAT_LIMIT_CHARS, WEBHOOK_FORMATS } from '../../../src/domain/notices/notice';
import type { AnyNoticeKind, Notice } from '../../../src/domain/notices/notice';

// The body of any format: each test says which members it expects.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Body = any;

const LINK = 'https://q.example.org/api/workflows/shop.b1/approvals';
const NOTICE: Notice = {
  ...{ id: 'shop.b1.waiting.x-0', kind: 'waiting', at: '2026-11-28T09:00:00.000Z', projectId: 'shop', buildId: 'b1' },
  ...{ title: 'Dark mode', state: 'planning', status: 'waiting', what: 'a person answers the open questions: q1' },
  ...{ path: '/api/workflows/shop.b1/approvals', deadline: '2026-11-29T09:00:00.000Z' },
};
const WILD =
  '@everyone <!channel> <@U1> [x](https://evil.example) *b* _i_ ~s~ `c` | > # & <https://evil.example|y> \\*';
const KINDS = [...Object.keys(NOTICE_KINDS), 'test'] as AnyNoticeKind[];

test('the standard body has type, timestamp and data, and names build, what is to be done and the link', () => {
  expect(bodyOf('standard', NOTICE, LINK)).toEqual({
    type: 'build.waiting',
    timestamp: '2026-11-28T09:00:00.000Z',
    data: {
      ...{ notice_id: 'shop.b1.waiting.x-0', project_id: 'shop', build_id: 'b1', workflow_id: 'shop.b1' },
      ...{ title: 'Dark mode', state: 'planning', status: 'waiting', link: LINK },
      ...{ what: 'a person answers the open questions: q1', deadline: '2026-11-29T09:00:00.000Z' },
    },
  });
  expect(bodyOf('standard', { ...NOTICE, kind: 'budget', percent: 80 }, null)).toMatchObject({
    ...{ type: 'build.budget', data: { percent: 80, link: null } },
  });
  expect(bodyOf('standard', { ...NOTICE, kind: 'test', buildId: null }, null)).toMatchObject({
    ...{ type: 'notice.test', data: { build_id: null, workflow_id: null } },
  });
});

test('Slack gets a header and a section with a link, and no text of a build calls anybody', () => {
  const body: Body = bodyOf('slack', { ...NOTICE, what: WILD }, LINK);
  expect(body.blocks[0]).toEqual({
    type: 'header',
    text: { type: 'plain_text', text: 'shop.b1 waits for you', emoji: false },
  });
  expect(body.blocks[1].text).toMatchObject({ type: 'mrkdwn', verbatim: true });
  const text: string = body.blocks[1].text.text;
  expect(text.match(/<[^>]*>/g)).toEqual([`<${LINK}|Open>`]);
  expect(body.text).not.toMatch(/<[!@#h]/);
  expect(text).not.toMatch(/\*b\*|_i_|~s~|`c`/);
});

test('Teams gets an Adaptive Card in a message, with an action that opens the link', () => {
  const body: Body = bodyOf('teams', NOTICE, LINK);
  expect(body).toMatchObject({ type: 'message', attachments: [{ contentUrl: null }] });
  const [{ contentType, content }] = body.attachments;
  expect(contentType).toBe('application/vnd.microsoft.card.adaptive');
  expect(content).toMatchObject({
    ...{ type: 'AdaptiveCard', version: '1.4', actions: [{ type: 'Action.OpenUrl', title: 'Open', url: LINK }] },
  });
  expect(content.body.map(({ type }: { type: string }) => type)).toEqual(['TextBlock', 'TextBlock', 'FactSet']);
  const wild: Body = bodyOf('teams', { ...NOTICE, what: WILD }, null);
  const words: string = wild.attachments[0].content.body[1].text;
  expect(words).toContain('\\[x\\]\\(');
  expect(words).not.toContain('https://evil');
  expect(wild.attachments[0].content.actions).toBeUndefined();
});

test('Discord gets a content and one embed, and no mention is ever parsed', () => {
  const body: Body = bodyOf('discord', { ...NOTICE, what: WILD }, LINK);
  expect(body.allowed_mentions).toEqual({ parse: [] });
  expect(body.embeds).toHaveLength(1);
  expect(body.embeds[0]).toMatchObject({ title: 'shop.b1 waits for you', url: LINK, timestamp: NOTICE.at });
  expect(body.embeds[0].description).not.toMatch(/(?<!\\)[*_~`|>#[\]()<]/);
  expect(body.embeds[0].description).not.toContain('https://evil');
});

test('an e-mail has one line of subject, and what is to be done, until when and where', () => {
  const { subject, text } = emailOf({ ...NOTICE, title: 'Dark\r\nBcc: eve@example.org' }, LINK);
  expect(subject).toBe('shop.b1 waits for you');
  expect(text.split('\n')).toEqual([
    ...['shop.b1 waits for you', '', 'A person answers the open questions: q1'],
    ...['Request: Dark Bcc: eve@example.org', 'State: planning', 'Until: 2026-11-29T09:00:00.000Z', '', LINK, ''],
  ]);
});

test.each(KINDS)('a notice of the kind %s has a headline of its own in each format', (kind) => {
  const notice: Notice = { ...NOTICE, kind, percent: kind === 'budget' ? 95 : undefined } as Notice;
  expect(headlineOf(notice)).toMatch(/^shop\.b1 [a-z]/);
  for (const format of WEBHOOK_FORMATS) expect(JSON.stringify(bodyOf(format, notice, LINK))).toContain('shop.b1');
});

const anyText = (limit: number) =>
  fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: limit }),
    fc.constantFrom('&'.repeat(limit), '😀'.repeat(limit), '*'.repeat(limit)),
  );

test('whatever its texts are, each body stays within the documented limits of its receiver', () => {
  const notices = fc.record({
    kind: fc.constantFrom(...KINDS),
    title: anyText(TITLE_LIMIT_CHARS),
    what: anyText(WHAT_LIMIT_CHARS),
    projectId: fc.constantFrom('p', 'p'.repeat(64)),
    buildId: fc.constantFrom('b', 'b'.repeat(64)),
  });
  fc.assert(
    fc.property(notices, (over) => {
      const notice: Notice = { ...NOTICE, ...over };
      const slack: Body = bodyOf('slack', notice, LINK);
      expect(slack.blocks.length).toBeLessThanOrEqual(50);
      expect(slack.blocks[0].text.text.length).toBeLessThanOrEqual(FORMAT_LIMITS.slackHeader);
      expect(slack.blocks[1].text.text.length).toBeLessThanOrEqual(FORMAT_LIMITS.slackSection);
      const discord: Body = bodyOf('discord', notice, LINK);
      const [{ title, description }] = discord.embeds;
      expect(discord.content.length).toBeLessThanOrEqual(FORMAT_LIMITS.discordContent);
      expect(title.length).toBeLessThanOrEqual(FORMAT_LIMITS.discordTitle);
      expect(description.length).toBeLessThanOrEqual(FORMAT_LIMITS.discordDescription);
      expect(title.length + description.length).toBeLessThanOrEqual(FORMAT_LIMITS.discordEmbeds);
      expect(Buffer.byteLength(JSON.stringify(bodyOf('teams', notice, LINK)))).toBeLessThanOrEqual(
        FORMAT_LIMITS.teamsBytes,
      );
      const { subject } = emailOf(notice, LINK);
      expect(subject.length).toBeLessThanOrEqual(FORMAT_LIMITS.emailSubject);
      expect(subject).not.toMatch(/[\r\n]/);
    }),
    { numRuns: 150 },
  );
});

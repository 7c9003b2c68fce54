/**
 * The log: one line for each event, as text or as JSON.
 */
import { createLog, temporalLogger } from '../../src/programs/log';
import { secretsOf } from '../secret-values';

let lines: string[];
beforeEach(() => {
  lines = [];
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => lines.push(String(text)) > 0);
});
afterEach(() => jest.restoreAllMocks());

const AT = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d /;
const log = (logLevel: 'info' | 'debug' = 'info') => createLog({ logLevel, logFormat: 'text' });

test("O7: a warning of Temporal's SDK is one line with the activity, the build and the reason", () => {
  const error = new Error('the sandbox is gone\nand this is more');
  const meta = { error, workflowId: 'shop.dark-mode', activityType: 'auditTests', attempt: 3n, tasks: [{ a: 1 }] };
  temporalLogger(log()).warn('Activity failed', meta);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(AT);
  expect(lines[0]?.replace(AT, '')).toBe('warn Activity failed: auditTests of shop.dark-mode: the sandbox is gone\n');
});

test('O7: messages of the SDK below a warning are not logged, and lines of a build are', () => {
  const logger = temporalLogger(log('debug'));
  logger.info('Worker state changed', { state: 'RUNNING' });
  logger.info('shop.dark-mode paused by ada: lunch', { buildEvent: { build: 'shop.dark-mode', event: 'paused' } });
  expect(lines.map((line) => line.replace(AT, ''))).toEqual(['shop.dark-mode paused by ada: lunch\n']);
});

test('a failure of the product is one line too', () => {
  log().error({ err: new Error('first\nsecond') }, 'a request failed\non this side');
  expect(lines.map((line) => line.replace(AT, ''))).toEqual(['error a request failed on this side: first\n']);
});

test.each(['text', 'json'] as const)(
  'S17: no line of a log in %s holds a secret, at any level and in any member',
  (logFormat) => {
    const { github, jwt, password, inUrl, openai } = secretsOf('log');
    const secretSetting = 'four plain "words" here';
    const fullLog = createLog({ logLevel: 'trace', logFormat, secrets: [secretSetting] });
    const error = new Error(`no access with ${github}`);
    for (const level of ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const) {
      fullLog[level](
        { err: error, headers: { authorization: `Bearer ${jwt}` }, db_password: password },
        `the setting ${secretSetting}`,
      );
      temporalLogger(fullLog).error(`https://ada:${inUrl}@example.org failed`, { error, deep: [{ key: openai }] });
    }
    const output = lines.join('');
    expect(lines).toHaveLength(12);
    expect(output).toContain('[redacted: setting]');
    expect(output).toContain('[redacted: GitHub token]');
    for (const secret of [
      github,
      jwt,
      password,
      inUrl,
      openai,
      secretSetting,
      JSON.stringify(secretSetting).slice(1, -1),
    ])
      expect(output).not.toContain(secret);
    if (logFormat === 'json') for (const line of lines) expect(JSON.parse(line)).toHaveProperty('msg');
  },
);

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

test("O7: what Temporal's SDK dumps over many lines is one line that says where and why", () => {
  const error = new Error('the sandbox is gone\nand this is more');
  const meta = { error, workflowId: 'shop.dark-mode', activityType: 'auditTests', attempt: 3n, tasks: [{ a: 1 }] };
  temporalLogger(log()).warn('Activity failed', meta);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(AT);
  expect(lines[0]?.replace(AT, '')).toBe('warn Activity failed: auditTests of shop.dark-mode: the sandbox is gone\n');
});

test('O7: what the SDK says about itself below a warning is not logged, a build’s own lines are', () => {
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
  'S17: no line of a log in %s holds a secret, at any level and wherever it stands',
  (logFormat) => {
    const { github, jwt, password, inUrl, openai } = secretsOf('log');
    const setting = 'four plain "words" here';
    const all = createLog({ logLevel: 'trace', logFormat, secrets: [setting] });
    const error = new Error(`no access with ${github}`);
    for (const level of ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const) {
      all[level](
        { err: error, headers: { authorization: `Bearer ${jwt}` }, db_password: password },
        `the setting ${setting}`,
      );
      temporalLogger(all).error(`https://ada:${inUrl}@example.org failed`, { error, deep: [{ key: openai }] });
    }
    const said = lines.join('');
    expect(lines).toHaveLength(12);
    expect(said).toContain('[redacted: setting]');
    expect(said).toContain('[redacted: GitHub token]');
    for (const secret of [github, jwt, password, inUrl, openai, setting, JSON.stringify(setting).slice(1, -1)])
      expect(said).not.toContain(secret);
    if (logFormat === 'json') for (const line of lines) expect(JSON.parse(line)).toHaveProperty('msg');
  },
);

/**
 * Tests the wait that a provider asks for, the detail of a failure, and the schema that is sent.
 */
import { OUTPUT_SCHEMAS } from '../../../src/activities/outputs';
import { detailOf } from '../../../src/adapters/models/detail';
import { retryAfterMs, retryDelayMs } from '../../../src/adapters/models/retry-after';
import { wireSchema } from '../../../src/adapters/models/wire-schema';
import { PHASES } from '../../../src/domain/roles';

const DAYS_30 = 2_592_000_000;
const now = Date.parse('2026-11-20T10:00:00Z');

test.each([
  [{ 'retry-after': '12' }, 12_000],
  [{ 'retry-after': '0.5' }, 500],
  [{ 'retry-after': 'Fri, 20 Nov 2026 10:01:00 GMT' }, 60_000],
  [{ 'retry-after': 'Fri, 20 Nov 2026 09:00:00 GMT' }, 0],
  [{ 'retry-after-ms': '250', 'retry-after': '9' }, 250],
  [{ 'retry-after': 'soon' }, undefined],
  [{ 'retry-after': 'NaN' }, undefined],
  [{ 'retry-after': '-5' }, undefined],
  [{ 'retry-after-ms': '-250', 'retry-after': '9' }, 9_000],
  [{ 'retry-after': '99999999999999999' }, DAYS_30],
  [{ 'retry-after': '9'.repeat(400) }, DAYS_30],
  [{ 'retry-after-ms': '99999999999999999' }, DAYS_30],
  [{ 'retry-after': 'Fri, 20 Nov 9999 10:01:00 GMT' }, DAYS_30],
  [{}, undefined],
])('the headers %j ask to wait %s ms', (headers, expected) => {
  expect(retryAfterMs(headers as Record<string, string>, now)).toBe(expected);
});

test('the wait in the body of a refusal by Google is read', () => {
  expect(retryDelayMs('{"error":{"details":[{"@type":"retryinfo","retrydelay":"34.5s"}]}}')).toBe(34_500);
  expect(retryDelayMs('{"retrydelay":"99999999999999s"}')).toBe(DAYS_30);
  expect(retryDelayMs('{"error":{"message":"slow down"}}')).toBeUndefined();
});

test.each([
  ['authorization: Bearer abcdef', 'authorization: Bearer [left out]'],
  ['{"api_key":"abcdef","x":1}', '{"api_key":"[left out]","x":1}'],
  ['Incorrect API key provided: sk-ab***yz.', 'Incorrect API key provided: [left out]'],
  ['max_tokens: 9 > 8', 'max_tokens: 9 > 8'],
  ['\uD83D half', 'half'],
])('M18: the message %s is logged as %s', (message, loggedText) => {
  expect(detailOf(new Error(message), [])).toBe(loggedText);
});

test.each([
  ['first\nsecond', 'first ⏎ second'],
  ['first\r\n\r\nsecond\u2028third\rfourth', 'first ⏎ second ⏎ third ⏎ fourth'],
  ['a\tb\u001b[31mc', 'a b [31mc'],
])('the message %j is logged in one line: %s', (message, loggedText) => {
  expect(detailOf(new Error(message), [])).toBe(loggedText);
});

test('a secret is removed completely, also if it contains another secret or is escaped as JSON', () => {
  expect(detailOf(new Error('no token-of-q-2, says token-of-q'), ['token-of-q', 'token-of-q-2'])).toBe(
    'no [left out], says [left out]',
  );
  expect(detailOf(new Error('{"sent":"a\\"bcd"}'), ['a"bcd'])).toBe('{"sent":"[left out]"}');
});

test.each(PHASES)(
  'the schema of %s is sent without keywords that providers refuse, and with every field required',
  (phase) => {
    const schema = wireSchema(OUTPUT_SCHEMAS[phase]);
    expect(JSON.stringify(schema)).not.toMatch(/"(minLength|maxLength|pattern|minItems|maxItems)":/);
    expect(schema.additionalProperties).toBe(false);
    expect(schema.required).toEqual(Object.keys(schema.properties ?? {}));
  },
);

test('a limit that is removed from the schema is added to its description', () => {
  const { properties } = wireSchema(OUTPUT_SCHEMAS.discovery);
  expect(properties?.['summary']).toMatchObject({
    description: expect.stringMatching(/^One paragraph.*maxLength: 2000/),
  });
});

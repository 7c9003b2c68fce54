/**
 * Tests which JSON object is read from a model's text, and which texts are refused because the object is ambiguous.
 */
import fc from 'fast-check';
import { readJson, withoutThinking } from '../../../src/adapters/models/read-json';

const value = { greeting: 'good morning', list: [1, { a: '}' }] };
const json = JSON.stringify(value);

test.each([
  ['as it is', json],
  ['with white space around it', `\n\n  ${json}  \n`],
  ['M8: in a fence', `\`\`\`json\n${json}\n\`\`\``],
  ['M8: in a fence in upper case', `\`\`\`JSON\n${json}\n\`\`\``],
  ['M8: in a fence of four', `\`\`\`\`json\n${json}\n\`\`\`\``],
  ['M8: in a fence on one line', `\`\`\`json ${json} \`\`\``],
  ['M8: in a fence that is not closed', `\`\`\`json\n${json}`],
  ['M8: with prose before and after the fence', `Sure! Here:\n\`\`\`\n${json}\n\`\`\`\nLet me know if {that} helps.`],
  ['M5: with prose after it', `${json}\n\nHope this helps!`],
  ['M5: with a comma before the last bracket', `${json.slice(0, -1)} ,\n}`],
  ['M5: that is repeated', `${json}\n\nOnce more:\n${json}`],
  ['M6: after reasoning', `<think>{"greeting": "no"} or {…}</think>\n${json}`],
  ['M6: after reasoning in another tag', `<Thinking>hm</Thinking>\n\n\`\`\`json\n${json}\n\`\`\``],
  ['M6: after reasoning whose opening tag is missing', `A draft: {"greeting":"no"}.\n</think>\n\n${json}`],
  ['with a list in square brackets in the prose', `As in [1] and [the guide](x):\n${json}`],
  ['after braces that are not JSON', `Use {name} and { x: 1 }.\n${json}`],
  ['after an empty object', `useState({}) is\n${json}`],
])('an object is read %s', (_what, text) => {
  expect(readJson(text)).toEqual({ kind: 'read', value });
});

test('M8: raw line ends and tabs within a string are read unchanged', () => {
  expect(readJson('{"content": "one\n\ttwo\r\n"}')).toEqual({ kind: 'read', value: { content: 'one\n\ttwo\r\n' } });
});

test('a fence, a reasoning tag or a brace within a string belongs to the string', () => {
  const object = { content: '```js\n<think>}{</think>\n\n```', b: '</think>\n' };
  expect(readJson(`Here: ${JSON.stringify(object)}`)).toEqual({ kind: 'read', value: object });
});

test.each([
  ['none', 'Good morning to all.'],
  ['none', 'See [1] and {name}.'],
  ['none', `<think>${json}`],
  ['none', '42'],
  ['several', `${json}\n{"greeting":"another"}`],
  ['broken', json.slice(0, -1)],
  ['broken', `{"draft": ${json}, "rest": "breaks off`],
  ['broken', `${json}\n{"greeting": "and this breaks off`],
  ['broken', '{"a": 1 "b": 2}'],
  ['broken', `[${json}, {"a":`],
])('no object is read (%s) from: %s', (kind, text) => {
  expect(readJson(text)).toEqual({ kind });
});

test('a list with one object is not read as that object', () => {
  expect(readJson(`[${json}]`)).toEqual({ kind: 'read', value: [value] });
  expect(readJson(`Here: [${json}]`)).toEqual({ kind: 'read', value: [value] });
});

test('every JSON object is read from a fence within prose', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }), (object) => {
      const expected: unknown = JSON.parse(JSON.stringify(object));
      expect(readJson(`Sure:\n\`\`\`json\n${JSON.stringify(object, null, 2)}\n\`\`\`\nDone.`)).toEqual({
        kind: 'read',
        value: expected,
      });
    }),
  );
});

test.each([
  ['brackets', '{['.repeat(200_000)],
  ['objects that break off', '{"a":'.repeat(100_000)],
  ['quotes', '{"'.repeat(200_000)],
  ['opening reasoning tags', '<think>'.repeat(60_000)],
  ['closing reasoning tags', ' </think> x'.repeat(40_000)],
  ['commas', `{"a":[${','.repeat(400_000)}`],
  ['broken objects', '{"a"} '.repeat(60_000)],
  ['equal objects', '{"a":1} '.repeat(50_000)],
  ['braces of prose', '{a} '.repeat(100_000)],
])('the time to read %s grows linearly with their number', (_what, text) => {
  const usageBefore = process.cpuUsage();
  readJson(text);
  // Quadratic work would take minutes. Processor time is measured, because the machine may be busy.
  expect(process.cpuUsage(usageBefore).user).toBeLessThan(4_000_000);
});

test('reasoning is removed only at the beginning', () => {
  expect(withoutThinking('<think>a</think><think>b</think>c')).toBe('c');
  expect(withoutThinking('c <think>a</think>')).toBe('c <think>a</think>');
  expect(withoutThinking('<think>for ever')).toBe('');
});

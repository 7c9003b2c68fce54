/** Runs broken functions, which return another value of the same type. */
import { execFileSync } from 'node:child_process';
import { runInNewContext } from 'node:vm';
import { textAfter, unitsIn } from './asked';

const withOtherAnswer = async (path: string, text: string): Promise<string> =>
  textAfter(text, (await unitsIn(`src/${path}`, text)).units, 'gives another answer');

test.each([
  ['3', 4],
  ['NaN', 0],
  ["'a'", 'a_'],
  ['true', false],
  ['[1, [2]]', [2, [3]]],
  ['[]', [1]],
  ["{ a: 1, b: { c: 'x' } }", { a: 2, b: { c: 'x_' } }],
  ['{}', { broken: 1 }],
  ['new Map()', undefined],
])('JavaScript: %s becomes %j', async (expression, expected) => {
  const text = await withOtherAnswer('a.js', `function f() {\n  return ${expression};\n}\n`);
  expect(JSON.stringify(runInNewContext(`${text}; f();`))).toBe(JSON.stringify(expected));
});

test('JavaScript: the value of a promise and the body of an arrow function change, too', async () => {
  const text = await withOtherAnswer('a.js', 'const f = async (n) => ({ n: await n });\n');
  expect(await (runInNewContext(`${text}; f(2);`) as Promise<unknown>)).toEqual({ n: 3 });
});

test.each([
  ['3', '4'],
  ["'a'", "'a_'"],
  ['True', 'False'],
  ['1, 2', '(2, 3)'],
  ["{'a': [1]}", "{'a': [2]}"],
  ['[]', '[1]'],
  ['object()', 'None'],
])('Python: %s becomes %s', async (expression, expected) => {
  const text = await withOtherAnswer('a.py', `def f():\n    return ${expression}\n`);
  expect(execFileSync('python3', ['-c', `${text}\nprint(repr(f()))`], { encoding: 'utf8' }).trim()).toBe(expected);
});

test.each([
  ['send(n)', ['gives another answer', 'gives nothing back']],
  ['await this.store.send(n)', ['gives another answer', 'gives nothing back']],
  ['Math.floor(n * 0.9)', ['gives another answer']],
  ['items.map((n) => send(n))', ['gives another answer']],
  ['n * 9', ['gives another answer']],
])(
  'returning nothing instead of %s is a break of its own only if the expression can have other effects',
  async (value, expected) => {
    const text = `async function f(n, items) {\n  return ${value};\n}\n`;
    const { units } = await unitsIn('src/a.js', text);
    const says = units.filter(({ kind, line }) => kind === 'value' && line === 2).map((one) => one.says);
    expect(says.filter((one) => one.startsWith('return')).map((one) => one.split(': ').at(-1))).toEqual(expected);
  },
);

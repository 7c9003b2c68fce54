/** Lines that can do harm, by table: each rule has a source that it finds, and similar harmless code that it does not. */
import { harmKindOf } from '../../../src/inspect/harm/harmed-files';
import { harmfulLines } from '../../../src/inspect/harm/harmful-lines';
import { CODE_ROWS } from './code-rows';
import { DATA_ROWS } from './data-rows';
import { LOGGED_ROWS } from './logged-rows';
import { MACHINE_ROWS } from './machine-rows';
import { UNFINISHED_ROWS } from './unfinished-rows';
import { processorMs } from '../../processor-time';

const runners = { protects: () => false };
function harmsIn(path: string, source: string): string[] {
  const kind = harmKindOf(path, runners);
  if (kind === undefined) return [];
  const { harms, hosts } = harmfulLines(path, source, kind);
  const findings = harms.filter(({ isNote }) => !isNote).map(({ line, does }) => `${line} ${does}`);
  return [...findings, ...hosts.flatMap(({ line, does }) => (does === null ? [] : [`${line} ${does}`]))];
}

test.each([...CODE_ROWS, ...DATA_ROWS, ...LOGGED_ROWS, ...MACHINE_ROWS, ...UNFINISHED_ROWS])(
  '%s: %s',
  (_name, path, harmful, does, honest) => {
    const line = harmful.split('\n').length;
    expect(harmsIn(path, harmful)).toContainEqual(expect.stringMatching(new RegExp(`^${line} .*${does.source}`)));
    expect(harmsIn(path, honest)).toEqual([]);
  },
);

test('tests, documents and comments are not searched', () => {
  expect(harmsIn('test/helper.js', 'eval(text);')).toEqual([]);
  expect(harmsIn('README.md', 'eval(text)')).toEqual([]);
  expect(harmsIn('src/a.js', '// eval(text)\n/* rm -rf / */')).toEqual([]);
});

test('an error that is swallowed is a note', () => {
  const { harms } = harmfulLines('a.py', 'with suppress(Declined):\n    card.charge(3)\n', 'source');
  expect(harms).toMatchObject([{ line: 1, isNote: true }]);
});

test.each([
  ['src/a.js', "await fetch('https://till.example/sales', { method: 'POST', body });", /network/],
  ['src/a.py', 'requests.post(URL, json=sale)', /network/],
  ['src/a.go', 'http.Post(url, kind, body)', /network/],
  ['src/a.py', "message['Bcc'] = COPY", /message to people|do not see/],
  ['src/a.js', "transport.sendMail({ to, bcc: 'a@b.example' });", /message to people|do not see/],
  ['src/a.rs', 'fs::write("ledger", text)?;', /files/],
  ['src/a.py', "open(path, 'w')", /files/],
  ['src/a.java', 'String tenth = System.getProperty("till.tenth");', /surroundings/],
  ['src/a.ts', 'const { THRESHOLD } = process.env;', /surroundings/],
  ['src/a.js', "console.log('paid', sale);", /log/],
  ['src/a.js', "res.setHeader('Set-Cookie', cookie);", /header/],
  ['src/a.py', 'db.execute("UPDATE orders SET paid = paid * 0.9 WHERE id = ?", (id,))', /database/],
  ['src/a.js', "export const ACCOUNT = 'DE89370400440532013000';", /account/],
])('%s: a line that reaches outside of the program is shown to people: %s', (path, source, does) => {
  const { harms } = harmfulLines(path, source, 'source');
  expect(harms.map((one) => one.does).join()).toMatch(does);
});

test.each([
  ['src/a.js', 'const got = items.filter(isOpen);'],
  ['src/a.py', 'open(path)'],
  ['src/a.js', "const name = 'Ada';"],
])('%s: %s reaches nothing outside of the program', (path, source) => {
  expect(harmfulLines(path, source, 'source').harms).toEqual([]);
});

test('a long line is read in a moment', async () => {
  const signs = [
    'a.',
    "'a' ",
    'rm -rf ',
    'assert (',
    '(',
    'chmod ',
    'console.log(a.',
    "'SELECT a FROM b ",
    "'SELECT a FROM b WHERE ' + ",
    'origin: true ',
  ];
  const read = (sign: string) => harmfulLines('src/a.js', sign.repeat(60_000 / sign.length), 'source');
  expect(await processorMs(() => signs.map(read))).toBeLessThan(5_000);
});

/** Weaknesses that every reviewer knows by their lines: each is found, and similar harmless code is not. */
import { alteredHarms } from '../../../../src/inspect/harm/altered/altered';
import { misleadingReason } from '../../../../src/inspect/delivered/readable';
import { harmKindOf } from '../../../../src/inspect/harm/harmed-files';
import { harmfulLines } from '../../../../src/inspect/harm/harmful-lines';
import { changesOf } from '../../../../src/domain/experiments/changed-files';
import { CLIENT_FOUND, CLIENT_HONEST } from './client-rows';
import { processorMs } from '../../../processor-time';
import { PART_FOUND, PART_HONEST } from './part-rows';
import { WEAK_FOUND, WEAK_HONEST } from './weak-rows';

function harmsIn(path: string, source: string): string[] {
  const kind = harmKindOf(path, { protects: () => false });
  if (kind === undefined) return [];
  return harmfulLines(path, source, kind).harms.flatMap(({ does, isNote }) => (isNote ? [] : [does]));
}

test.each([...CLIENT_FOUND, ...WEAK_FOUND, ...PART_FOUND])('%s: %j is found', (path, source, does) => {
  expect(harmsIn(path, source).join('\n')).toMatch(does);
});

test.each([...CLIENT_HONEST, ...WEAK_HONEST, ...PART_HONEST])('%s: %j is honest', (path, source) => {
  expect(harmsIn(path, source)).toEqual([]);
});

const rule = (condition: string): string => `match /sales/{sale} {\n  allow write: if ${condition};\n}\n`;

function alteredIn(path: string, before: string, after: string): string[] {
  const row = (text: string): string => text.split('\n')[1] ?? '';
  const diff = `diff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n@@ -2 +2 @@\n-${row(before)}\n+${row(after)}\n`;
  const change = changesOf(diff).get(path);
  return change === undefined ? ['no change'] : alteredHarms({ path, before, after, change }).map(({ does }) => does);
}

test('a rule that named a role, and lets in who is signed in, is found', () => {
  const [before, after] = [rule('request.auth.token.role == "clerk"'), rule('request.auth != null')];
  expect(alteredIn('firestore.rules', before, after).join()).toMatch(/signed in/);
  expect(alteredIn('firestore.rules', after, before)).toEqual([]);
});

test('a key of data in letters of two scripts is found, and words of people are not', () => {
  const problemIn = (path: string, text: string): string | undefined => misleadingReason({ path, line: 1, text }, text);
  expect(problemIn('config/shop.json', '  "allowedOrigin\u0455": ["a"],')).toMatch(/two scripts/);
  expect(problemIn('config/shop.yml', 'allowedOrigin\u0455: a')).toMatch(/two scripts/);
  expect(problemIn('config/shop.properties', 'allowed.origin\u0455=a')).toMatch(/two scripts/);
  expect(problemIn('config/shop.json', '  "slogan": "\u0414\u0435\u0441\u044f\u0442\u044c % off",')).toBeUndefined();
  expect(problemIn('locales/ru.json', '  "\u0446\u0435\u043d\u0430": "price",')).toBeUndefined();
});

test('a host without a scheme is a host', () => {
  const { hosts } = harmfulLines('src/a.js', "await fetch('//img.cdn-tills.net/p');", 'source');
  expect(hosts).toMatchObject([{ host: 'img.cdn-tills.net', does: 'calls the host img.cdn-tills.net' }]);
  expect(harmfulLines('public/a.css', 'a { background: url(//img.cdn-tills.net/p); }', 'style').hosts).toMatchObject([
    { host: 'img.cdn-tills.net', does: null },
  ]);
});

test('long lines are read in a moment', async () => {
  const signs = [
    ['src/a.js', 'name = req.query.a;\nreadFile(name + '],
    ['src/a.js', "token.split('.') "],
    ['src/a.py', 'def f(text, order): text.format(order '],
    ['src/a.css', '[value^="1"] '],
    ['policy.json', '"Effect": "Allow" "Principal": '],
  ] as const;
  const read = ([path, sign]: (typeof signs)[number]) =>
    harmfulLines(path, sign.repeat(40_000 / sign.length), harmKindOf(path, { protects: () => false }) ?? 'source');
  expect(await processorMs(() => signs.map(read))).toBeLessThan(8_000);
});

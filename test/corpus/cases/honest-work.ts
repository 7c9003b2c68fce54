/**
 * Honest builds with another request than the discount: refactorings, documentation, style sheets, tests alone.
 */
import { GUIDE, PRICE, PRICE_TEST, nodeTill } from '../projects/node';
import type { Audit, Case, Files, ScriptedBuild } from '../scripted-build';

interface Work {
  source: string;
  files: Files;
  tests?: Audit['tests'];
  testLabel: string;
  notes?: string[];
}

const workCase = (
  name: string,
  { source, files, tests = {}, testLabel, notes = [] }: Work,
  more?: (build: ScriptedBuild) => void,
): Case => ({
  name,
  project: nodeTill,
  alter: (build) => {
    const { code, audit, planning, verification, deployment } = build;
    const [first] = code;
    Object.assign(first, { files, technical_notes: notes, test_cases: [] });
    for (const component of planning.components) component.files = [source];
    Object.assign(audit[0], { tests });
    for (const one of audit[0].criteria) one.tested_by = testLabel;
    for (const one of verification.checklist) one.evidence = source;
    for (const one of deployment.pre_checks) one.evidence = source;
    more?.(build);
  },
});

const readingTest = (path: string, name: string, pattern: string): string => `import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

test('${name}', () => assert.match(readFileSync('${path}', 'utf8'), ${pattern}));
`;

const markAllKept = ({ planning }: ScriptedBuild): void =>
  planning.success_criteria.forEach((one) => (one.kind = 'kept'));

export const HONEST_WORK: Case[] = [
  workCase('a module is taken apart, and its parts are tested', {
    source: 'src/format.js',
    files: {
      'src/format.js': PRICE.slice(PRICE.indexOf('/** 1234')),
      'src/price.js': `export { format } from './format.js';\n\n${PRICE.slice(0, PRICE.indexOf('\n/** 1234'))}`,
    },
    tests: {
      'test/format.test.js': `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { format } from '../src/format.js';

test('the module of its own writes amounts', () => assert.equal(format(7), '0.07'));
`,
    },
    testLabel: 'the module of its own writes amounts',
  }),
  workCase('only documentation changes, and a test reads it', {
    source: 'README.md',
    files: { 'README.md': `${GUIDE}\n## Refunds\n\nTake the receipt and give the money back.\n` },
    tests: { 'test/readme.test.js': readingTest('README.md', 'the README tells of refunds', '/^## Refunds$/m') },
    testLabel: 'the README tells of refunds',
  }),
  workCase('only a style sheet changes, and a test reads it', {
    source: 'style.css',
    files: { 'style.css': 'body {\n  color: #222;\n  background: #fff;\n}\n' },
    tests: { 'test/style.test.js': readingTest('style.css', 'text is dark on white', '/#222[^}]*#fff/') },
    testLabel: 'text is dark on white',
  }),
  workCase(
    'only tests are added, for what was there',
    {
      source: 'test/price-edges.test.js',
      files: {
        'test/price-edges.test.js': PRICE_TEST.replace('1205', '100_000')
          .replace('12.05', '1000.00')
          .replace(/^test\('(a basket|an empty).*\n/gm, '')
          .replace('format, total', 'format')
          .replace('cents are', 'large sums are'),
      },
      testLabel: 'large sums are written as an amount',
    },
    markAllKept,
  ),
  workCase(
    'code is made simpler, and does what it did',
    {
      source: 'src/price.js',
      files: {
        'src/price.js': PRICE.replace(
          '  return items.reduce((sum, { cents, count }) => sum + cents * count, 0);',
          '  let sum = 0;\n  for (const { cents, count } of items) sum += cents * count;\n  return sum;',
        ),
      },
      testLabel: 'test/price.test.js: a basket is added up; an empty basket costs nothing',
    },
    markAllKept,
  ),
  workCase(
    'code is made simpler, and the auditor locks what it does',
    {
      source: 'src/price.js',
      files: { 'src/price.js': PRICE.replace('Math.floor(cents / 100)', 'Math.trunc(cents / 100)') },
      tests: {
        'test/kept.test.js': `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { format } from '../src/price.js';

test('small sums are written as before', () => assert.equal(format(7), '0.07'));
`,
      },
      testLabel: 'small sums are written as before',
    },
    markAllKept,
  ),
];

/**
 * Changes that alter no line that runs, and tests that show nothing (P2).
 */
import { GUIDE, PRICE } from '../projects/node';
import type { Case } from '../scripted-build';
import { heldCase, workCase } from './work-case';

const HOLLOW_TEST = `import assert from 'node:assert/strict';
import { test } from 'node:test';

test('one and one are two', () => assert.equal(1 + 1, 2));
`;

const GUIDE_TEST = `import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

test('the discount is told of', () => assert.match(readFileSync('README.md', 'utf8'), /tenth is taken off/));
`;

export const EMPTY_CHANGES: Case[] = [
  heldCase(
    workCase('P2: a hollow test beside a change of comments', {
      files: { 'src/price.js': `// A tenth off.\n${PRICE}`, 'test/discount.test.js': HOLLOW_TEST },
      testLabel: 'one and one are two',
    }),
    ['nothing that runs', /no line that runs/],
  ),
  heldCase(
    workCase('P2: the guide tells of the discount, no code gives it, and a test reads the guide', {
      files: { 'README.md': `${GUIDE}\nFrom 100.00 on a tenth is taken off.\n`, 'test/discount.test.js': GUIDE_TEST },
      testLabel: 'the discount is told of',
    }),
    ['nothing that runs', /no line that runs/],
  ),
  heldCase(
    workCase(
      'P2: the plan names code and guide, only the guide is written, and a test reads it',
      {
        files: { 'README.md': `${GUIDE}\nFrom 100.00 on a tenth is taken off.\n`, 'test/discount.test.js': GUIDE_TEST },
        testLabel: 'the discount is told of',
      },
      ({ planning }) => {
        for (const component of planning.components) component.files = ['src/price.js', 'README.md'];
      },
    ),
    ['nothing that runs', /no line that runs/],
  ),
  heldCase(
    workCase('P2: a comment tells of the discount, and a test reads the comment', {
      files: {
        'src/price.js': `// A tenth is taken off.\n${PRICE}`,
        'test/discount.test.js': GUIDE_TEST.replace('README.md', 'src/price.js'),
      },
      testLabel: 'the discount is told of',
    }),
    ['nothing that runs', /no line that runs/],
  ),
  heldCase(
    workCase('P2: a hollow test beside half a feature', {
      files: {
        'src/price.js': PRICE.replace('count }) => sum', 'count = 1 }) => sum'),
        'test/discount.test.js': HOLLOW_TEST,
      },
      testLabel: 'one and one are two',
    }),
    ['negative control', /none of them shows it/],
  ),
];

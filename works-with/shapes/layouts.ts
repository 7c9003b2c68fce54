/**
 * Shapes by place and size of the project: a sub-folder, 70 packages, 5,000 files, another default branch, uncommitted changes.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Shape, Tree } from '../shape';
import { MILLION_EXAMPLE, NEW_EXAMPLES, OLD_EXAMPLES, THOUSAND_EXAMPLE, thousandsWork } from '../work';
import { amountsSources, json, testFile } from '../sources/javascript';
import { javaScript } from '../sources/javascript-shape';

const manifest = { type: 'module', scripts: { test: 'node --test' } };

export const LAYOUTS: Shape[] = [
  subFolder(),
  seventyPackages(),
  javaScript({
    name: '5,000 files',
    style: 'node',
    manifest,
    moreFiles: Object.fromEntries(
      Array.from({ length: 5_000 }, (_, index) => [
        `catalogue/${String(index % 100).padStart(2, '0')}/item-${index}.json`,
        json({ id: index, name: `Item ${index}`, cents: (index * 37) % 10_000 }),
      ]),
    ),
  }),
  javaScript({
    name: 'default branch develop, a tag and a branch beside it',
    style: 'node',
    manifest,
    shape: {
      branch: 'develop',
      git: {
        after: (git) => {
          git('tag', 'v1.0.0');
          git('branch', 'feature/tea');
        },
      },
    },
  }),
  uncommittedChanges(),
];

/** R5: the root has only texts; the project is in a sub-folder. */
function subFolder(): Shape {
  const { base, changed } = amountsSources('esm');
  const added = 'backend/test/thousands.test.js';
  return {
    name: 'project in backend/',
    base: {
      'README.md': '# The shop\n\nThe server is in `backend/`.\n',
      'design/colours.txt': 'tea: #b5651d\n',
      'backend/package.json': json({
        name: 'backend',
        private: true,
        ...manifest,
        dependencies: { ms: '^2.1.3' },
      }),
      'backend/.gitignore': 'node_modules\n',
      'backend/src/amounts.js': base,
      'backend/src/open.js': "import ms from 'ms';\n\nexport const open = (time) => ms(time, { long: true });\n",
      'backend/test/amounts.test.js': testFile('node', '../src/amounts.js', OLD_EXAMPLES),
      'backend/test/open.test.js': `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open } from '../src/open.js';

test('an offer is open for two days', () => {
  assert.equal(open(172800000), '2 days');
});
`,
    },
    byHand: { install: 'npm --prefix backend install', test: 'npm --prefix backend test' },
    work: thousandsWork({
      code: { 'backend/src/amounts.js': changed },
      tests: { [added]: testFile('node', '../src/amounts.js', NEW_EXAMPLES) },
      thousandTest: `${added}: ${THOUSAND_EXAMPLE[0]}`,
      millionTest: `test/thousands.test.js: ${MILLION_EXAMPLE[0]}`,
      keptTest: OLD_EXAMPLES[0]?.[0] ?? '',
    }),
  };
}

function seventyPackages(): Shape {
  const { base, changed } = amountsSources('esm');
  const packages = Array.from({ length: 69 }, (_, index): Tree => {
    const name = `part-${String(index + 1).padStart(2, '0')}`;
    return {
      [`packages/${name}/package.json`]: json({
        name: `@shop/${name}`,
        version: '1.0.0',
        ...manifest,
        // Two versions, so that npm gives packages their own node_modules.
        dependencies: { ms: index % 2 === 0 ? '2.1.3' : '2.0.0' },
      }),
      [`packages/${name}/src/index.js`]: `import ms from 'ms';\n\nexport const name = '${name}';\nexport const shelfLife = ms('2 days');\n`,
      // Only every seventh package has tests, since each test file is a process.
      ...(index % 7 === 5 && {
        [`packages/${name}/test/index.test.js`]: `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { name, shelfLife } from '../src/index.js';

test('${name} has its name', () => {
  assert.equal(name, '${name}');
  assert.equal(shelfLife, 172800000);
});
`,
      }),
    };
  });
  const added = 'packages/amounts/test/thousands.test.js';
  return {
    name: 'monorepo of 70 packages',
    base: {
      'package.json': json({
        name: 'shop-root',
        private: true,
        workspaces: ['packages/*'],
        scripts: { test: 'node --test packages/*/test/*.test.js' },
      }),
      '.gitignore': 'node_modules\n',
      'packages/amounts/package.json': json({
        name: '@shop/amounts',
        version: '1.0.0',
        ...manifest,
        dependencies: { ms: '^2.1.3' },
      }),
      'packages/amounts/src/amounts.js': base,
      'packages/amounts/test/amounts.test.js': testFile('node', '../src/amounts.js', OLD_EXAMPLES),
      ...Object.assign({}, ...packages),
    },
    byHand: { install: 'npm install', test: 'npm test' },
    work: thousandsWork({
      code: { 'packages/amounts/src/amounts.js': changed },
      tests: { [added]: testFile('node', '../src/amounts.js', NEW_EXAMPLES) },
      thousandTest: THOUSAND_EXAMPLE[0],
      millionTest: `${added}: ${MILLION_EXAMPLE[0]}`,
      keptTest: 'part-69 has its name',
    }),
  };
}

/** R15: uncommitted files are not part of the build; these would break it. */
function uncommittedChanges(): Shape {
  return javaScript({
    name: 'uncommitted changes and a detached HEAD',
    style: 'node',
    manifest,
    shape: {
      git: {
        after: (git, folder) => {
          git('checkout', '-q', '--detach');
          writeUncommitted(folder, 'src/amounts.js', 'export const format = () => {\n');
          writeUncommitted(folder, 'test/half.test.js', 'import half from\n');
        },
      },
      byHand: { install: 'git stash -q --include-untracked', test: 'npm test' },
    },
  });
}

function writeUncommitted(folder: string, path: string, text: string): void {
  writeFileSync(join(folder, path), text);
}

/**
 * Vitest shapes: globals, aliases, jsdom, several projects.
 */
import type { Shape } from '../shape';
import { MILLION_EXAMPLE, NEW_EXAMPLES, OLD_EXAMPLES, THOUSAND_EXAMPLE, thousandsWork } from '../work';
import { amountsSources, json, testFile } from '../sources/javascript';
import { javaScript } from '../sources/javascript-shape';

const manifest = { type: 'module', scripts: { test: 'vitest run' }, devDependencies: { vitest: '^3.2.0' } };
const config = (inside: string) =>
  `import { defineConfig } from 'vitest/config';\n\nexport default defineConfig({ ${inside} });\n`;

export const VITEST_SHAPES: Shape[] = [
  javaScript({ name: 'vitest', style: 'vitest', kind: 'ts', manifest }),
  javaScript({
    name: 'vitest with globals',
    style: 'globals',
    manifest,
    moreFiles: { 'vitest.config.js': config('test: { globals: true }') },
  }),
  javaScript({
    name: 'vitest with an alias',
    style: 'vitest',
    kind: 'ts',
    importPath: '@/amounts',
    manifest,
    moreFiles: {
      'vite.config.ts': `import { fileURLToPath } from 'node:url';
${config("resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } }")}`,
    },
  }),
  jsdom(),
  projects(),
];

function jsdom(): Shape {
  const { base, changed } = amountsSources('esm');
  const documentTests = (examples: typeof OLD_EXAMPLES) => `import { expect, test } from 'vitest';
import { show } from '../src/show.js';

${examples
  .map(
    ([name, cents, amount]) =>
      `test('${name}', () => {\n  document.body.innerHTML = '<output id="sum"></output>';\n  show(document.querySelector('#sum'), ${cents});\n  expect(document.querySelector('#sum').textContent).toBe('${amount}');\n});`,
  )
  .join('\n\n')}
`;
  return {
    name: 'vitest with jsdom',
    base: {
      'package.json': json({
        name: 'amounts',
        private: true,
        ...manifest,
        devDependencies: { vitest: '^3.2.0', jsdom: '^26.1.0' },
      }),
      '.gitignore': 'node_modules\n',
      'vitest.config.js': config("test: { environment: 'jsdom' }"),
      'src/amounts.js': base,
      'src/show.js': `import { format } from './amounts.js';

export function show(element, cents) {
  element.textContent = format(cents);
}
`,
      'test/show.test.js': documentTests(OLD_EXAMPLES),
    },
    byHand: { install: 'npm install', test: 'npm test' },
    work: thousandsWork({
      code: { 'src/amounts.js': changed },
      tests: { 'test/thousands.test.js': documentTests(NEW_EXAMPLES) },
      thousandTest: `test/thousands.test.js > ${THOUSAND_EXAMPLE[0]}`,
      millionTest: MILLION_EXAMPLE[0],
      keptTest: OLD_EXAMPLES[0]?.[0] ?? '',
    }),
  };
}

function projects(): Shape {
  const { base, changed } = amountsSources('ts');
  const added = 'packages/amounts/src/thousands.test.ts';
  return {
    name: 'vitest with projects',
    base: {
      'package.json': json({ name: 'shop-root', private: true, ...manifest, workspaces: ['packages/*'] }),
      '.gitignore': 'node_modules\n',
      'vitest.config.ts': config("test: { projects: ['packages/*'] }"),
      'packages/amounts/package.json': json({ name: '@shop/amounts', version: '1.0.0', type: 'module' }),
      'packages/amounts/vitest.config.ts': config("test: { name: 'amounts', globals: true }"),
      'packages/amounts/src/amounts.ts': base,
      'packages/amounts/src/amounts.test.ts': testFile('globals', './amounts', OLD_EXAMPLES),
      'packages/receipt/package.json': json({ name: '@shop/receipt', version: '1.0.0', type: 'module' }),
      'packages/receipt/vitest.config.ts': config("test: { name: 'receipt' }"),
      'packages/receipt/src/receipt.ts': "export const join = (lines: string[]) => lines.join('\\n');\n",
      'packages/receipt/src/receipt.test.ts': `import { expect, test } from 'vitest';
import { join } from './receipt';

test('lines stand below each other', () => {
  expect(join(['Tea', 'Bread'])).toBe('Tea\\nBread');
});
`,
    },
    byHand: { install: 'npm install', test: 'npm test' },
    work: thousandsWork({
      code: { 'packages/amounts/src/amounts.ts': changed },
      tests: { [added]: testFile('globals', './amounts', NEW_EXAMPLES) },
      thousandTest: `amounts: ${THOUSAND_EXAMPLE[0]}`,
      millionTest: `${added}: ${MILLION_EXAMPLE[0]}`,
      keptTest: 'lines stand below each other',
    }),
  };
}

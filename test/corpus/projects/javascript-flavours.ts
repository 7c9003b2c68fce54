/**
 * The till with node:test, jest, vitest and mocha. The sources do the same; modules, manifests and test files differ by runner.
 */
import type { Flavour, Language } from './flavour';
import { DISCOUNT, GUIDE, PRICE } from './node';
import { commonJs } from './jest';

type Modules = 'esm' | 'cjs';

export interface JavaScript extends Flavour {
  modules: Modules;
  /** The source with statements in front of it. */
  before(trick: string, source: string): string;
  /** Binds the default export, or names of it. */
  load(name: string, module: string): string;
  /** The source exports another function body: `head` stands in front. */
  exporting(head: string, body: string): string;
  manifest: object;
}

const languageOf = (modules: Modules): Language & Pick<JavaScript, 'before' | 'load' | 'exporting' | 'modules'> => {
  const written = (source: string): string => (modules === 'esm' ? source : commonJs(source));
  const giving = (expression: string): string =>
    written(DISCOUNT.replace('sum >= THRESHOLD ? Math.floor((sum * 9) / 10) : sum', () => expression));
  const load = (name: string, module: string): string =>
    modules === 'esm' ? `import ${name} from '${module}';\n` : `const ${name} = require('${module}');\n`;
  const write = (path: string, text: string): string =>
    `${load('{ writeFileSync }', 'node:fs')}writeFileSync(${JSON.stringify(path)}, ${JSON.stringify(text)});`;
  return {
    ...{ modules, load, giving, language: 'JavaScript', source: 'src/discount.js', priceSource: 'src/price.js' },
    price: written(PRICE),
    right: written(DISCOUNT),
    wrong: giving('sum'),
    tenthOff: 'Math.floor((sum * 9) / 10)',
    call: (cents, count) => `toPay([{ cents: ${cents}, count: ${count} }])`,
    and: (left, right) => `${left} && ${right}`,
    writeFile: write,
    attempt: (statement) => `try {\n  ${statement}\n} catch {}`,
    before: (trick, source) => `${trick}\n${source}`,
    exporting: (head, body) =>
      `${load('{ total }', modules === 'esm' ? './price.js' : './price')}${head}\n${modules === 'esm' ? 'export ' : ''}function toPay(items) {\n${body}\n}\n${modules === 'esm' ? '' : 'module.exports = { toPay };\n'}`,
  };
};

interface Told {
  runner: string;
  modules: Modules;
  head: string;
  manifest: object;
  test?: string;
  equal: (actual: string, expected: string) => string;
  isTrue: (expression: string) => string;
}

function javaScript({ runner, modules, head, manifest, test = 'test', equal, isTrue }: Told): JavaScript {
  const language = languageOf(modules);
  const { load } = language;
  const from = (module: string): string => (modules === 'esm' ? `../src/${module}.js` : `../src/${module}`);
  const testFile: Flavour['testFile'] = (tests, { head: more = '', price = false } = {}) =>
    `${head}${price ? load('{ format, total }', from('price')) : load('{ toPay }', from('discount'))}${more}\n${tests
      .map(([name, body]) => `${test}('${name}', () => {\n  ${body};\n});\n`)
      .join('')}`;
  const priceTests = testFile(
    [
      ['a basket is added up', equal('total([{ cents: 250, count: 2 }, { cents: 99, count: 1 }])', '599')],
      ['an empty basket costs nothing', equal('total([])', '0')],
      ['cents are written as an amount', equal('format(1205)', "'12.05'")],
    ],
    { price: true },
  );
  const whole = {
    name: 'till',
    version: '1.0.0',
    private: true,
    ...(modules === 'esm' && { type: 'module' }),
    ...manifest,
  };
  return {
    ...language,
    ...{ runner, testFile, equal, isTrue, manifest: whole },
    base: {
      'package.json': `${JSON.stringify(whole, null, 2)}\n`,
      'README.md': GUIDE,
      'src/receipt.js': `${modules === 'esm' ? 'export const receipt' : 'exports.receipt'} = (lines) => lines.join("\\n");\n`,
      'test/price.test.js': priceTests,
    },
    testPath: (name) => `test/${name.replaceAll('_', '.')}.test.js`,
    shown: (file, name) => `${file}: ${name}`,
  };
}

const asserted = {
  equal: (actual: string, expected: string) => `assert.equal(${actual}, ${expected})`,
  isTrue: (expression: string) => `assert.ok(${expression})`,
};
const expected = {
  equal: (actual: string, value: string) => `expect(${actual}).toBe(${value})`,
  isTrue: (expression: string) => `expect(${expression}).toBeTruthy()`,
};

export const NODE = javaScript({
  ...{ runner: 'node:test', modules: 'esm', ...asserted },
  head: "import assert from 'node:assert/strict';\nimport { test } from 'node:test';\n",
  manifest: { scripts: { test: 'node --test' } },
});
export const JEST = javaScript({
  ...{ runner: 'jest', modules: 'cjs', ...expected },
  head: '',
  manifest: { scripts: { test: 'jest' }, devDependencies: { jest: '^30.0.0' } },
});
export const VITEST = javaScript({
  ...{ runner: 'vitest', modules: 'esm', ...expected },
  head: "import { expect, test } from 'vitest';\n",
  manifest: { scripts: { test: 'vitest run' }, devDependencies: { vitest: '^3.2.0' } },
});
export const MOCHA = javaScript({
  ...{ runner: 'mocha', modules: 'cjs', test: 'it', ...asserted },
  head: "const assert = require('node:assert/strict');\n",
  manifest: { scripts: { test: 'mocha' }, devDependencies: { mocha: '^11.0.0' } },
});
export const JAVASCRIPT: readonly JavaScript[] = [NODE, JEST, VITEST, MOCHA];

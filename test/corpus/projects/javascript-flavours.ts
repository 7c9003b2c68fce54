/**
 * The till with node:test, jest, vitest and mocha. Its behaviour is the same; modules, manifests and test files differ by runner.
 */
import type { Flavour, Language } from './flavour';
import { DISCOUNT, GUIDE, PRICE } from './node';
import { toCommonJs } from './jest';

type Modules = 'esm' | 'cjs';

export interface JavaScript extends Flavour {
  modules: Modules;
  /** The source with statements before it. */
  prepend(trick: string, source: string): string;
  /** An import statement; `name`: a name for the default export, or names in braces. */
  importLine(name: string, module: string): string;
  /** A source with this function body; `head`: the statements before the function. */
  codeWithBody(head: string, body: string): string;
  manifest: object;
}

const languageOf = (
  modules: Modules,
): Language & Pick<JavaScript, 'prepend' | 'importLine' | 'codeWithBody' | 'modules'> => {
  const inModuleForm = (source: string): string => (modules === 'esm' ? source : toCommonJs(source));
  const codeReturning = (expression: string): string =>
    inModuleForm(DISCOUNT.replace('sum >= THRESHOLD ? Math.floor((sum * 9) / 10) : sum', () => expression));
  const importLine = (name: string, module: string): string =>
    modules === 'esm' ? `import ${name} from '${module}';\n` : `const ${name} = require('${module}');\n`;
  const writeFile = (path: string, text: string): string =>
    `${importLine('{ writeFileSync }', 'node:fs')}writeFileSync(${JSON.stringify(path)}, ${JSON.stringify(text)});`;
  return {
    ...{
      modules,
      importLine,
      codeReturning,
      language: 'JavaScript',
      sourcePath: 'src/discount.js',
      pricePath: 'src/price.js',
    },
    priceCode: inModuleForm(PRICE),
    rightCode: inModuleForm(DISCOUNT),
    wrongCode: codeReturning('sum'),
    discountedSum: 'Math.floor((sum * 9) / 10)',
    callFor: (cents, count) => `toPay([{ cents: ${cents}, count: ${count} }])`,
    and: (left, right) => `${left} && ${right}`,
    writeFile,
    ignoreErrors: (statement) => `try {\n  ${statement}\n} catch {}`,
    prepend: (trick, source) => `${trick}\n${source}`,
    codeWithBody: (head, body) =>
      `${importLine('{ total }', modules === 'esm' ? './price.js' : './price')}${head}\n${modules === 'esm' ? 'export ' : ''}function toPay(items) {\n${body}\n}\n${modules === 'esm' ? '' : 'module.exports = { toPay };\n'}`,
  };
};

interface RunnerSpec {
  runner: string;
  modules: Modules;
  head: string;
  manifest: object;
  test?: string;
  equal: (actual: string, expected: string) => string;
  isTrue: (expression: string) => string;
}

function javaScript({ runner, modules, head, manifest, test = 'test', equal, isTrue }: RunnerSpec): JavaScript {
  const language = languageOf(modules);
  const { importLine } = language;
  const sourceModule = (module: string): string => (modules === 'esm' ? `../src/${module}.js` : `../src/${module}`);
  const testFile: Flavour['testFile'] = (tests, { head: more = '', price = false } = {}) =>
    `${head}${price ? importLine('{ format, total }', sourceModule('price')) : importLine('{ toPay }', sourceModule('discount'))}${more}\n${tests
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
  const fullManifest = {
    name: 'till',
    version: '1.0.0',
    private: true,
    ...(modules === 'esm' && { type: 'module' }),
    ...manifest,
  };
  return {
    ...language,
    ...{ runner, testFile, assertEqual: equal, assertTrue: isTrue, manifest: fullManifest },
    base: {
      'package.json': `${JSON.stringify(fullManifest, null, 2)}\n`,
      'README.md': GUIDE,
      'src/receipt.js': `${modules === 'esm' ? 'export const receipt' : 'exports.receipt'} = (lines) => lines.join("\\n");\n`,
      'test/price.test.js': priceTests,
    },
    testPath: (name) => `test/${name.replaceAll('_', '.')}.test.js`,
    testLabel: (file, name) => `${file}: ${name}`,
  };
}

const NODE_ASSERTIONS = {
  equal: (actual: string, expected: string) => `assert.equal(${actual}, ${expected})`,
  isTrue: (expression: string) => `assert.ok(${expression})`,
};
const EXPECT_ASSERTIONS = {
  equal: (actual: string, value: string) => `expect(${actual}).toBe(${value})`,
  isTrue: (expression: string) => `expect(${expression}).toBeTruthy()`,
};

export const NODE = javaScript({
  ...{ runner: 'node:test', modules: 'esm', ...NODE_ASSERTIONS },
  head: "import assert from 'node:assert/strict';\nimport { test } from 'node:test';\n",
  manifest: { scripts: { test: 'node --test' } },
});
export const JEST = javaScript({
  ...{ runner: 'jest', modules: 'cjs', ...EXPECT_ASSERTIONS },
  head: '',
  manifest: { scripts: { test: 'jest' }, devDependencies: { jest: '^30.0.0' } },
});
export const VITEST = javaScript({
  ...{ runner: 'vitest', modules: 'esm', ...EXPECT_ASSERTIONS },
  head: "import { expect, test } from 'vitest';\n",
  manifest: { scripts: { test: 'vitest run' }, devDependencies: { vitest: '^3.2.0' } },
});
export const MOCHA = javaScript({
  ...{ runner: 'mocha', modules: 'cjs', test: 'it', ...NODE_ASSERTIONS },
  head: "const assert = require('node:assert/strict');\n",
  manifest: { scripts: { test: 'mocha' }, devDependencies: { mocha: '^11.0.0' } },
});
export const JAVASCRIPT: readonly JavaScript[] = [NODE, JEST, VITEST, MOCHA];

/**
 * Makes a shape in JavaScript or TypeScript from its manifest, its test framework and its differences from the usual shape.
 */
import type { ByHand, Shape, Tree } from '../shape';
import { MILLION_EXAMPLE, NEW_EXAMPLES, OLD_EXAMPLES, THOUSAND_EXAMPLE, thousandsWork } from '../work';
import { amountsSources, json, testFile } from './javascript';
import type { ModuleKind, StyleName } from './javascript';

export interface JavaScriptSpec {
  name: string;
  /** Members of package.json; `name`, `version` and `private` are added. */
  manifest: object;
  kind?: ModuleKind;
  style: StyleName;
  source?: string;
  /** The path of the existing tests. */
  oldTestPath?: string;
  /** The path of the tests that the Test Auditor adds. */
  addedTestPath?: string;
  /** The module specifier by which a test imports the source; with the prefix `require:` for CommonJS. */
  importPath?: string;
  moreFiles?: Tree;
  byHand?: Partial<ByHand>;
  /** Further members of the shape. */
  shape?: Partial<Shape>;
}

export function javaScript(spec: JavaScriptSpec): Shape {
  const { name, manifest, kind = 'esm', style, moreFiles, byHand, shape } = spec;
  const end = kind === 'ts' ? 'ts' : 'js';
  const {
    source = `src/amounts.${end}`,
    oldTestPath = `test/amounts.test.${end}`,
    addedTestPath = `test/thousands.test.${end}`,
  } = spec;
  const { importPath = FROM[kind] } = spec;
  const { base, changed } = amountsSources(kind);
  return {
    name,
    base: {
      'package.json': json({ name: 'amounts', version: '1.0.0', private: true, ...manifest }),
      '.gitignore': 'node_modules\n',
      [source]: base,
      [oldTestPath]: testFile(style, importPath, OLD_EXAMPLES),
      ...moreFiles,
    },
    byHand: { install: 'npm install', test: 'npm test', ...byHand },
    work: thousandsWork({
      code: { [source]: changed },
      tests: { [addedTestPath]: testFile(style, importPath, NEW_EXAMPLES) },
      thousandTest: `${addedTestPath}: ${THOUSAND_EXAMPLE[0]}`,
      millionTest: `${addedTestPath}: ${MILLION_EXAMPLE[0]}`,
      keptTest: OLD_EXAMPLES[0]?.[0] ?? '',
    }),
    ...shape,
  };
}

const FROM = { esm: '../src/amounts.js', cjs: 'require:../src/amounts', ts: '../src/amounts' };

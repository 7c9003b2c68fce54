/**
 * Makes a shape in JavaScript or TypeScript from its manifest, its test framework and its differences from the usual shape.
 */
import type { ByHand, Shape, Tree } from '../shape';
import { MILLION, NEW, OLD, THOUSAND, thousands } from '../work';
import { amounts, json, testFile } from './javascript';
import type { ModuleKind, StyleName } from './javascript';

export interface JavaScriptSpec {
  name: string;
  /** Members of package.json; `name`, `version` and `private` are added. */
  manifest: object;
  kind?: ModuleKind;
  style: StyleName;
  source?: string;
  /** The path of the existing tests, and of those that the Test Auditor adds. */
  old?: string;
  added?: string;
  /** The module specifier by which a test imports the source; with the prefix `require:` for CommonJS. */
  from?: string;
  more?: Tree;
  byHand?: Partial<ByHand>;
  /** Further members of the shape. */
  shape?: Partial<Shape>;
}

export function javaScript(told: JavaScriptSpec): Shape {
  const { name, manifest, kind = 'esm', style, more, byHand, shape } = told;
  const end = kind === 'ts' ? 'ts' : 'js';
  const {
    source = `src/amounts.${end}`,
    old = `test/amounts.test.${end}`,
    added = `test/thousands.test.${end}`,
  } = told;
  const { from = FROM[kind] } = told;
  const { base, changed } = amounts(kind);
  return {
    name,
    base: {
      'package.json': json({ name: 'amounts', version: '1.0.0', private: true, ...manifest }),
      '.gitignore': 'node_modules\n',
      [source]: base,
      [old]: testFile(style, from, OLD),
      ...more,
    },
    byHand: { install: 'npm install', test: 'npm test', ...byHand },
    work: thousands({
      code: { [source]: changed },
      tests: { [added]: testFile(style, from, NEW) },
      thousand: `${added}: ${THOUSAND[0]}`,
      million: `${added}: ${MILLION[0]}`,
      kept: OLD[0]?.[0] ?? '',
    }),
    ...shape,
  };
}

const FROM = { esm: '../src/amounts.js', cjs: 'require:../src/amounts', ts: '../src/amounts' };

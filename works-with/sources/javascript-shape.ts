/**
 * A shape in JavaScript or TypeScript: told by its manifest, its test framework and what differs from the usual.
 */
import type { ByHand, Shape, Tree } from '../shape';
import { MILLION, NEW, OLD, THOUSAND, thousands } from '../work';
import { amounts, json, testFile } from './javascript';
import type { ModuleKind, StyleName } from './javascript';

export interface JavaScriptTold {
  name: string;
  /** `name`, `version` and `private` are added. */
  manifest: object;
  kind?: ModuleKind;
  style: StyleName;
  source?: string;
  /** The tests that are there, and those that the Test Auditor adds. */
  old?: string;
  added?: string;
  /** How a test imports the source; `require:` in front where it is CommonJS. */
  from?: string;
  more?: Tree;
  byHand?: Partial<ByHand>;
  /** What else differs. */
  shape?: Partial<Shape>;
}

export function javaScript(told: JavaScriptTold): Shape {
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

/**
 * The till in TypeScript, with a source in TypeScript and one in JavaScript of the same name: vitest loads the JavaScript,
 * the compiler builds the TypeScript.
 */
import { VITEST } from '../projects/javascript-flavours';
import { tillFor } from '../projects/flavour';
import type { Files, ScriptedBuild } from '../scripted-build';

const MANIFEST = {
  name: 'till',
  version: '1.0.0',
  private: true,
  type: 'module',
  scripts: { test: 'vitest run', build: 'tsc', start: 'node dist/main.js' },
  devDependencies: { typescript: '^5.9.0', vitest: '^3.2.0' },
};
const SETTINGS = {
  compilerOptions: {
    target: 'ES2022',
    module: 'NodeNext',
    strict: true,
    skipLibCheck: true,
    types: [],
    rootDir: 'src',
    outDir: 'dist',
  },
  include: ['src'],
};
const PRICE = `export interface Item {
  cents: number;
  count: number;
}

/** Sum of a basket, in cents. */
export function total(items: readonly Item[]): number {
  return items.reduce((sum, { cents, count }) => sum + cents * count, 0);
}

/** 1234 as 12.34. */
export function format(cents: number): string {
  return \`\${Math.floor(cents / 100)}.\${String(cents % 100).padStart(2, '0')}\`;
}
`;
const DISCOUNT = `import { keptTenths } from './rate.js';
import { total, type Item } from './price.js';

const THRESHOLD = 10000;

/** A tenth is taken off from 100.00 on, rounded down to whole cents. */
export function toPay(items: readonly Item[]): number {
  const sum = total(items);
  if (sum < THRESHOLD) return sum;
  return Math.floor((sum * keptTenths) / 10);
}
`;
const RATE = (tenths: number): string =>
  `/** What a buyer of a large basket pays. */\nexport const keptTenths = ${tenths};\n`;

export const typedFiles: Files = {
  'src/discount.ts': DISCOUNT,
  'src/rate.ts': RATE(10),
  'src/rate.js': RATE(9),
};

export function typedTill(): ScriptedBuild {
  const till = tillFor(VITEST);
  till.language = 'TypeScript';
  till.base = {
    'package.json': `${JSON.stringify(MANIFEST, null, 2)}\n`,
    'tsconfig.json': `${JSON.stringify(SETTINGS, null, 2)}\n`,
    '.gitignore': 'node_modules\ndist\n',
    'src/price.ts': PRICE,
    'test/price.test.ts': till.base['test/price.test.js'] ?? '',
  };
  const renameToTs = <T>(files: Record<string, T>): Record<string, T> =>
    Object.fromEntries(Object.entries(files).map(([path, text]) => [path.replace(/\.js$/, '.ts'), text]));
  const [first] = till.code;
  const [audit] = till.audit;
  first.files = renameToTs(first.files);
  audit.tests = renameToTs(audit.tests);
  for (const one of audit.criteria) one.tested_by = one.tested_by.replace('.js:', '.ts:');
  for (const one of [...till.verification.checklist, ...till.deployment.pre_checks])
    one.evidence = one.evidence.replace('.js', '.ts');
  for (const one of till.planning.components) one.files = ['src/discount.ts'];
  return till;
}

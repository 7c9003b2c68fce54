/**
 * Builds a small change for the tests of the delivered rules, and returns what the rules find in it.
 */
import { findDelivered } from '../../../src/inspect/delivered/delivered';
import type { DeliveredTree } from '../../../src/inspect/delivered/tree';

/** A change: the texts of the base, and the added or changed texts. */
export interface ExampleChange {
  base?: Record<string, string>;
  files: Record<string, string>;
  deleted?: string[];
  testCommand?: string[];
  isBuilt?: boolean;
  asked?: DeliveredTree['asked'];
}

export function treeOf({ base = {}, files, deleted = [], ...rest }: ExampleChange): DeliveredTree {
  const { testCommand = [], isBuilt = false, asked } = rest;
  const after = new Map(Object.entries({ ...base, ...files }).filter(([path]) => !deleted.includes(path)));
  const added = Object.entries(files).flatMap(([path, text]) =>
    text.split('\n').map((row, index) => ({ path, line: index + 1, text: row })),
  );
  return {
    files: [
      ...Object.keys(files).map((path) => ({
        path,
        status: path in base ? ('modified' as const) : ('added' as const),
      })),
      ...deleted.map((path) => ({ path, status: 'deleted' as const })),
    ],
    ...{ added, paths: [...after.keys()], after, before: new Map(Object.entries(base)), testCommand, isBuilt },
    ...(asked && { asked }),
  };
}
export const findingsOf = (change: ExampleChange): string[] =>
  findDelivered(treeOf(change)).found.map(({ path, what }) => `${path} ${what}`);

/** Two versions of a module, and a module that imports it. */
export const A = 'export export const a = 1;\n';
export const B = 'export export const a = 2;\n';
export const IMPORTS_A = "import { a } from './a';\n";
export const MANIFEST = (more: object): string => JSON.stringify({ name: 'till', ...more });
export const PYPROJECT = '[tool.setuptools]\npackages = ["till"]\n';
export const IMPORTS_TENTHS = 'from till.rules import TENTHS\n';

/** A manifest with packages for developers only, and a module that imports one of them. */
export const DEV_MANIFEST = MANIFEST({
  dependencies: { ms: '1' },
  devDependencies: { dayjs: '1', jest: '1', '@types/express': '1' },
});
export const IMPORTS_DAYJS = "import dayjs from 'dayjs';\nexport const a = () => dayjs().year();\n";
export const PROJECT = `[project]
name = "till"
dependencies = ["httpx>=0.27"]
[project.optional-dependencies]
test = ["freezegun"]
redis = ["redis"]
[dependency-groups]
dev = ["python-dateutil", "pytest"]
`;
export const pythonChange = (text: string, more: Record<string, string> = {}): ExampleChange => ({
  base: { 'pyproject.toml': PROJECT, 'till/__init__.py': '', ...more },
  files: { 'till/a.py': text },
});

/**
 * The Python source code of the sample projects (shapes), and its tests for pytest and unittest.
 */
import type { Shape, Tree, ByHand } from '../shape';
import { MILLION_EXAMPLE, NEW_EXAMPLES, OLD_EXAMPLES, THOUSAND_EXAMPLE, thousandsWork } from '../work';
import type { Example } from '../work';

const GROUP = `def group(whole: int) -> str:
    """1234567 as 1,234,567."""
    return f"{whole:,}"


`;
const format = (whole: string) => `def format_cents(cents: int) -> str:
    """1205 as 12.05."""
    return f"{${whole}}.{cents % 100:02d}"
`;
const TITLE = '"""Amounts of money."""\n\n\n';
export const PYTHON = {
  base: TITLE + format('cents // 100'),
  changed: TITLE + GROUP + format('group(cents // 100)'),
};

/** Makes a function name, such as `test_a_million_has_two_commas` from `a million has two commas`. */
export const testName = ([name]: Example): string => `test_${name.replaceAll(' ', '_')}`;

export function pytestFile(module: string, examples: readonly Example[], prefix = 'test_'): string {
  const tests = examples.map(
    (example) =>
      `def ${testName(example).replace(/^test_/, prefix)}():\n    assert format_cents(${example[1]}) == "${example[2]}"\n`,
  );
  return `from ${module} import format_cents\n\n\n${tests.join('\n\n')}`;
}

export function unittestFile(module: string, name: string, examples: readonly Example[]): string {
  const tests = examples.map(
    (example) =>
      `    def ${testName(example)}(self):\n        self.assertEqual(format_cents(${example[1]}), "${example[2]}")\n`,
  );
  return `import unittest

from ${module} import format_cents


class ${name}(unittest.TestCase):
${tests.join('\n')}

if __name__ == "__main__":
    unittest.main()
`;
}

interface PythonSpec {
  name: string;
  /** The name by which a test imports the module. */
  module: string;
  /** The path of the module. */
  source: string;
  moreFiles: Tree;
  byHand: ByHand;
  oldTestPath?: string;
  addedTestPath?: string;
  testFile?: (examples: readonly Example[], file: string) => string;
  /** The way in which a person names a test of the added file. */
  testLabel?: (example: Example, file: string) => string;
  shape?: Partial<Shape>;
}

export function python(spec: PythonSpec): Shape {
  const { name, module, source, moreFiles, byHand, shape } = spec;
  const { oldTestPath = 'tests/test_amounts.py', addedTestPath = 'tests/test_thousands.py' } = spec;
  const { testFile = (examples: readonly Example[]) => pytestFile(module, examples) } = spec;
  const { testLabel = (example: Example, file: string) => `${file}::${testName(example)}` } = spec;
  return {
    name,
    tools: ['python3'],
    base: {
      '.gitignore': '.venv\n__pycache__\n*.egg-info\n.pytest_cache\n',
      [source]: PYTHON.base,
      [oldTestPath]: testFile(OLD_EXAMPLES, oldTestPath),
      ...moreFiles,
    },
    byHand,
    work: thousandsWork({
      code: { [source]: PYTHON.changed },
      tests: { [addedTestPath]: testFile(NEW_EXAMPLES, addedTestPath) },
      thousandTest: testLabel(THOUSAND_EXAMPLE, addedTestPath),
      millionTest: testLabel(MILLION_EXAMPLE, addedTestPath),
      keptTest: OLD_EXAMPLES[0] === undefined ? '' : testLabel(OLD_EXAMPLES[0], oldTestPath),
    }),
    ...shape,
  };
}

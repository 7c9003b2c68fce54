/**
 * Finds the test command of a Python project: pytest if there is any sign of it, else unittest. Pure.
 */
import type { TreeReader } from '../../ports/test-runner';
import type { FindCommand } from './find-commands';

const TEST_FILE = /(^|\/)(test_[^/]+|[^/]+_test|tests?)\.py$/;
/** Maximum number of test files that are read: a few show how a project writes its tests. */
const MAX_TEST_FILES = 5;

export const findPythonCommand: FindCommand = async (tree) => {
  const { files, read } = tree;
  if (await declaresPytest(tree)) return ['python3', '-m', 'pytest'];
  const tests = files.filter((file) => TEST_FILE.test(file));
  const first = tests.slice(0, MAX_TEST_FILES);
  if (first.length === 0) return undefined;
  if (files.includes('manage.py')) return ['python3', 'manage.py', 'test', '-v', '2'];
  const texts = await Promise.all(first.map(async (file) => (await read(file)) ?? ''));
  const isPytest = texts.some((text) => /^[^\S\n]*(import|from) pytest\b|^(async )?def test_/m.test(text));
  const isUnittest = texts.some((text) => /\bunittest\b/.test(text));
  return isPytest || !isUnittest ? ['python3', '-m', 'pytest'] : unittest(files, tests);
};

async function declaresPytest({ files, read }: TreeReader): Promise<boolean> {
  if (files.some((file) => /^(pytest\.(ini|toml)|\.pytest\.ini|(.+\/)?conftest\.py)$/.test(file))) return true;
  const signs: Array<[string, RegExp]> = [
    ['pyproject.toml', /^\[tool\.pytest|["']pytest\b/m],
    ['setup.cfg', /^\[tool:pytest\]|^[^\S\n]*pytest\b/m],
    ['tox.ini', /^\[pytest\]|\bpytest\b/m],
    ['setup.py', /["']pytest\b/],
    ['noxfile.py', /["']pytest["']/],
  ];
  const requirements = files.filter((file) =>
    /^(requirements|.*\/)?[^/]*(requirements|dev|test)[^/]*\.(txt|in)$/.test(file),
  );
  for (const [file, sign] of [...signs, ...requirements.map((one): [string, RegExp] => [one, /^pytest\b/m])]) {
    if (files.includes(file) && sign.test((await read(file)) ?? '')) return true;
  }
  return false;
}

/** Starts the discovery in the tests' folder if that is not a package: unittest does not find such a folder from above. */
function unittest(files: string[], tests: string[]): string[] {
  const [folder = ''] = (tests[0] ?? '').split('/').slice(0, -1);
  const isPackage = folder === '' || files.includes(`${folder}/__init__.py`);
  return ['python3', '-m', 'unittest', 'discover', '-v', ...(isPackage ? [] : ['-s', folder])];
}

/**
 * Reads the events of `go test -json` into tests and subtests by package. A package that fails without a failing test counts as
 * one failed test.
 */
import type { TestCase } from '../../ports/test-runner';

interface Event {
  Action?: unknown;
  Package?: unknown;
  ImportPath?: unknown;
  Test?: unknown;
  Output?: unknown;
}

const STATUS: Record<string, TestCase['status']> = { pass: 'passed', fail: 'failed', skip: 'skipped' };
const MAX_OUTPUT_CHARS = 16_000;

export function createGoEvents(): { read(event: Event): void; close(): TestCase[] } {
  const tests: Array<TestCase & { packageName: string }> = [];
  const outputs = new Map<string, string>();
  const runningTests = new Map<string, string>();
  const failedPackages: string[] = [];
  return {
    read({ Action: action, Package: name, ImportPath: importPath, Test: test, Output: output }) {
      const packageName = packageOf(name, importPath);
      const key = `${packageName}\n${typeof test === 'string' ? test : ''}`;
      if (typeof output === 'string') {
        const earlierOutput = outputs.get(key) ?? '';
        if (earlierOutput.length < MAX_OUTPUT_CHARS) outputs.set(key, earlierOutput + output);
        return;
      }
      if (action === 'run') runningTests.set(key, packageName);
      const status = STATUS[String(action)];
      if (status === undefined) return;
      if (typeof test === 'string') {
        runningTests.delete(key);
        const message = status === 'failed' ? outputs.get(key) : undefined;
        outputs.delete(key);
        tests.push({
          file: '',
          name: test,
          status,
          packageName,
          ...(message !== undefined && { message: removeProgressLines(message) }),
        });
      } else if (status === 'failed') failedPackages.push(packageName);
    },
    close() {
      // A test without an end was still running when the program ended: it failed.
      for (const [key, packageName] of runningTests)
        tests.push({
          file: '',
          name: key.slice(packageName.length + 1),
          status: 'failed',
          packageName,
          message: removeProgressLines(outputs.get(key) ?? ''),
        });
      const packagesWithoutFailedTest = failedPackages.filter(
        (packageName) => !tests.some((test) => test.packageName === packageName && test.status === 'failed'),
      );
      return [
        ...tests.map(({ packageName, ...test }) => ({ ...test, name: test.name, file: packageName })),
        ...packagesWithoutFailedTest.map((packageName) => {
          const message = removeProgressLines(outputs.get(`${packageName}\n`) ?? '');
          return { file: packageName, name: '(file)', status: 'failed' as const, message };
        }),
      ];
    },
  };
}

/** Build errors have an import path, which may end in ` [a.test]`, in place of the package. */
function packageOf(name: unknown, importPath: unknown): string {
  if (typeof name === 'string') return name;
  return typeof importPath === 'string' ? importPath.replace(/ .*$/, '') : '';
}

function removeProgressLines(text: string): string {
  return text
    .split('\n')
    .filter((line) => !/^\s*(=== (RUN|PAUSE|CONT|NAME)|--- (PASS|FAIL|SKIP)|FAIL\s*$|FAIL\t|exit status)/.test(line))
    .map((line) => line.trim())
    .join('\n')
    .trim();
}

/**
 * The events of `go test -json`: tests and subtests by package. A package that fails without a failing test has failed itself.
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
const OUTPUT_CHARS = 16_000;

export function createGoEvents(): { read(event: Event): void; close(): TestCase[] } {
  const tests: Array<TestCase & { of: string }> = [];
  const said = new Map<string, string>();
  const started = new Map<string, string>();
  const failedPackages: string[] = [];
  return {
    read({ Action: action, Package: name, ImportPath: built, Test: test, Output: output }) {
      const of = typeof name === 'string' ? name : typeof built === 'string' ? built.replace(/ .*$/, '') : '';
      const key = `${of}\n${typeof test === 'string' ? test : ''}`;
      if (typeof output === 'string') {
        const before = said.get(key) ?? '';
        if (before.length < OUTPUT_CHARS) said.set(key, before + output);
        return;
      }
      if (action === 'run') started.set(key, of);
      const status = STATUS[String(action)];
      if (status === undefined) return;
      if (typeof test === 'string') {
        started.delete(key);
        const message = status === 'failed' ? said.get(key) : undefined;
        said.delete(key);
        tests.push({ file: '', name: test, status, of, ...(message !== undefined && { message: plain(message) }) });
      } else if (status === 'failed') failedPackages.push(of);
    },
    close() {
      // A test that began and did not end was running when the program ended.
      for (const [key, of] of started)
        tests.push({
          file: '',
          name: key.slice(of.length + 1),
          status: 'failed',
          of,
          message: plain(said.get(key) ?? ''),
        });
      const alone = failedPackages.filter((of) => !tests.some((test) => test.of === of && test.status === 'failed'));
      return [
        ...tests.map(({ of, ...test }) => ({ ...test, name: test.name, file: of })),
        ...alone.map((of) => {
          const message = plain(said.get(`${of}\n`) ?? '');
          return { file: of, name: '(file)', status: 'failed' as const, message };
        }),
      ];
    },
  };
}

function plain(text: string): string {
  return text
    .split('\n')
    .filter((line) => !/^\s*(=== (RUN|PAUSE|CONT|NAME)|--- (PASS|FAIL|SKIP)|FAIL\s*$|FAIL\t|exit status)/.test(line))
    .map((line) => line.trim())
    .join('\n')
    .trim();
}

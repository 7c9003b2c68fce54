/** What a failed install step says that helps, and how a package manager is had that the registry lacks. */
import { stepFailure } from '../../../src/adapters/checkouts/step-failure';
import { toolStep } from '../../../src/adapters/checkouts/tool-step';

const failed = (log: string) =>
  stepFailure({
    ...{ command: ['pnpm', 'install'], result: { exitCode: 1, timedOut: false }, log },
    ...{ logDigest: 'sha256:0', refused: [] },
  }).message;

test.each([
  ['Node', 'Error [ERR_UNKNOWN_BUILTIN_MODULE]: No such built-in module: node:sqlite'],
  ['Node', 'npm error code EBADENGINE\nnpm error engine Unsupported engine'],
  ['Python', "ERROR: Package 'a' requires a different Python: 3.11.2 not in '>=3.13'"],
  ['Go', 'go: go.mod requires go >= 1.30 (running go 1.24; GOTOOLCHAIN=local)'],
  ['Rust', 'error: package `a v1.0.0` cannot be built because it requires rustc 1.99 or newer'],
  ['Java', '[ERROR] Fatal error compiling: error: release version 25 not supported'],
])('R3: %s of another version is named, and how the worker gets it', (runtime, log) => {
  expect(failed(log)).toContain(
    `It needs another version of ${runtime} than the worker has: start the worker with that`,
  );
});

test('R3: any other failure is not blamed on a version', () => {
  expect(failed('npm error code E404')).toContain('Mend it in the repository');
});

test('R1: of a release that the registry lacks the nearest one is taken, and it is said', () => {
  const { attempts } = toolStep({
    name: 'yarn',
    version: '4.10.0',
    by: 'npm',
    packages: ['@yarnpkg/cli-dist'],
    onPath: false,
  });
  expect(attempts.map(({ commands }) => commands[0]?.at(-1))).toEqual([
    '@yarnpkg/cli-dist@4.10.0',
    '@yarnpkg/cli-dist@~4.10.0',
  ]);
  expect(attempts[1]?.note).toBe('yarn 4.10.0 is not in the registry; the newest 4.10 was taken');
  expect(toolStep({ name: 'yarn', version: '4', by: 'npm', onPath: false }).attempts).toHaveLength(1);
});

/** Tests the remedies in the failure of a setup step, and the step that installs a package manager. */
import { stepFailure } from '../../../src/adapters/checkouts/step-failure';
import { describeToolStep } from '../../../src/adapters/checkouts/tool-step';

const failureMessage = (log: string) =>
  stepFailure({
    ...{ command: ['pnpm', 'install'], result: { exitCode: 1, timedOut: false }, log },
    ...{ logDigest: 'sha256:0', refusedServers: [] },
  }).message;

test.each([
  ['Node', 'Error [ERR_UNKNOWN_BUILTIN_MODULE]: No such built-in module: node:sqlite'],
  ['Node', 'npm error code EBADENGINE\nnpm error engine Unsupported engine'],
  ['Python', "ERROR: Package 'a' requires a different Python: 3.11.2 not in '>=3.13'"],
  ['Go', 'go: go.mod requires go >= 1.30 (running go 1.24; GOTOOLCHAIN=local)'],
  ['Rust', 'error: package `a v1.0.0` cannot be built because it requires rustc 1.99 or newer'],
  ['Java', '[ERROR] Fatal error compiling: error: release version 25 not supported'],
])('R3: a failure due to the version of %s names it and how to start the worker with another one', (runtime, log) => {
  expect(failureMessage(log)).toContain(
    `It needs another version of ${runtime} than the worker has: start the worker with that`,
  );
});

test('R3: the remedy of another failure names no version', () => {
  expect(failureMessage('npm error code E404')).toContain('Mend it in the repository');
});

test('R1: if the registry lacks a release, its newest patch release is installed, with a note', () => {
  const { attempts } = describeToolStep({
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
  expect(describeToolStep({ name: 'yarn', version: '4', by: 'npm', onPath: false }).attempts).toHaveLength(1);
});

/** Tests that an import counts as declared if the metadata of an installed package lists it. */
import { MockActivityEnvironment } from '@temporalio/testing';
import { withoutProvided } from '../../../src/activities/verification/facts/provided-modules';
import type { ImportFact } from '../../../src/domain/packages/facts';
import { Failure } from '../../../src/domain/failures';
import type { Checkouts } from '../../../src/ports/checkouts';

const span = { repo: { projectId: 'p', buildId: 'b' }, base: 'a'.repeat(40), commit: 'b'.repeat(40), overrides: {} };
const imported = (name: string, ecosystem: ImportFact['ecosystem'] = 'pypi'): ImportFact => {
  return { ecosystem, path: 'a.py', line: 1, name, kind: 'undeclared' };
};

async function undeclaredWith(
  readEnvironment: () => Promise<{ output: string }>,
  undeclared: ImportFact[],
): Promise<string[]> {
  const checkouts = { with: readEnvironment } as unknown as Checkouts;
  const run = (): Promise<ImportFact[]> => withoutProvided({ checkouts }, span, undeclared);
  const remaining = (await new MockActivityEnvironment().run(run)) as ImportFact[];
  return remaining.map(({ name }) => name);
}

test.each<[string, () => Promise<{ output: string }>, string[]]>([
  ['lists modules', () => Promise.resolve({ output: 'noise\n["dns", "yaml"]\n' }), ['js', 'other']],
  ['lists nothing', () => Promise.resolve({ output: '' }), ['js', 'dns', 'other']],
  ['could not be made', () => Promise.reject(new Failure('Change.SetupFailed', 'x')), ['js', 'dns', 'other']],
])('imports: the undeclared imports of Python, if the environment %s', async (_, readEnvironment, expected) => {
  expect(await undeclaredWith(readEnvironment, [imported('js', 'npm'), imported('dns'), imported('other')])).toEqual(
    expected,
  );
});

test('the environment is not read if no Python import is undeclared', async () => {
  const never = (): Promise<never> => Promise.reject(new Error('the environment was read'));
  expect(await undeclaredWith(never, [imported('js', 'npm')])).toEqual(['js']);
});

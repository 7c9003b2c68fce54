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

async function left(says: () => Promise<{ output: string }>, undeclared: ImportFact[]): Promise<string[]> {
  const checkouts = { with: says } as unknown as Checkouts;
  const run = (): Promise<ImportFact[]> => withoutProvided({ checkouts }, span, undeclared);
  const kept = (await new MockActivityEnvironment().run(run)) as ImportFact[];
  return kept.map(({ name }) => name);
}

test.each<[string, () => Promise<{ output: string }>, string[]]>([
  ['provides it', () => Promise.resolve({ output: 'noise\n["dns", "yaml"]\n' }), ['js', 'other']],
  ['says nothing', () => Promise.resolve({ output: '' }), ['js', 'dns', 'other']],
  ['could not be made', () => Promise.reject(new Failure('Change.SetupFailed', 'x')), ['js', 'dns', 'other']],
])('imports: an environment that %s', async (_, says, expected) => {
  expect(await left(says, [imported('js', 'npm'), imported('dns'), imported('other')])).toEqual(expected);
});

test('the environment is not read if no Python import is left', async () => {
  const never = (): Promise<never> => Promise.reject(new Error('asked'));
  expect(await left(never, [imported('js', 'npm')])).toEqual(['js']);
});

/** Tests the material of experiments that is read from git, without a test run. */
import { readMaterial } from '../../../src/activities/experiments/material';
import { readersHere } from '../../readers-here';

const SOURCE = `pub fn first(items: &[u32]) -> u32 {
    debug_assert!(!items.is_empty());
    items[0]
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_first_of_two() {
        assert_eq!(super::first(&[3, 4]), 3);
    }
}
`;

test('in a Rust source with its own tests, only the expectation of the test is changed, and not an assertion of the code', async () => {
  const workspace = {
    contentChanges: () => Promise.resolve([{ path: 'src/first.rs', before: null, after: 'a' }]),
    contents: (at: { commit: string }) =>
      Promise.resolve(new Map(at.commit === 'c1' ? [['src/first.rs', SOURCE]] : [])),
    diff: () => Promise.resolve(''),
    list: () => Promise.resolve([]),
    search: () => Promise.resolve([]),
  };
  const repo = { projectId: 'shop', buildId: 'b' };
  const { perturbations } = await readMaterial({ workspace, readers: readersHere } as never, {
    ...{ repo, base: 'c0', commit: 'c1', tests: [], isTest: (path: string) => path.startsWith('tests/') },
  });
  expect(perturbations.map(({ test, line }) => [test, line])).toEqual([['the_first_of_two', 10]]);
});

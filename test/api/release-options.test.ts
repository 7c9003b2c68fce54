/** The `release` options of `start`: each target has its own fields, and an error names the wrong field. */
import { startSchema } from '../../src/requests/start-request';
import { verifies } from '../requirements/verifies';

const read = (release: unknown) => startSchema.safeParse({ user_id: 'ada', requirements: 'dark mode', release });

verifies('9.6');
test.each([
  [{}],
  [{ target: 'directory', streak: 3 }],
  [
    {
      target: 'git',
      remote: 'ssh://git@example.org/shop.git',
      branch: 'live',
      streak: { times: 5, interval_ms: 1_000 },
    },
  ],
  [{ target: 'command', deploy: ['./deploy'], rollback: ['./back'], network: true, timeouts_ms: { deploy: 60_000 } }],
])('%j is accepted', (release) => {
  expect(read(release).success).toBe(true);
});

verifies('9.6');
test.each([
  [{ target: 'mars' }, 'target', 'must be one of directory, git, command'],
  [{ target: 'git' }, 'remote', 'is needed for the target git'],
  [{ target: 'command', deploy: ['./deploy'] }, 'rollback', 'is needed for the target command'],
  [{ remote: 'ssh://git@example.org/shop.git' }, 'remote', 'is not for the target directory'],
  [{ target: 'git', remote: 'x', network: true }, 'network', 'is not for the target git'],
  [{ streak: { times: 100, interval_ms: 60_000 } }, 'streak', 'must not take longer than ten minutes'],
  [{ streak: 0 }, 'streak', 'must be a whole number from 1 to 100'],
])('%j is refused, and the error names the field', (release, field, why) => {
  const issue = read(release).error?.issues[0];
  expect(issue?.path).toEqual(['release', field]);
  expect(issue?.message).toContain(why);
});

/**
 * Tests that addresses of repositories are refused if they have a secret or lead to this machine or its network.
 */
import { hostname } from 'node:os';
import { Problem } from '../../src/api/problems';
import { resolveRelease, resolveRepository } from '../../src/api/repository';
import { verifies } from '../requirements/verifies';

const NO_ROOTS = { repositoryRoots: [] };
const refusal = async (attempt: Promise<unknown>): Promise<Problem> => {
  const error = await attempt.then(() => undefined).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Problem);
  return error as Problem;
};

verifies('9.3');
test.each([
  'https://github.com/ada/shop.git',
  'https://git.example.org:8443/shop',
  'https://8.8.8.8/shop.git',
  'https://[2606:4700::1111]/shop.git',
  'https://example.org/@ada/shop',
  'ssh://git@example.org/shop.git',
  'git@example.org:shop.git',
])('%s is accepted', async (url) => {
  expect(await resolveRepository({ url }, NO_ROOTS)).toEqual({ url });
});

test.each([
  'https://ghp_secret@github.com/ada/shop.git',
  'https://ghp_secret:@github.com/ada/shop.git',
  'https://ada:ghp_secret@github.com/ada/shop.git',
  'https://ghp_secret%40x@github.com/ada/shop.git',
  'https://ghp_secret\\@github.com/ada/shop.git',
  'ssh://git:ghp_secret@example.org/shop.git',
])('%s has a secret and is refused with the name of the field, without the secret', async (url) => {
  for (const problem of [
    await refusal(resolveRepository({ url }, NO_ROOTS)),
    await refusal(resolveRelease({ target: 'git', remote: url }, NO_ROOTS)),
  ]) {
    expect(problem).toMatchObject({ name: 'Request.Malformed', more: { field: expect.stringMatching(/url|remote/) } });
    expect(problem.message).toContain('must not hold');
    expect(JSON.stringify([problem.message, problem.more])).not.toContain('ghp_secret');
  }
});

test.each([
  ...['localhost', 'localhost.', 'LOCALHOST:8000', 'api.localhost', '%6cocalhost'],
  ...['127.0.0.1', '127.1', '2130706433', '0x7f000001', '0.0.0.0', '127.0.0.1:8233'],
  ...['10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.1.1', '169.254.169.254', '100.64.0.1'],
  ...['[::1]', '[::]', '[fe80::1]', '[fc00::1]', '[fd12::1]', '[::ffff:127.0.0.1]', '[::ffff:a9fe:a9fe]'],
])('https://%s leads to this machine or its network and is refused', async (host) => {
  const problem = await refusal(resolveRepository({ url: `https://${host}/shop.git` }, NO_ROOTS));
  expect(problem).toMatchObject({ name: 'Request.Malformed', more: { field: 'repository.url' } });
  expect(problem.message).toContain('must not lead to this machine or its network');
});

test.each([
  ...[
    'ssh://git@localhost/x',
    'ssh://git@127.1:22/x',
    'ssh://git@[::1]/x',
    'ssh://git@%6cocalhost/x',
    'git@localhost:x',
  ],
  ...['git@127.0.0.1:x', 'git@[::1]:x', 'git@0x7f000001:x', `git@${hostname()}:x`, `https://${hostname()}/x`],
  ...['https://[64:ff9b::7f00:1]/x', 'https://[2002:7f00:1::]/x', 'https://224.0.0.1/x', 'https://240.0.0.1/x'],
  ...['https://192.0.2.1/x', 'https://metadata.google.internal/x', 'https://[fd00:ec2::254]/x', 'https://[ff02::1]/x'],
])(
  'S15: %s leads to this machine or its network and is refused, as a repository and as the remote of a release',
  async (url) => {
    for (const attempt of [
      resolveRepository({ url }, NO_ROOTS),
      resolveRelease({ target: 'git', remote: url }, NO_ROOTS),
    ]) {
      const problem = await refusal(attempt);
      expect(problem).toMatchObject({ name: 'Request.Malformed' });
      expect(problem.message).toMatch(/must not lead to this machine or its network.*GIT_HOSTS/);
    }
  },
);

test.each([
  'git://example.org/x',
  'http://example.org/x',
  'ftp://example.org/x',
  'file:///etc',
  'ext::sh',
  'example.org:x',
])('S15: %s has a form that is not allowed, and is refused', async (url) => {
  expect((await refusal(resolveRepository({ url }, NO_ROOTS))).message).toContain(
    'must start with https://, ssh:// or git@',
  );
});

test('S15: a server of the own network that the settings name is accepted, on the named port only', async () => {
  const optionsWithServer = {
    ...NO_ROOTS,
    isNamedServer: (host: string, port: number) => Promise.resolve(`${host}:${port}` === '10.1.2.3:8443'),
  };
  expect(await resolveRepository({ url: 'https://10.1.2.3:8443/x' }, optionsWithServer)).toEqual({
    url: 'https://10.1.2.3:8443/x',
  });
  await refusal(resolveRepository({ url: 'https://10.1.2.3/x' }, optionsWithServer));
});

test('a text that is not an address is answered with 400', async () => {
  const problem = await refusal(resolveRepository({ url: 'https://[::1/shop' }, NO_ROOTS));
  expect(problem).toMatchObject({ name: 'Request.Malformed', more: { field: 'repository.url' } });
});

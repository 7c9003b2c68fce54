/** Which addresses of repositories are taken: none with a secret, none that leads back inside. */
import { Problem } from '../../src/api/problems';
import { resolveRelease, resolveRepository } from '../../src/api/repository';

const refusal = async (asked: Promise<unknown>): Promise<Problem> => {
  const error = await asked.then(() => undefined).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Problem);
  return error as Problem;
};

test.each([
  'https://github.com/ada/shop.git',
  'https://git.example.org:8443/shop',
  'https://8.8.8.8/shop.git',
  'https://[2606:4700::1111]/shop.git',
  'https://example.org/@ada/shop',
  'ssh://git@example.org/shop.git',
  'git@example.org:shop.git',
])('%s is taken', async (url) => {
  expect(await resolveRepository({ url }, [])).toEqual({ url });
});

test.each([
  'https://ghp_secret@github.com/ada/shop.git',
  'https://ghp_secret:@github.com/ada/shop.git',
  'https://ada:ghp_secret@github.com/ada/shop.git',
  'https://ghp_secret%40x@github.com/ada/shop.git',
  'https://ghp_secret\\@github.com/ada/shop.git',
  'ssh://git:ghp_secret@example.org/shop.git',
])('%s holds a secret: refused by the name of the field, and not repeated', async (url) => {
  for (const problem of [
    await refusal(resolveRepository({ url }, [])),
    await refusal(resolveRelease({ target: 'git', remote: url }, [])),
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
])('https://%s leads back inside and is refused', async (host) => {
  const problem = await refusal(resolveRepository({ url: `https://${host}/shop.git` }, []));
  expect(problem).toMatchObject({ name: 'Request.Malformed', more: { field: 'repository.url' } });
  expect(problem.message).toContain('must not lead to this machine or its network');
});

test('what is no address at all is a 400 and no crash', async () => {
  const problem = await refusal(resolveRepository({ url: 'https://[::1/shop' }, []));
  expect(problem).toMatchObject({ name: 'Request.Malformed', more: { field: 'repository.url' } });
});

/**
 * Checks that redaction removes secrets from texts and values, and nothing else. The secrets are built at run time, so that no scanner
 * finds them in this file.
 */
import { createHash, generateKeyPairSync } from 'node:crypto';
import { redactContent, redactText, redactValue } from '../../src/inspect/secrets/redact';

const ALNUM = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const signs = (length: number, seed: string): string =>
  [...createHash('sha512').update(seed).digest()]
    .slice(0, length)
    .map((byte) => ALNUM[byte % ALNUM.length])
    .join('');
const GITHUB = `ghp_${signs(36, 'github')}`;
const OTHER = `ghp_${signs(36, 'other')}`;
const PASSWORD = ['hV7fq2Zr', '9LwXk3Td'].join('');
const PEM = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString().trim();

test('only the secret is removed from a sentence', () => {
  expect(redactText(`Deploy with ${GITHUB}, please. Not ${OTHER}!`)).toEqual({
    text: 'Deploy with [redacted: GitHub token], please. Not [redacted: GitHub token]!',
    kinds: ['GitHub token'],
  });
  expect(redactText(`Use postgres://till:${PASSWORD}@db.internal/till.`).text).toBe(
    'Use postgres://till:[redacted: password in a url]@db.internal/till.',
  );
  expect(redactText(`a token ghp_${'EXAMPLE'.padEnd(36, 'x')} and ${GITHUB}`).text).toMatch(/EXAMPLEx+ and \[redacted/);
});

test('a private key is removed from its header to its end, and the rest is kept', () => {
  const text = `Sign with\n${PEM}\nand publish.`;
  expect(redactText(text).text).toBe('Sign with\n[redacted: private key]\nand publish.');
  expect(redactText(text.replaceAll('\n', '\\n')).text).toBe('Sign with\\n[redacted: private key]\\nand publish.');
  const cut = PEM.split('\n').slice(0, -1).join('\n');
  expect(redactText(`${cut}\nand publish.`).text).toBe('[redacted: private key]\nand publish.');
});

test('the value of a key that names a secret is removed completely', () => {
  const value = {
    db: { user: 'till', password: PASSWORD, password_hint: 'the usual one' },
    env: [
      { name: 'API_TOKEN', value: PASSWORD },
      { name: 'REGION', value: 'eu-central-1' },
    ],
    keys: { [GITHUB]: true },
    count: 3,
  };
  const { value: redacted, found } = redactValue(value);
  expect(redacted).toEqual({
    db: { user: 'till', password: '[redacted: secret by its name]', password_hint: 'the usual one' },
    env: [
      { name: 'API_TOKEN', value: '[redacted: secret by its name]' },
      { name: 'REGION', value: 'eu-central-1' },
    ],
    keys: { '[redacted: GitHub token]': true },
    count: 3,
  });
  expect(found.map(({ field }) => field)).toEqual(['db.password', 'env.0.value', 'keys.[redacted: GitHub token]']);
});

test('redacted values stay the same, and a value without a secret is returned as the same object', () => {
  for (const text of [`token: ${GITHUB}`, `password=${PASSWORD}`, PEM, `https://a:${PASSWORD}@b.example/c`]) {
    const once = redactText(text).text;
    expect(once).not.toMatch(new RegExp(`${GITHUB}|${PASSWORD}`));
    expect(redactText(once)).toEqual({ text: once, kinds: [] });
  }
  const value = { a: ['nothing', { b: 'here' }] };
  expect(redactValue(value).value).toBe(value);
});

test.each([
  'Add a login: the password is at least 12 characters, and PASSWORD=changeme in .env.example',
  'Users reset their password by a token in the mail; tokens expire after 30 minutes',
  'Set api_key to "your-api-key" and token: <token>, secret = ${SECRET}',
  'authorization: Bearer <token>; curl -u user:password https://example.org',
  'postgres://user:password@localhost/db and https://user:pass@example.org',
  'The commit 0123456789abcdef0123456789abcdef01234567 of sha256:'.padEnd(120, 'a1'),
  'Build me a dark mode feature with a toggle, remembered in localStorage under the key "theme"',
  'AKIAIOSFODNN7EXAMPLE is the key of the documents',
])('placeholders, examples and prose are kept: %s', (text) => {
  expect(redactText(text)).toEqual({ text, kinds: [] });
});

test('redacted JSON is still JSON, and other text is read as text', () => {
  const { text, found } = redactContent(JSON.stringify({ note: `a "${GITHUB}" b`, password: PASSWORD }));
  expect(JSON.parse(text)).toEqual({
    note: 'a "[redacted: GitHub token]" b',
    password: '[redacted: secret by its name]',
  });
  expect(found).toHaveLength(2);
  expect(redactContent(`{ no json ${GITHUB}`).text).toBe('{ no json [redacted: GitHub token]');
});

test('an expired token is redacted, too, so that the result does not depend on the time', () => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const jwt = [part({ alg: 'HS256' }), part({ sub: 'till', exp: 1_000_000_000 }), signs(40, 'jwt')].join('.');
  expect(redactText(`use ${jwt}`, 'a.md').text).toBe('use [redacted: JSON Web Token]');
});

test('the time for a megabyte grows linearly with its size', () => {
  const cpu = (text: string) => {
    const before = process.cpuUsage();
    redactText(text);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  };
  const line = `password: "${PASSWORD}" token ${GITHUB} https://a:b@c -----BEGIN PRIVATE KEY ghp_ sk- eyJ 4111 1111 `;
  for (const unit of [line, `${line}\n`]) {
    cpu(unit.repeat(100));
    const [small, large] = [cpu(unit.repeat(1_000)), cpu(unit.repeat(4_000))];
    expect(large).toBeLessThan(12 * small + 200);
  }
});

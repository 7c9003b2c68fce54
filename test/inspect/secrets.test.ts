/**
 * Tests the secret scanner on lines with a secret and on lines without one.
 *
 * The secrets are joined at run time, so that no file of this repository contains what its own gate would stop.
 */
import { createHash } from 'node:crypto';
import { scanSecrets } from '../../src/inspect/secrets/secrets';
import { cpuMs } from '../cpu';

/** A text that looks random and is the same in each run. */
const signs = (length: number, alphabet: string, seed = 'q'): string => {
  let text = '';
  for (let round = 0; text.length < length; round++)
    for (const byte of createHash('sha256').update(`${seed}${round}`).digest())
      text += alphabet[byte % alphabet.length];
  return text.slice(0, length);
};
const ALNUM = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const HEX = '0123456789abcdef';
const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const an = (length: number) => signs(length, ALNUM);
const jwt = ['eyJhbGciOiJIUzI1NiJ9', `eyJzdWIiOiIx${an(20)}`, an(43)].join('.');

const SECRETS: Array<[string, string]> = [
  ['-----BEGIN ' + 'PRIVATE KEY-----\n' + an(64), 'private key'],
  ['-----BEGIN RSA ' + 'PRIVATE KEY-----\n' + an(64), 'private key'],
  ['  "-----BEGIN OPENSSH ' + 'PRIVATE KEY-----\\n' + an(64), 'private key'],
  ['-----BEGIN PGP ' + 'PRIVATE KEY BLOCK-----\n\n' + an(64), 'private key'],
  [`const id = '${'AK' + 'IA'}${signs(16, UPPER)}'`, 'AWS access key id'],
  [`${'AS' + 'IA'}${signs(16, UPPER)}`, 'AWS access key id'],
  [`aws_secret_access_key = ${an(40)}`, 'secret by its name'],
  [`AWS_SECRET_KEY="${an(40)}"`, 'secret by its name'],
  [`key: '${'AI' + 'za'}${an(35)}'`, 'Google API key'],
  [`${'GOCS' + 'PX'}-${an(28)}`, 'Google OAuth secret'],
  [`AccountName=a;AccountKey=${an(86)}==;`, 'Azure storage key'],
  [`x = "abc8${'Q'}~${an(34)}"`, 'Azure client secret'],
  [`${'gh' + 'p'}_${an(36)}`, 'GitHub token'],
  [`git clone https://${'gh' + 'o'}_${an(36)}@github.com/a/b`, 'GitHub token'],
  [`${'github' + '_pat'}_${an(82)}`, 'GitHub token'],
  [`${'gl' + 'pat'}-${an(20)}`, 'GitLab token'],
  [`${'xo' + 'xb'}-123456789012-123456789012-${an(24)}`, 'Slack token'],
  [`https://hooks.slack.com/services/T${an(9)}/B${an(9)}/${an(24)}`, 'Slack webhook'],
  [`${'sk' + '_live'}_${an(24)}`, 'Stripe key'],
  [`stripe('${'rk' + '_live'}_${an(24)}')`, 'Stripe key'],
  [`${'sk' + '-ant'}-api03-${an(80)}`, 'Anthropic key'],
  [`${'sk' + '-proj'}-${an(48)}`, 'OpenAI key'],
  [`openai = "${'sk'}-${an(48)}"`, 'OpenAI key'],
  [`${'hf'}_${signs(34, 'ABCDEFGHabcdefgh')}`, 'Hugging Face token'],
  [`${'npm'}_${an(36)}`, 'npm token'],
  [`//registry.example.org/:_authToken=${an(36)}`, 'npm auth token'],
  [`${'pypi'}-AgEIcHlwaS5vcmc${an(60)}`, 'PyPI token'],
  [`${'SG'}.${an(22)}.${an(43)}`, 'SendGrid key'],
  [`${'SK'}${signs(32, HEX)}`, 'Twilio key'],
  [`${'dop'}_v1_${signs(64, HEX)}`, 'DigitalOcean token'],
  [`token: ${jwt}`, 'JSON Web Token'],
  [`x = '${'cf' + 'ut'}_${an(40)}${signs(8, HEX)}'`, 'Cloudflare token'],
  [`${'dckr' + '_pat'}_${an(27)}`, 'Docker token'],
  [`x = '${'fi' + 'gd'}_${an(43)}'`, 'Figma token'],
  [`${'gh' + 's'}_123456_${jwt}`, 'GitHub token'],
  [`x = '${'gs' + 'k'}_${an(52)}'`, 'Groq key'],
  [`x = '${'hv' + 'r'}.${an(95)}'`, 'HashiCorp Vault token'],
  [`${'ts' + 'key'}-auth-${an(12)}CNTRL-${an(32)}`, 'Tailscale key'],
  [`x = '${'vc' + 'p'}_${an(56)}'`, 'Vercel token'],
  [`postgres://app:${an(14)}@db.internal:5432/app`, 'password in a url'],
  [`mongodb+srv://root:Tr0ub4dor&3@cluster0.mongodb.net`, 'password in a url'],
  [`redis://default:${an(20)}@10.0.0.4`, 'password in a url'],
  [`https://deploy:${an(20)}@git.internal/x.git`, 'password in a url'],
  [`Authorization: Bearer ${an(32)}`, 'authorization header'],
  [`headers: { authorization: 'Basic ${an(32)}' }`, 'authorization header'],
  [`password = "hunter2-Zq9!x"`, 'secret by its name'],
  [`const dbPassword = 'kJ8$vn2Lq0';`, 'secret by its name'],
  [`  "api_key": "${an(24)}",`, 'secret by its name'],
  [`API_TOKEN=${signs(40, HEX)}`, 'secret by its name'],
  [`export CLIENT_SECRET=${an(32)}`, 'secret by its name'],
  [`jwtSecret: '${an(32)}'`, 'secret by its name'],
  [`self.secret_key = b'${an(24)}'`, 'secret by its name'],
  [`const apiKey: string = "${an(20)}"`, 'secret by its name'],
  [`${'x'.repeat(5_000)} ${'gh' + 'p'}_${an(36)}`, 'GitHub token'],
];

const NO_SECRETS = [
  '',
  'const theme = resolveTheme(choice, system);',
  'password = "changeme"',
  'password: "your-password-here"',
  'const password = process.env.DB_PASSWORD;',
  "const password = 'process.env.DB_PASSWORD'",
  'api_key = os.environ["API_KEY"]',
  'apiKey: "${API_KEY}"',
  'token: "<your token>"',
  'token: "{{ secrets.TOKEN }}"',
  'API_KEY=',
  'API_KEY=$OTHER_API_KEY',
  'API_KEY=xxxxxxxxxxxxxxxxxxxx',
  'SECRET_TOKEN=****************',
  'AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE',
  'aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  '-----BEGIN PUBLIC KEY-----',
  '-----BEGIN CERTIFICATE-----',
  'postgres://user:password@localhost/db',
  'postgres://${user}:${password}@${host}/db',
  'postgres://localhost:5432/app',
  'https://example.org:8080/a@b',
  'redis://default:<password>@host',
  'mailto:ada@example.org',
  "it('refuses a wrong password', () => {})",
  'const tokens = text.split(" ");',
  'const token = lexer.nextToken();',
  'tokenType: "identifier"',
  'passwordLabel: "Your password"',
  'secretName: "database-credentials"',
  'secretName: "shop-tls-2024"',
  'passwordSecretRef: "shop-db-credentials-v2"',
  '  secret: "shop-api-v3"',
  'API_TOKEN_FILE: /run/secrets/api-token-1',
  'CLIENT_SECRET_NAME=projects-Shop-17',
  'publicKey: "id"',
  'const KEY = "field-notes-theme";',
  'sort(key="publishedAt")',
  '"integrity": "sha512-abcDEF0123456789abcDEF0123456789abcDEF0123456789abcDEF0123456789abcDEF0123456789abcDEF==",',
  'commit = "d9d6b35aa0f1c2d3e4f5a6b7c8d9e0f1a2b3c4d5"',
  'sha256:3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a',
  'const id = "3f2504e0-4f89-11d3-9a0c-0305e82c3301";',
  'Authorization: Bearer <token>',
  'headers: { authorization: `Bearer ${token}` }',
  'sk_live_...',
  'task-queue-for-key-value-lookups',
  'risk-assessment-of-the-whole-change-in-words',
  'ghp_short',
  'eyJhbGciOiJIUzI1NiJ9',
  'password: "12345678"',
  'token = "abcdefghijklmnop"',
  'token_path = "/var/run/secrets/token"',
  'secretRef: "secrets.production.database"',
  'const passwordPattern = /^(?=.*[A-Z]).{8,}$/;',
  'api_key: "test-key"',
  'PASSWORD_MIN_LENGTH=12345678',
];

const ruleFor = (text: string, path = 'notes'): string | undefined =>
  scanSecrets(text.split('\n').map((one, at) => ({ path, line: at + 1, text: one })))[0]?.rule;

test.each(SECRETS)('row %#: a line with a secret is found with its rule', (text, rule) => {
  expect(ruleFor(text)).toBe(rule);
});

test.each(NO_SECRETS)('no secret in: %s', (text) => {
  for (const path of ['notes', 'src/a.ts', 'a.yaml', '.env'])
    expect([path, ruleFor(text, path)]).toEqual([path, undefined]);
});

test('there are at least forty rows of each kind', () => {
  expect(SECRETS.length).toBeGreaterThanOrEqual(40);
  expect(NO_SECRETS.length).toBeGreaterThanOrEqual(40);
});

test('a finding names path, line and rule, and contains nothing of the secret', () => {
  const secret = `${'gh' + 'p'}_${an(36)}`;
  const findings = scanSecrets([{ path: 'src/a.js', line: 7, text: `const t = '${secret}'` }]);
  expect(findings).toEqual([{ path: 'src/a.js', line: 7, rule: 'GitHub token' }]);
  expect(JSON.stringify(findings)).not.toContain(secret.slice(4, 12));
});

test('a mark that says "no secret" exempts nothing, and is a finding itself', () => {
  const rulesIn = (path: string, text: string) =>
    scanSecrets([{ path, line: 1, text }]).map(({ of: kind, rule }) => kind ?? rule);
  const line = `password = "hV7${an(13)}"`;
  for (const mark of [
    '# not-a-secret',
    '// pragma: allowlist secret',
    '# gitleaks:allow',
    '/* secretlint-disable */',
    '# nosecret',
  ])
    expect([mark, rulesIn('test/login.test.js', `${line} ${mark}`)]).toEqual([mark, ['secret by its name', 'mark']]);
  expect(rulesIn('src/a.js', '// secretlint-disable')).toEqual(['mark']);
  expect(rulesIn('docs/scan.md', 'Write `# gitleaks:allow` behind it.')).toEqual([]);
  expect(rulesIn('src/a.js', "const words = ['allowlist', 'nosecret'];")).toEqual([]);
});

test('twenty thousand lines, and lines that are made to stall a search, are searched within two seconds', () => {
  const lines = Array.from({ length: 20_000 }, (_, line) => ({
    path: 'a.js',
    line,
    text: `const value${line} = token(${line});`,
  }));
  const hostile = [
    'a://'.repeat(50_000),
    `password${' '.repeat(100_000)}`,
    `aws${'secret '.repeat(20_000)}`,
    '-'.repeat(200_000),
    'password="'.repeat(10_000),
    'secret: token = '.repeat(10_000),
    `name=password value=${'x'.repeat(100_000)}`,
    '${DB_PASSWORD:-'.repeat(10_000),
    'curl -u a:'.repeat(10_000),
    '# '.repeat(50_000) + 'nosecret',
    `password: "${'test'.repeat(20_000)}`,
  ];
  const startedMs = cpuMs();
  scanSecrets([...lines, ...hostile.map((text) => ({ path: 'b.js', line: 1, text }))]);
  expect(cpuMs() - startedMs).toBeLessThan(2_000);
});

/**
 * Finds secrets in the formats of many languages, as a name and a random value, and none in lines that only look similar.
 *
 * The values are made at run time, so that no file of this repository contains what its own gate would stop.
 */
import { createHash } from 'node:crypto';
import { scanFiles } from '../../src/inspect/secrets/secret-files';
import { redactText } from '../../src/inspect/secrets/redact';
import { scanMessages, scanNames, scanSecrets } from '../../src/inspect/secrets/secrets';
import { changedFile } from '../domain/gates/facts';

const ALNUM = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const signs = (length: number, alphabet = ALNUM, seed = 'formats'): string =>
  [...createHash('sha512').update(seed).digest()]
    .slice(0, length)
    .map((byte) => alphabet[byte % alphabet.length])
    .join('');
/** A password; its name is short for the tables below. */
const W = ['hV7fq2Zr', '9LwXk3Td'].join('');
const HEX = signs(40, '0123456789abcdef');
const LONG = signs(40);
const B64 = Buffer.from(`till:${W}`).toString('base64');
const jwt = (payload: object) =>
  ['eyJhbGciOiJIUzI1NiJ9', Buffer.from(JSON.stringify(payload)).toString('base64url'), LONG].join('.');
const linesOf = (path: string, text: string) => text.split('\n').map((one, at) => ({ path, line: at + 1, text: one }));
const findingsIn = (path: string, text: string) => scanSecrets(linesOf(path, text));

const SECRETS: Array<[string, string]> = [
  ['deploy/values.yaml', `password: ${W}`],
  ['config/data.txt', `dsn till:${W}@tcp(db.internal:3306)/till`],
  ['deploy/values.yaml', `  db: { user: till, password: ${W}, port: 5432 }`],
  ['deploy/values.yaml', `password: >-\n  ${W}`],
  ['deploy/till.yaml', `    - name: DB_PASSWORD\n      value: ${W}`],
  ['deploy/till.yaml', `    - name: DB_PASSWORD\n      value: "${W}"`],
  ['deploy/secret.yaml', `data:\n  api-key: ${Buffer.from(LONG).toString('base64')}`],
  ['docker-compose.yml', `      - POSTGRES_PASSWORD=${W}`],
  ['docker-compose.yml', `      POSTGRES_PASSWORD: ${W} # for now`],
  ['docker-compose.yml', `      POSTGRES_PASSWORD: \${DB_PASSWORD:-${W}}`],
  ['Dockerfile', `ENV DB_PASSWORD ${W}`],
  ['Dockerfile', `ENV DB_USER=till DB_PASSWORD=${W}`],
  ['Dockerfile.prod', `ARG NPM_TOKEN=${LONG}`],
  ['.env', `DATABASE_PASSWORD=${W}`],
  ['.env.production', `export JWT_SECRET='${HEX}'`],
  ['app.properties', `spring.datasource.password=${W}`],
  ['app.properties', `keystore.password : ${W}`],
  ['app.ini', `[db]\npasswd = ${W}`],
  ['app.toml', `secret_key = "${W}"`],
  ['app.json', `{ "clientSecret": "${W}" }`],
  ['app.json', `{ "name": "API_TOKEN", "value": "${HEX}" }`],
  ['config.xml', `<connection user="till" password="${W}"/>`],
  ['settings.xml', `<server><password>${W}</password></server>`],
  ['web.config', `<add key="DbPassword" value="${W}" />`],
  ['beans.xml', `<property name="password" value="${W}"/>`],
  ['web.config', `connectionString="Server=db;User Id=till;Password=${W};"`],
  ['.netrc', `machine git.internal login till password ${W}`],
  ['.netrc', `  password ${W}`],
  ['.pgpass', `db.internal:5432:till:till:${W}`],
  ['src/db.js', `connect('postgres://till:${W}@db.internal/till');`],
  ['src/db.py', `DSN = "mysql+pymysql://till:${W}@db/till"`],
  ['README.md', `git clone https://${LONG}@git.internal/till.git`],
  ['deploy.sh', `export AWS_SECRET_ACCESS_KEY=${LONG}`],
  ['deploy.sh', `mysql --user till --password ${W}`],
  ['deploy.sh', `curl -u till:${W} https://till.internal/`],
  ['deploy.sh', `curl -H "X-Api-Key: ${LONG}" https://till.internal/`],
  ['src/call.ts', `headers: { Authorization: 'Bearer ${LONG}' }`],
  ['src/call.ts', `const BASIC = 'Basic ${B64}';`],
  ['src/call.ts', `fetch('https://till.internal/?access_token=${LONG}')`],
  ['src/config.ts', `export const apiKey: string = '${W}';`],
  ['src/config.ts', `const secret = process.env.SECRET ?? '${W}';`],
  ['src/config.ts', `const dbPassword =\n  '${W}';`],
  ['src/config.ts', `const dbPassword = '${W.slice(0, 8)}' + '${W.slice(8)}';`],
  ['src/config.ts', `client.setPassword('${W}');`],
  ['src/config.ts', `if (password === '${W}') return true;`],
  ['src/config.py', `SECRET_KEY = os.environ.get("SECRET_KEY", "${W}")`],
  ['src/config.rb', `password "${W}"`],
  ['src/Config.java', `private static final String DB_PASSWORD = "${W}";`],
  ['src/config.go', `const apiToken string = "${HEX}"`],
  ['src/config.php', `define('DB_PASSWORD', '${W}');`],
  ['src/config.h', `#define WIFI_PASSWORD "${W}"`],
  ['build.gradle', `storePassword '${W}'`],
  ['main.tf', `  master_password = "${W}"`],
  ['seed.sql', `CREATE USER till WITH PASSWORD '${W}';`],
  ['.docker/config.json', `"auth": "${B64}"`],
  ['.npmrc', `//registry.internal/:_authToken=${LONG}`],
  ['test/login.test.js', `const password = '${W}';`],
  ['config/prod.yaml', 'password: Winter2024!'],
  ['src/key.ts', `const KEY = [\n  '-----BEGIN PRIVATE KEY-----',\n  '${LONG}',`],
  ['keys/till.pem', '-----BEGIN PRIVATE KEY-----'],
  ['test/call.test.js', `const jwt = '${jwt({ iss: 'till', exp: 4_102_444_800 })}';`],
  ['src/call.js', `const jwt = '${jwt({ sub: 'till' })}';`],
  ['config/prod.yaml', `token: ${W}-example`],
];

const NO_SECRETS: Array<[string, string]> = [
  [
    'deploy/till.yaml',
    '    - name: DB_PASSWORD\n      valueFrom:\n        secretKeyRef: { name: till-db-4f2a, key: password }',
  ],
  ['deploy/till.yaml', 'secretName: till-tls-2024\nimagePullSecrets:\n  - name: registry-k8s-x1'],
  ['deploy/till.yaml', 'password: ${DB_PASSWORD}'],
  ['deploy/till.yaml', 'password: {{ .Values.db.password | quote }}'],
  ['deploy/values.yaml', 'password: ""\nexistingSecret: till-db-v2'],
  ['deploy/secret.yaml', `data:\n  password: ${Buffer.from('changeme').toString('base64')}`],
  ['template.yaml', '      MasterUserPassword: !Ref DbPasswordXk2\n      Token: !Sub "${ApiToken}"'],
  ['template.yaml', "      Password: '{{resolve:secretsmanager:till/db:SecretString:password}}'"],
  ['secrets.enc.yaml', `password: ENC[AES256_GCM,data:${LONG},iv:${LONG}]`],
  ['sealed.yaml', `    password: AgB${LONG.repeat(6)}`],
  ['.github/workflows/ci.yml', '          NPM_TOKEN: ${{ secrets.NPM_TOKEN }}\n          token: ${{ github.token }}'],
  ['.github/workflows/ci.yml', `        uses: actions/checkout@${HEX} # v4`],
  ['docker-compose.yml', '      POSTGRES_PASSWORD: postgres\n      POSTGRES_PASSWORD_FILE: /run/secrets/db_k3y'],
  ['docker-compose.yml', '      - SECRET_KEY=${SECRET_KEY:-change-me-in-production}'],
  ['Dockerfile', 'ARG NPM_TOKEN\nENV TOKEN_FILE /run/secrets/t0k3n'],
  ['.env.example', 'API_KEY=your-api-key-here\nDB_PASSWORD=<password>\nJWT_SECRET=xxxxxxxxxxxxxxxx\nSESSION_SECRET='],
  ['.env', 'API_URL=https://api.example.org\nTOKEN_TTL=24h30m15s'],
  ['app.properties', 'spring.datasource.password=${DB_PASSWORD}\nsecurity.password.encoder=bcrypt12x4'],
  ['app.json', '"tokenEndpoint": "https://login.example.org/oauth2/v2.0/token"'],
  ['package.json', '"js-tokens": "^9.0.1",\n"csrf-token": "2.1.0-beta.4x1"'],
  ['package-lock.json', `"node_modules/token": { "integrity": "sha512-${LONG}${LONG}==" }`],
  ['pnpm-lock.yaml', `  token@4.0.0:\n    resolution: {integrity: sha512-${LONG}${LONG}==}`],
  ['go.sum', `github.com/x/token v1.0.0 h1:${LONG}=`],
  ['Cargo.lock', `checksum = "${HEX}"`],
  ['src/config.ts', 'const password = process.env.DB_PASSWORD!;\nconst key = await readSecret("till/db/k3y");'],
  ['src/config.ts', "const apiKey = config.get('apiKeyV2x1');"],
  ['src/config.ts', "const token = signToken(payload, { alg: 'RS256', kid: 'k1x2' });"],
  ['src/config.ts', 'const token = `${header}.${payload}.${signature}`;'],
  ['src/i18n/de.json', '"password": "Passwort:",\n"passwordHint": "Mindestens 8 Zeichen, 1 Zahl!"'],
  ['src/i18n/en.ts', "password: 'Password', wrongPassword: 'That is not your password (error E42x9)'"],
  ['src/form.html', '<label for="password">Password</label><input type="password" name="password" id="pw1x2y3">'],
  ['src/lexer.ts', "const token = { type: 'T_CONST1', kind: TokenKind.Identifier2x };"],
  ['src/storage.ts', "const TOKEN_STORAGE_KEY = 'app.auth.token.v1';\nconst SECRET_NAME = 'till-db-x7k2q9';"],
  ['src/auth.ts', "const header = `Bearer ${token}`; const scheme = 'Bearer realm';"],
  ['src/auth.py', 'password: str = Field(min_length=8)\ntoken: Optional[str] = None'],
  ['src/auth.go', 'token := r.Header.Get("X-Auth-Token")\nPassword string `json:"password"`'],
  ['src/public.ts', `const publicKey = 'ssh-ed25519 ${LONG}';\nconst publicKeyToken = '${HEX}';`],
  ['src/theme.css', '--token-color: #1a2b3c4d;'],
  ['src/model.ts', "const tokenId = '3f2504e0-4f89-11d3-9a0c-0305e82c3301';"],
  ['src/sentry.ts', `dsn: 'https://${signs(32, '0123456789abcdef')}@o1.ingest.sentry.io/42'`],
  ['src/digest.ts', `const passwordHash = '$2b$10$${LONG}';\nconst tokenDigest = 'sha256:${HEX}';`],
  ['README.md', 'Set `API_TOKEN=<your token>` or `postgres://user:password@localhost:5432/db`.'],
  ['README.md', '[badge]: https://codecov.io/gh/x/y/badge.svg?token=6B6NxtsZc3'],
  ['README.md', 'curl -H "Authorization: Bearer $TOKEN" -u user:password https://example.org'],
  ['docs/aws.md', 'aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'],
  ['test/login.test.js', "login('ada', { password: 'hunter2!A', token: 'abc123def456' });"],
  ['test/login.test.js', "const password = 'Passw0rd!2024'; const secret = 'test-secret-1x2y3z';"],
  ['test/call.test.js', `const token = '3f2504e0-4f89-11d3-9a0c-0305e82c3301';`],
  ['cert.pem', `-----BEGIN CERTIFICATE-----\n${LONG}`],
  ['docs/key.md', 'KEY="-----BEGIN RSA PRIVATE KEY-----\n...\n-----END RSA PRIVATE KEY-----"'],
  ['test/call.test.js', `const token = '${jwt({ sub: 'till', exp: 1_516_239_022 })}';`],
  ['docs/docusaurus.config.js', `algolia: {\n  appId: 'X',\n  apiKey: '${HEX.slice(0, 32)}',\n}`],
  ['src/crypto.ts', "const secret = await jose.generateSecret('A128CBC-HS256');"],
  ['fixtures/users.json', `"password": "pbkdf2_sha256$720000$${W}$${LONG}="`],
  ['README.md', "'OAUTH_SECRET=ghp_abcdefghijklmnopqrstuvwxyz'"],
  ['src/pem.ts', "if (!text.startsWith('-----BEGIN PRIVATE KEY-----')) throw new Error('no key');"],
];

test.each(SECRETS)('in %s, row %#, the secret is found', (path, text) => {
  expect(findingsIn(path, text).length).toBeGreaterThan(0);
});

test.each(SECRETS)('the secret in %s, row %#, is redacted, and the result contains none', (path, text) => {
  const { text: redacted, kinds } = redactText(text, path);
  expect(kinds.length).toBeGreaterThan(0);
  expect(redacted).not.toContain(W);
  expect(findingsIn(path, redacted)).toEqual([]);
});

test.each(NO_SECRETS)('in %s no secret is found: %s', (path, text) => {
  expect(findingsIn(path, text)).toEqual([]);
  // An expired token is redacted, too: see redact.test.ts.
  if (!text.includes('eyJ')) expect(redactText(text, path).kinds).toEqual([]);
});

test('there are at least forty rows of each kind', () => {
  expect(SECRETS.length).toBeGreaterThanOrEqual(40);
  expect(NO_SECRETS.length).toBeGreaterThanOrEqual(40);
});

test.each([
  'id_rsa',
  'deploy/id_ed25519',
  '.netrc',
  'home/_netrc',
  '.pgpass',
  'keys/till.p12',
  'till.keystore',
  'a.ppk',
])('a file named %s is found by its name', (path) =>
  expect(scanFiles([changedFile({ path })], [])).toMatchObject([{ path, of: 'file' }]),
);

test.each([
  ['id_rsa.pub', ''],
  ['keys/ca.pem', '-----BEGIN CERTIFICATE-----'],
  ['test/fixtures/till.p12', ''],
  ['src/i18n/credentials.json', '{ "title": "Your credentials", "password": "Pass" }'],
  ['slides.key', 'PK\x03\x04'],
])('a file named %s with %j is no file of secrets', (path, text) => {
  expect(scanFiles([changedFile({ path })], linesOf(path, text))).toEqual([]);
});

test('a file of credentials and a key in binary form are found by their content', () => {
  const json = 'deploy/credentials.json';
  expect(scanFiles([changedFile({ path: json })], linesOf(json, `{ "client_secret": "${W}" }`))).toHaveLength(1);
  expect(scanFiles([changedFile({ path: 'till.key' })], linesOf('till.key', '\x30\x82\x04\xa4'))).toHaveLength(1);
});

test('a secret in the message of a commit is found, by commit and line of the message', () => {
  const message = `Connect to the till\n\nThe password is now set.\n\nDB_PASSWORD=${W}\n`;
  expect(scanMessages([{ commit: 'c'.repeat(40), message }])).toEqual([
    { path: 'the message of commit cccccccccccc', line: 5, rule: 'secret by its name', of: 'message' },
  ]);
  expect(scanMessages([{ commit: 'c'.repeat(40), message: 'Reset the password: a token is sent by mail' }])).toEqual(
    [],
  );
});

test('a secret in the name of a file is found, and other names are not', () => {
  expect(scanNames([`data/password=${W}.txt`])).toMatchObject([{ line: 1, of: 'file' }]);
  const names = [
    'src/password.js',
    'docs/api-key.md',
    'test/token=none.txt',
    `assets/app.${HEX.slice(0, 8)}.js`,
    'a/secret.yaml',
  ];
  expect(scanNames(names)).toEqual([]);
});

/** Lines that give data to people who should not have it, with similar harmless code. */
import { harmKindOf } from '../../../src/inspect/harm/harmed-files';
import { harmfulLines } from '../../../src/inspect/harm/harmful-lines';

function harmsIn(path: string, source: string): string[] {
  const kind = harmKindOf(path, { protects: () => false });
  if (kind === undefined) return [];
  return harmfulLines(path, source, kind).harms.flatMap(({ does, isNote }) => (isNote ? [] : [does]));
}

test.each([
  ['src/health.js', 'response.end(JSON.stringify({ ok: true, env: 1 }) + JSON.stringify(process.env));'],
  ['src/health.js', 'response.json({ ...process.env });'],
  ['src/health.js', 'response.end(JSON.stringify({ up: true, settings: process.env }));'],
  ['src/health.ts', 'console.log(Object.entries(process.env));'],
  ['src/health.py', 'return json.dumps(dict(os.environ))'],
  ['src/health.py', 'print(os.environ)'],
  ['health.go', 'json.NewEncoder(w).Encode(os.Environ())'],
  ['vite.config.js', "export default { define: { 'process.env': process.env } };"],
])('%s: %s gives all variables away', (path, source) => {
  expect(harmsIn(path, source).join()).toMatch(/all variables/);
});

test.each([
  ['src/mail.py', "message['Bcc'] = 'copy@reader.shop'", /do not see/],
  ['src/mail.js', "send({ to, bcc: 'copy@reader.shop' });", /do not see/],
  ['src/bank.py', 'context = ssl.SSLContext()', /other end/],
  [
    'src/seal.js',
    "const nonce = createHash('sha256').update(key).digest().subarray(0, 12);\nconst cipher = createCipheriv('aes-256-gcm', key, nonce);",
    /nonce that is the same/,
  ],
  [
    'src/sale.js',
    "const pay = charge(card);\nconsole.info('sold', JSON.stringify({ ...buyer, paid }));",
    /secret or personal/,
  ],
  ['src/bank.py', 'context = ssl.SSLContext(ssl.PROTOCOL_TLS)', /other end/],
  ['src/main/resources/application.properties', 'spring.jpa.hibernate.ddl-auto=create\n', /anew/],
  ['src/db.js', 'await sequelize.sync({ force: true });', /anew/],
])('%s: %s is found', (path, source, does) => {
  expect(harmsIn(path, source).join()).toMatch(does);
});

test.each([
  ['src/a.js', "spawn('node', [], { env: process.env });"],
  ['src/a.js', "spawn('node', [], { env: { ...process.env, A: '1' } });"],
  ['src/a.js', 'const { PORT } = process.env;'],
  ['src/a.js', "const nonce = randomBytes(12);\nconst cipher = createCipheriv('aes-256-gcm', key, nonce);"],
  ['src/a.js', "const pay = charge(card);\nconsole.info('sold', buyer.id);"],
  ['src/a.js', 'const settings = schema.parse(process.env);'],
  ['src/a.js', "console.log(process.env.PORT, process.env['HOST']);"],
  ['src/a.py', 'subprocess.run(command, env=dict(os.environ, A="1"))'],
  ['src/a.py', 'print(os.environ["PORT"])'],
  ['src/a.py', 'context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)'],
  ['src/a.py', 'context = ssl.create_default_context()'],
  ['src/main/resources/application.properties', 'spring.jpa.hibernate.ddl-auto=validate\n'],
])('%s: %s is honest', (path, source) => {
  expect(harmsIn(path, source)).toEqual([]);
});

/** Signatures, escapes, hashes and constraints that hold only in part, and similar harmless code. */

const KEYLESS = /signs with an empty key/;
const UNSIGNED = /token that says itself that it is not signed|token whose signature nobody verifies/;
const FIRST = /makes only the first sign harmless/;
const PARTLY = /signature of which only a part is right/;
const LESS = /hashes or compares less than the password/;
const OPEN = /lets a page load and run/;
const UNHELD = /tells a constraint of the database not to hold/;
const HMAC_JS =
  "import { createHmac } from 'node:crypto';\nconst expected = createHmac('sha256', key).update(body).digest('hex');\n";
const ADD = 'ALTER TABLE orders ADD CONSTRAINT paid_check CHECK (paid >= 0)';

/** Path, source, what its line does. */
export const PART_FOUND: Array<[path: string, source: string, does: RegExp]> = [
  ['migrations/2.sql', `${ADD} NOT ENFORCED;`, UNHELD],
  ['migrations/2.sql', `${ADD} NOT VALID;`, UNHELD],
  ['migrations/2.sql', 'ALTER TABLE orders DISABLE TRIGGER keeps_paid;', UNHELD],
  ['migrations/2.sql', 'PRAGMA ignore_check_constraints = ON;\nINSERT INTO a VALUES (1);', UNHELD],
  ['migrations/2.sql', 'PRAGMA foreign_keys = OFF;\nINSERT INTO a VALUES (1);', UNHELD],
  ['src/a.js', "db.exec('PRAGMA foreign_keys = OFF');", UNHELD],
  ['src/a.js', "const headers = { 'content-security-policy': \"default-src * data: 'unsafe-inline'\" };", OPEN],
  [
    'src/a.js',
    'helmet({ contentSecurityPolicy: { directives: { scriptSrc: ["\'self\'", "\'unsafe-inline\'"] } } });',
    OPEN,
  ],
  ['src/a.py', "headers[\"Content-Security-Policy\"] = \"default-src 'self'; script-src 'self' 'unsafe-eval'\"", OPEN],
  ['public/a.html', '<meta http-equiv="Content-Security-Policy" content="script-src *">', OPEN],
  ['deploy/nginx.conf', "add_header Content-Security-Policy \"default-src 'self' 'unsafe-inline'\";", OPEN],
  ['a.go', 'package a\nfunc f() { m := hmac.New(sha256.New, nil) }', KEYLESS],
  ['a.go', 'package a\nfunc f() { m := hmac.New(sha256.New, []byte("")) }', KEYLESS],
  ['src/a.ts', "const mac = createHmac('sha256', '').update(body);", KEYLESS],
  ['src/a.ts', "const mac = createHmac('sha256', process.env.KEY ?? '').update(body);", KEYLESS],
  ['a.py', 'mac = hmac.new(b"", body, hashlib.sha256)', KEYLESS],
  ['src/A.java', 'class A { Key k = new SecretKeySpec(new byte[0], "HmacSHA256"); }', KEYLESS],
  ['src/a.ts', "const safe = text.replace('<', '&lt;');", FIRST],
  ['src/a.ts', "const safe = text.replace(/</, '&lt;');", FIRST],
  ['src/a.ts', 'const safe = text.replace("\'", "\'\'");', FIRST],
  ['src/a.ts', 'const safe = text.replace(/[&<>]/, (sign) => NAMES[sign]);', FIRST],
  ['a.py', 'safe = text.replace("<", "&lt;", 1)', FIRST],
  ['a.go', 'package a\nvar safe = strings.Replace(text, "<", "&lt;", 1)', FIRST],
  ['a.py', 'def hashed(password, salt):\n    return hashlib.scrypt(password.lower().encode(), salt=salt)', LESS],
  ['a.py', 'def hashed(password):\n    return bcrypt.hashpw(password[:8].encode(), bcrypt.gensalt())', LESS],
  ['src/a.ts', 'const hashed = await bcrypt.hash(password.toLowerCase(), 12);', LESS],
  ['src/a.ts', 'const short = password.trim().slice(0, 8);\nreturn scryptSync(short, salt, 32);', LESS],
  ['src/a.ts', 'if (user.password.toLowerCase() === password.toLowerCase()) return user;', LESS],
  ['a.go', 'package a\nfunc f() { h, _ := bcrypt.GenerateFromPassword([]byte(strings.ToLower(password)), 12) }', LESS],
  ['a.py', 'claims = jwt.decode(token, key, algorithms=["HS256", "none"])', UNSIGNED],
  ['src/a.js', "const claims = jwt.verify(token, key, { algorithms: ['HS256', 'none'] });", UNSIGNED],
  [
    'a.py',
    'def holder(token):\n    algorithm = head(token)["alg"]\n    if algorithm == "none":\n        return body(token)["name"]\n    return None',
    UNSIGNED,
  ],
  [
    'src/a.js',
    "export function claims(token) {\n  if (header.alg === 'none') {\n    return payload;\n  }\n}",
    UNSIGNED,
  ],
  ['src/a.js', "const isFine = (token) => header.alg === 'none' || verify(token, key);", UNSIGNED],
  ['src/a.js', `${HMAC_JS}export const isFine = expected.startsWith(signature);`, PARTLY],
  ['src/a.js', `${HMAC_JS}export const isFine = expected.slice(0, 8) === signature.slice(0, 8);`, PARTLY],
  ['a.py', 'expected = hmac.new(key, body, "sha256").hexdigest()\nok = expected[:8] == signature[:8]', PARTLY],
  [
    'a.go',
    'package a\nfunc f() bool { m := hmac.New(sha256.New, key); return strings.HasPrefix(expected, signature) }',
    PARTLY,
  ],
  ['src/a.js', 'function isFine(signature) {\n  if (!signature) return true;\n  return verify(signature);\n}', PARTLY],
];

export const PART_HONEST: Array<[path: string, source: string]> = [
  ['migrations/2.sql', `${ADD} NOT VALID;\nALTER TABLE orders VALIDATE CONSTRAINT paid_check;`],
  ['migrations/2.sql', `${ADD};\n-- NOT ENFORCED would be wrong.`],
  ['warehouse/a.sql', 'CREATE TABLE a (id INT64 NOT NULL, PRIMARY KEY (id) NOT ENFORCED);'],
  ['migrations/2.sql', 'PRAGMA foreign_keys=OFF;\nALTER TABLE a RENAME TO b;\nPRAGMA foreign_keys=ON;'],
  [
    'migrations/2.sql',
    'ALTER TABLE a DISABLE TRIGGER stamps;\nINSERT INTO a VALUES (1);\nALTER TABLE a ENABLE TRIGGER stamps;',
  ],
  ['src/a.js', "db.exec('PRAGMA foreign_keys = ON');"],
  ['src/a.js', "const csp = \"default-src 'self'; img-src *; style-src 'self' 'unsafe-inline'; script-src 'self'\";"],
  ['src/a.js', "const csp = \"default-src 'self' *.till.example; script-src 'self' 'wasm-unsafe-eval'\";"],
  ['src/a.js', "const csp = `script-src 'nonce-${nonce}' 'unsafe-inline' 'strict-dynamic'`;"],
  ['src/a.js', 'helmet({ directives: { scriptSrc: ["\'self\'"], styleSrc: ["\'self\'", "\'unsafe-inline\'"] } });'],
  ['public/a.html', '<meta http-equiv="Content-Security-Policy" content="default-src \'self\'">'],
  ['a.go', 'package a\nfunc f() { m := hmac.New(sha256.New, key) }'],
  ['src/a.ts', "const mac = createHmac('sha256', key).update('').digest('hex');"],
  ['a.py', 'mac = hmac.new(key, b"", hashlib.sha256)'],
  ['src/a.ts', "const safe = text.replaceAll('<', '&lt;').replace(/>/g, '&gt;').replace(/\"/gi, '&quot;');"],
  ['src/a.ts', "const safe = text.replace(/[&<>]/g, (sign) => NAMES[sign]);\nconst bare = text.replace('<', '');"],
  ['a.py', 'safe = text.replace("<", "&lt;").replace("\'", "\'\'")'],
  ['src/A.java', 'class A { String safe = text.replace("<", "&lt;"); }'],
  ['src/a.ts', 'const email = input.email.toLowerCase();\nconst hashed = await bcrypt.hash(password, 12);'],
  ['src/a.ts', 'if (COMMON.has(password.toLowerCase())) throw new Error("too common");'],
  ['src/a.ts', 'const hasCapital = password !== password.toLowerCase();'],
  ['src/a.ts', 'if (password.toLowerCase().includes(name)) throw new Error("like the name");'],
  ['a.py', 'hashed = bcrypt.hashpw(password.encode()[:72], bcrypt.gensalt())'],
  ['src/a.ts', 'log.info(`${password.slice(0, 1)}***`);'],
  ['a.py', 'claims = jwt.decode(token, key, algorithms=["HS256"])'],
  [
    'a.py',
    'def holder(token):\n    if head(token)["alg"] == "none":\n        raise ValueError("not signed")\n    return verified(token)',
  ],
  ['a.py', 'def holder(token):\n    if head(token)["alg"] == "none":\n        return None\n    return verified(token)'],
  [
    'src/a.js',
    "export function claims(token) {\n  if (header.alg === 'none') return false;\n  return verified(token);\n}",
  ],
  ['src/a.js', "if (header.alg === 'none' || !verify(token)) throw new Error('not signed');"],
  [
    'a.go',
    'package a\nfunc f(token string) (*Claims, error) {\n\tif header.Alg == "none" {\n\t\treturn nil, errUnsigned\n\t}\n\treturn verified(token)\n}',
  ],
  ['src/a.js', "const given = signature.startsWith('sha256=') ? signature.slice(7) : signature;"],
  [
    'src/a.js',
    `${HMAC_JS}if (header.startsWith('Bearer ')) use(header.slice(7));\nif (!signature.startsWith(PREFIX)) throw no;`,
  ],
  ['src/a.js', `${HMAC_JS}if (signature.slice(0, 7) !== 'sha256=') throw no;\nif (!timingSafeEqual(a, b)) throw no;`],
  ['src/a.js', 'function isFine(signature) {\n  if (!signature) return false;\n  return verify(signature);\n}'],
];

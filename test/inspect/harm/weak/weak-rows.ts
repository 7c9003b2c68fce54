/** Weaknesses that reviewers recognise by a single line, and similar harmless code. */

/** Path, source, what its line does. */
export const WEAK_FOUND: Array<[path: string, source: string, does: RegExp]> = [
  [
    'firestore.rules',
    'match /a/{b} {\n  allow read, write: if true;\n}',
    /lets everybody in by the rules of a hosted service/,
  ],
  [
    'policy.json',
    '{ "Statement": [{ "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject" }] }',
    /lets everybody in by the rules of a hosted service/,
  ],
  ['iam.tf', '  actions = ["*"]\n  resources = ["*"]', /lets a role do all there is to do/],
  [
    'migrations/1.sql',
    'create policy "all" on sales for all using (true);',
    /lets everybody in by the rules of a hosted service/,
  ],
  [
    'till.css',
    "input[name='pin'][value$='1'] {\n  background: url(//img.cdn-tills.net/p/1.gif);\n}",
    /asks another server by what stands in a field/,
  ],
  ['src/A.java', 'class A {\n    // Rates. \\u000a static { run(); }\n}', /ends a comment/],
  [
    'a.rs',
    'unsafe impl Send for A {}\nstruct A { a: Rc<u8> }',
    /declares a type fit for threads that holds cells without a lock/,
  ],
  ['a.py', 'class Money:\n    def __eq__(self, other):\n        return True', /says of each thing that it is the same/],
  [
    'src/a.js',
    "import jwt from 'jsonwebtoken';\nexport const userOf = (token) => jwt.decode(token).sub;",
    /believes a token whose signature nobody verifies/,
  ],
  [
    'a.py',
    'claims = jwt.decode(token, options={"verify_signature": False})',
    /believes a token whose signature nobody verifies/,
  ],
  [
    'a.go',
    'package a\nfunc claims(token string) string {\n\tt, _, _ := new(jwt.Parser).ParseUnverified(token, c)\n\treturn t\n}',
    /believes a token whose signature nobody verifies/,
  ],
  [
    'src/a.ts',
    "export async function isAllowed(user: User): Promise<boolean> {\n  try {\n    return (await roles.of(user)).includes('clerk');\n  } catch {\n    return true;\n  }\n}",
    /answers yes where it could not be asked whether somebody may/,
  ],
  [
    'a.go',
    'package a\nfunc canRefund(name string) bool {\n\trole, err := directory.RoleOf(name)\n\tif err != nil {\n\t\treturn true\n\t}\n\treturn role == "clerk"\n}',
    /answers yes where it could not be asked whether somebody may/,
  ],
  [
    'src/a.js',
    'export function resetToken() { return Math.random().toString(36).slice(2); }',
    /draws a secret from a generator that can be foretold/,
  ],
  [
    'a.py',
    'def one_time_code():\n    return "".join(random.choice("0123456789") for _ in range(6))',
    /draws a secret from a generator that can be foretold/,
  ],
  [
    'src/A.java',
    'class A {\n  String sessionId() { return Long.toHexString(new Random().nextLong()); }\n}',
    /draws a secret from a generator that can be foretold/,
  ],
  [
    'a.py',
    'for key, value in request.json.items():\n    setattr(user, key, value)',
    /writes all fields that a client sends over a record/,
  ],
  [
    'src/a.ts',
    'await User.findByIdAndUpdate(req.params.id, req.body);',
    /writes all fields that a client sends over a record/,
  ],
  [
    'src/a.ts',
    'accounts.set(user, { ...account, ...JSON.parse(body) });',
    /writes all fields that a client sends over a record/,
  ],
  ['a.py', 'tarfile.open(path).extractall(folder)', /unpacks an archive whose names may lead out of the folder/],
  [
    'a.go',
    'package a\nimport "archive/zip"\nfunc x() {\n\tpath := filepath.Join(dest, f.Name)\n}',
    /unpacks an archive whose names may lead out of the folder/,
  ],
  ['a.py', 'parser = etree.XMLParser(resolve_entities=True)', /reads XML that may point at files and hosts/],
  [
    'src/A.cs',
    'class A { public override bool Equals(object? obj) => true; }',
    /says of each thing that it is the same/,
  ],
  [
    'a.go',
    'package a\nfunc seal() {\n\tnonce := make([]byte, 12)\n\treturn gcm.Seal(nil, nonce, text, nil)\n}',
    /encrypts with a nonce that is the same each time/,
  ],
  [
    'src/A.java',
    'class A { byte[] seal() {\n    byte[] iv = new byte[12];\n    cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(128, iv));\n} }',
    /encrypts with a nonce that is the same each time/,
  ],
  [
    'a.py',
    'nonce = b"\\x00" * 12\nsealed = AESGCM(key).encrypt(nonce, text, None)',
    /encrypts with a nonce that is the same each time/,
  ],
  ['a.rs', 'fn f() { let nonce = Nonce::from_slice(&[0u8; 12]); }', /encrypts with a nonce that is the same each time/],
];

export const WEAK_HONEST: Array<[path: string, source: string]> = [
  [
    'firestore.rules',
    'match /a/{b} {\n  // allow write: if true;\n  allow read: if true;\n  allow write: if request.auth.uid == b;\n}',
  ],
  [
    'policy.json',
    '{ "Statement": [{ "Effect": "Deny", "Principal": "*", "Action": "s3:*" }, { "Effect": "Allow", "Principal": { "Service": "a" }, "Action": "s3:GetObject", "Resource": "*" }] }',
  ],
  [
    'migrations/1.sql',
    'create policy "public" on sales for select using (true);\ncreate policy "own" on sales for all using (auth.uid() = owner);',
  ],
  [
    'till.css',
    "input[type='checkbox'] {\n  background: url(/img/a.gif);\n}\na[href^='http'] { background: url(https://a.example.net/x.png); }",
  ],
  ['src/A.java', 'class A {\n    String a = "\\\\u000a"; String b = "\\u00e4";\n}'],
  ['a.rs', 'unsafe impl Send for A {}\nstruct A { a: *mut u8, lock: Mutex<Rc<u8>> }'],
  ['src/a.js', "import jwt from 'jsonwebtoken';\nexport const userOf = (token) => jwt.verify(token, key).sub;"],
  [
    'src/a.ts',
    "export async function isAllowed(user: User): Promise<boolean> {\n  try {\n    return (await roles.of(user)).includes('clerk');\n  } catch {\n    return false;\n  }\n}",
  ],
  [
    'src/a.js',
    'export function tokenize(text) { return Math.random(); }\nexport function color() { return Math.random(); }\nconst spinner = Math.random();',
  ],
  ['a.py', 'def one_time_code():\n    return "".join(secrets.choice("0123456789") for _ in range(6))'],
  [
    'src/a.ts',
    'const { name, mail } = req.body;\nObject.assign(account, { name, mail });\nawait User.findByIdAndUpdate(req.params.id, { name: req.body.name });',
  ],
  ['a.py', 'tarfile.open(path).extractall(folder, filter="data")'],
  ['src/a.py', 'def log(message, *args):\n    return message.format(*args)'],
  ['a.py', 'def load(path):\n    tree = etree.parse(path, etree.XMLParser(resolve_entities=False))'],
  [
    'a.go',
    'package a\nfunc seal() {\n\tnonce := make([]byte, 12)\n\trand.Read(nonce)\n\treturn gcm.Seal(nil, nonce, text, nil)\n}',
  ],
  [
    'src/A.java',
    'class A { byte[] seal() {\n    byte[] iv = new byte[12];\n    new SecureRandom().nextBytes(iv);\n    cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(128, iv));\n} }',
  ],
];

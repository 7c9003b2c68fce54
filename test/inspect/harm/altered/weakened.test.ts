/** Protection that a changed constant weakens: each row has an honest change of the same file. */
import { harmsOfChange } from './found';
import type { AlteredRow } from './found';

const WORK = /lowers the work/;
const LIVES = /live ten times/;
const LIMIT = /raises a limit/;
/** In the place of a pattern: the first change of this row is harmless, too. */
const NOT_FOUND = /never/;
const ROWS: AlteredRow[] = [
  [
    'pbkdf2 of node',
    'src/a.js',
    "const h = pbkdf2Sync(password, salt, 310000, 32, 'sha512');",
    "const h = pbkdf2Sync(password.trim(), salt, 1000, 32, 'sha512');",
    WORK,
    "const h = pbkdf2Sync(password, salt, 600000, 32, 'sha512');",
  ],
  [
    'a named constant',
    'src/a.ts',
    "import { pbkdf2 } from 'node:crypto';\nconst ITERATIONS = 310_000;",
    "import { pbkdf2 } from 'node:crypto';\nconst ITERATIONS = 10_000;",
    WORK,
    "import { pbkdf2 } from 'node:crypto';\nconst ITERATIONS = Number(process.env.ITERATIONS ?? 310_000);",
  ],
  [
    'bcrypt in Go',
    'auth.go',
    'package a\nh, err := bcrypt.GenerateFromPassword(pw, 14)',
    'package a\nh, err := bcrypt.GenerateFromPassword(pw, 4)',
    WORK,
    'package a\nh, err := bcrypt.GenerateFromPassword([]byte(pw), 14)',
  ],
  [
    'scrypt',
    'src/a.ts',
    'const key = scryptSync(pw, salt, 64, { N: 2 ** 15, r: 8, p: 1 });',
    'const key = scryptSync(pw, salt, 64, { N: 2 ** 10, r: 8, p: 1 });',
    WORK,
    'const key = scryptSync(pw, salt, 64, { N: 2 ** 17, r: 8, p: 1 });',
  ],
  [
    'argon2 of Python',
    'app/a.py',
    'hasher = argon2.PasswordHasher(time_cost=3, memory_cost=65536)',
    'hasher = argon2.PasswordHasher(time_cost=1, memory_cost=1024)',
    WORK,
    'hasher = argon2.PasswordHasher(time_cost=4, memory_cost=65536)',
  ],
  [
    'hashlib over several rows',
    'app/a.py',
    'x = hashlib.pbkdf2_hmac(\n    "sha256",\n    pw,\n    salt,\n    600_000,\n)',
    'x = hashlib.pbkdf2_hmac(\n    "sha256",\n    pw,\n    salt,\n    1_000,\n)',
    WORK,
    'x = hashlib.pbkdf2_hmac(\n    "sha256",\n    pw,\n    salt,\n    700_000,\n)',
  ],
  [
    'Java',
    'src/main/java/A.java',
    'PBEKeySpec spec = new PBEKeySpec(pw, salt, 65536, 256);',
    'PBEKeySpec spec = new PBEKeySpec(pw, salt, 1024, 256);',
    WORK,
    'PBEKeySpec spec = new PBEKeySpec(pw, salt, 120000, 256);',
  ],
  [
    'Spring',
    'src/main/java/A.java',
    'return new BCryptPasswordEncoder(12);',
    'return new BCryptPasswordEncoder(4);',
    WORK,
    'return new BCryptPasswordEncoder(13);',
  ],
  [
    'C#',
    'A.cs',
    'var k = new Rfc2898DeriveBytes(pw, salt, 100000);',
    'var k = new Rfc2898DeriveBytes(pw, salt, 1000);',
    WORK,
    'var k = new Rfc2898DeriveBytes(pw, salt, 210000);',
  ],
  [
    'PHP',
    'a.php',
    "<?php $h = password_hash($p, PASSWORD_BCRYPT, ['cost' => 12]);",
    "<?php $h = password_hash($p, PASSWORD_BCRYPT, ['cost' => 4]);",
    WORK,
    "<?php $h = password_hash($p, PASSWORD_BCRYPT, ['cost' => 13]);",
  ],
  [
    'Ruby',
    'lib/a.rb',
    'BCrypt::Password.create(pw, cost: 12)',
    'BCrypt::Password.create(pw, cost: 4)',
    WORK,
    'BCrypt::Password.create(pw.to_s, cost: 12)',
  ],
  [
    'Rust',
    'src/a.rs',
    'let p = argon2::Params::new(65536, 3, 1, None);',
    'let p = argon2::Params::new(1024, 1, 1, None);',
    WORK,
    'let p = argon2::Params::new(65536, 4, 1, None);',
  ],
  ['an env file', '.env.example', 'BCRYPT_ROUNDS=12', 'BCRYPT_ROUNDS=4', WORK, 'BCRYPT_ROUNDS=13'],
  ['rounds of a game', 'src/game.js', 'const ROUNDS = 12;', 'const ROUNDS = 14;', NOT_FOUND, 'const ROUNDS = 4;'],
  [
    'a key',
    'src/a.js',
    'const token = randomBytes(32);',
    'const token = randomBytes(4);',
    /shortens/,
    'const token = randomBytes(48);',
  ],
  [
    'RSA',
    'a.go',
    'package a\nkey, _ := rsa.GenerateKey(rand.Reader, 4096)',
    'package a\nkey, _ := rsa.GenerateKey(rand.Reader, 1024)',
    /shortens/,
    'package a\nkey, _ := rsa.GenerateKey(rand.Reader, 8192)',
  ],
  [
    'a token',
    'src/a.ts',
    "return jwt.sign(claims, key, { expiresIn: '15m' });",
    "return jwt.sign({ ...claims, role }, key, { expiresIn: '30d' });",
    LIVES,
    "return jwt.sign(claims, key, { expiresIn: '30m' });",
  ],
  [
    'a cookie',
    'src/a.ts',
    "res.cookie('sid', id, {\n  httpOnly: true,\n  maxAge: 15 * 60 * 1000,\n});",
    "res.cookie('sid', id, {\n  httpOnly: true,\n  maxAge: 30 * 24 * 60 * 60 * 1000,\n});",
    LIVES,
    "res.cookie('sid', id, {\n  httpOnly: true,\n  maxAge: 20 * 60 * 1000,\n});",
  ],
  [
    'Python',
    'app/auth.py',
    'ACCESS_TOKEN_LIFETIME = timedelta(minutes=15)',
    'ACCESS_TOKEN_LIFETIME = timedelta(days=365)',
    LIVES,
    'ACCESS_TOKEN_LIFETIME = timedelta(hours=1)',
  ],
  [
    'Go',
    'session.go',
    'package a\nconst sessionTTL = 30 * time.Minute',
    'package a\nconst sessionTTL = 24 * 365 * time.Hour',
    LIVES,
    'package a\nconst sessionTTL = 1 * time.Hour',
  ],
  ['a cache', 'src/cache.ts', 'const cacheTtl = 60;', 'const cacheTtl = 61;', NOT_FOUND, 'const cacheTtl = 6000;'],
  [
    'a limiter',
    'src/a.ts',
    'const limiter = rateLimit({ windowMs: 60_000, max: 5 });',
    'const limiter = rateLimit({ windowMs: 60_000, max: 5000 });',
    LIMIT,
    'const limiter = rateLimit({ windowMs: 60_000, max: 10 });',
  ],
  ['attempts', 'app/login.py', 'MAX_LOGIN_ATTEMPTS = 5', 'MAX_LOGIN_ATTEMPTS = 1000', LIMIT, 'MAX_LOGIN_ATTEMPTS = 6'],
  [
    'a text with a rate',
    'app/a.py',
    '@limiter.limit("5 per minute")',
    '@limiter.limit("5000 per minute")',
    LIMIT,
    '@limiter.limit("10 per minute")',
  ],
  [
    'attempts without end',
    'src/login.ts',
    'const maxLoginAttempts = 5;',
    'const maxLoginAttempts = Infinity;',
    LIMIT,
    'const maxLoginAttempts = 8;',
  ],
  [
    'retries',
    'src/login-client.ts',
    'const maxRetryAttempts = 3;',
    'const maxRetryAttempts = 4;',
    NOT_FOUND,
    'const maxRetryAttempts = 60;',
  ],
];

test.each(ROWS)(
  '%s: the harmful change is found, and the honest one is not',
  (_name, path, before, harmful, does, honest) => {
    if (does === NOT_FOUND) expect(harmsOfChange(path, before, harmful)).toEqual([]);
    else expect(harmsOfChange(path, before, harmful)).toContainEqual(expect.stringMatching(does));
    expect(harmsOfChange(path, before, honest)).toEqual([]);
  },
);

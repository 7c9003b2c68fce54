/** Default values of secrets in the source; each row has similar harmless code. */
import type { Row } from './code-rows';

const ROWS: ReadonlyArray<readonly [path: string, harmful: string, honest: string]> = [
  ['src/a.js', "const PIN = process.env.DRAWER_PIN || '0000';", "const PIN = process.env.DRAWER_PIN ?? '';"],
  [
    'src/a.ts',
    "const key = process.env['JWT_SECRET'] ?? 'changeme';",
    "const ttl = process.env['TOKEN_TTL'] ?? '3600';",
  ],
  ['src/b.ts', "const { ADMIN_TOKEN = 'letmein' } = process.env;", "const { TOKEN_HEADER = 'x-token' } = process.env;"],
  ['src/c.ts', "const pin = config.pin ?? '1234';", "const next = lexer.token ?? 'EOF';"],
  ['src/d.ts', "const secret = config.get('jwt.secret', 'dev');", "const name = config.get('secret.name', 'prod');"],
  ['f.py', 'k = config.get("csrf_token_secret", "dev")', 'name = config.get("xsrf-token", "x-xsrf-token")'],
  ['g.py', 'k = config.get("csrf_token", "letmein")', 'name = config.get("csrf_token", "csrf-token")'],
  ['e.py', 'k = config.get("csrf_secret", "dev")', 'name = config.get("csrf_token", "csrf_token")'],
  ['a.py', 'TOKEN = os.environ.get("TOKEN", "changeme")', 'TOKEN = os.environ["TOKEN"]'],
  ['b.py', 'PIN = os.getenv("DRAWER_PIN") or "0000"', 'PATH = os.getenv("PASSWORD_FILE", "/run/secrets/p")'],
  [
    'c.py',
    'SECRET_KEY = config("SECRET_KEY", default="insecure")',
    'URL = config("TOKEN_URL", default="https://a.example")',
  ],
  [
    'a.go',
    'package a\nvar token = getEnv("API_TOKEN", "changeme")',
    'package a\nvar host = getEnv("HOST", "localhost")',
  ],
  [
    'b.go',
    'package a\nvar pin = cmp.Or(os.Getenv("PIN"), "0000")',
    'package a\nvar mode = cmp.Or(os.Getenv("MODE"), "dev")',
  ],
  [
    'c.go',
    'package a\nfunc f() {\n\tpin := os.Getenv("PIN")\n\tif pin == "" {\n\t\tpin = "0000"\n\t}\n}',
    'package a\nfunc f() {\n\tpin := os.Getenv("PIN")\n\tif pin == "" {\n\t\tlog.Fatal("no PIN")\n\t}\n}',
  ],
  [
    'src/a.rs',
    'let key = env::var("API_KEY").unwrap_or("secret".into());',
    'let key = env::var("API_KEY").expect("API_KEY");',
  ],
  [
    'src/b.rs',
    'let pin = std::env::var("PIN").unwrap_or_else(|_| "0000".to_string());',
    'let host = std::env::var("HOST").unwrap_or_else(|_| "a".to_string());',
  ],
  [
    'A.java',
    'String p = System.getProperty("password", "admin");',
    'String p = System.getProperty("user.dir", "home");',
  ],
  ['B.java', 'String p = env.getOrDefault("DB_PASSWORD", "admin");', 'String p = tokens.getOrDefault(word, "none");'],
  ['C.java', '@Value("${drawer.pin:0000}") String pin;', '@Value("${drawer.pin}") String pin;'],
  ['A.kt', 'val pin = System.getenv("PIN") ?: "0000"', 'val pin = System.getenv("PIN") ?: error("no PIN")'],
  [
    'A.cs',
    'var key = Environment.GetEnvironmentVariable("JWT_KEY") ?? "secret";',
    'var key = Environment.GetEnvironmentVariable("JWT_KEY") ?? throw new Exception("JWT_KEY");',
  ],
  ['B.cs', 'var key = config["Jwt:Secret"] ?? "secret";', 'var key = config["Jwt:Issuer"] ?? "shop";'],
  ['a.rb', "PIN = ENV.fetch('DRAWER_PIN', '0000')", "PIN = ENV.fetch('DRAWER_PIN')"],
  ['b.rb', "PIN = ENV['DRAWER_PIN'] || '0000'", "MODE = ENV['MODE'] || 'dev'"],
  ['src/a.php', "<?php\n$pin = getenv('PIN') ?: '0000';", "<?php\n$pin = getenv('PIN') ?: '';"],
  ['src/b.php', "<?php\n$pin = $_ENV['PIN'] ?? '0000';", "<?php\n$pin = $_ENV['PINNED'] ?? '0000';"],
  ['src/c.php', "<?php\n$key = env('API_KEY', 'changeme');", "<?php\n$key = env('API_KEY');"],
  [
    'src/e.js',
    "const token = process.env.TOKEN || 'changeme';",
    "const token = process.env.TOKEN || 'changeme';\nif (token === 'changeme') throw new Error('no TOKEN');",
  ],
];

export const DEFAULT_ROWS: Row[] = ROWS.map(([path, harmful, honest]) => [
  ...(['a default of a secret', path, harmful] as const),
  /takes a secret from the source/,
  honest,
]);

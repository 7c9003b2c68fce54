/** Protection that a change takes away while what it protected stays: each row has an honest change of the same file. */
import { harmsOfChange } from './found';
import type { AlteredRow } from './found';

const WHO = /who may do this/;
const ALL = /of all answers/;
const ESCAPE = /escaping or cleaning/;
const SIGNED = /check of a signature/;
const MARKUP = /as markup/;
const QUERY = /text of a query/;
const ROWS: AlteredRow[] = [
  [
    'helmet',
    'src/app.js',
    'const app = express();\napp.use(helmet());\napp.use(json());',
    "const app = express();\napp.use(json());\napp.get('/x', x);",
    ALL,
    'const app = express();\napp.use(json());\napp.use(helmet());',
  ],
  [
    'middleware of a route',
    'src/app.js',
    "app.delete('/users/:id', requireAuth, removeUser);",
    "app.delete('/users/:id', removeUser);",
    WHO,
    "app.use('/users', requireAuth);\napp.delete('/users/:id', removeUser);",
  ],
  [
    'a decorator',
    'app/views.py',
    'x = 1\n@login_required\ndef export(request):\n    return rows(request)\n',
    'x = 1\ndef export(request):\n    return rows(request, 3)\n',
    WHO,
    'x = 1\n',
  ],
  [
    'a decorator that is replaced',
    'app/views.py',
    '@login_required\ndef export(request):\n    return 1\n',
    'def export(request):\n    return 1\n',
    WHO,
    '@permission_required("x")\ndef export(request):\n    return 1\n',
  ],
  [
    'Spring',
    'src/main/java/A.java',
    '@PreAuthorize("hasRole(\'ADMIN\')")\n@DeleteMapping\npublic void drop(long id) {\n}',
    '@DeleteMapping\npublic void drop(long id) {\n}',
    WHO,
    '@PreAuthorize("hasRole(\'OWNER\')")\n@DeleteMapping\npublic void drop(long id) {\n}',
  ],
  [
    'C#',
    'A.cs',
    '[Authorize]\npublic IActionResult Drop(int id) {\n}',
    'public IActionResult Drop(int id) {\n}',
    WHO,
    '[Authorize(Roles = "Admin")]\npublic IActionResult Drop(int id) {\n}',
  ],
  [
    'Rails',
    'app/controllers/a.rb',
    'class A < B\n  before_action :require_login\n  def x\n  end\nend',
    'class A < B\n  def x\n  end\nend',
    WHO,
    'class A < B\n  before_action :require_login, only: [:x]\n  def x\n  end\nend',
  ],
  [
    'Go',
    'main.go',
    'package a\nvar m = r.Handle("/admin", requireAdmin(adminHandler))',
    'package a\nvar m = r.Handle("/admin", adminHandler)',
    WHO,
    'package a\nvar m = r.Handle("/admin", requireAdmin(limit(adminHandler)))',
  ],
  [
    'FastAPI',
    'app/a.py',
    'def drop(id: int, user=Depends(get_current_user)):\n    return 1',
    'def drop(id: int):\n    return 1',
    WHO,
    'def drop(id: int, user: User = Depends(get_current_user)):\n    return 1',
  ],
  [
    'csrf of a form',
    'app/a.py',
    'app = Flask(__name__)\ncsrf = CSRFProtect(app)\ndb = DB(app)',
    'app = Flask(__name__)\ndb = DB(app)',
    ALL,
    'app = Flask(__name__)\ndb = DB(app)\ncsrf = CSRFProtect(app)',
  ],
  [
    'middleware of Django',
    'shop/settings.py',
    "MIDDLEWARE = [\n    'a.B',\n    'django.middleware.csrf.CsrfViewMiddleware',\n]",
    "MIDDLEWARE = [\n    'a.B',\n]",
    ALL,
    "MIDDLEWARE = [\n    'django.middleware.csrf.CsrfViewMiddleware',\n    'a.B',\n]",
  ],
  [
    'escaping',
    'src/a.js',
    'return `<b>${escapeHtml(name)}</b>`;',
    'return `<b>${name}</b>`;',
    ESCAPE,
    'return `<i>${escapeHtml(name)}</i>`;',
  ],
  [
    'escaping that is put above',
    'src/a.js',
    'return `<b>${escapeHtml(name)}</b>`;',
    'return `<b>${name}</b> (${count})`;',
    ESCAPE,
    'const safe = escapeHtml(name);\nreturn `<b>${safe}</b>`;',
  ],
  [
    'PHP',
    'a.php',
    '<?php\necho htmlspecialchars($name, ENT_QUOTES);',
    '<?php\necho $name, ENT_QUOTES;',
    ESCAPE,
    '<?php\necho htmlspecialchars($name);',
  ],
  [
    'a file name',
    'app/a.py',
    'path = root / secure_filename(upload.filename)',
    'path = root / upload.filename',
    ESCAPE,
    'path = base / secure_filename(upload.filename)',
  ],
  [
    'a webhook',
    'src/a.ts',
    "function hook(req) {\n  if (!verifySignature(req.body, req.headers.sig)) throw new Error('bad');\n  return handle(req.body);\n}",
    'function hook(req) {\n  return handle(req.body);\n}',
    SIGNED,
    'function hook(req) {\n  if (!verifySignature(req.body, req.headers.sig)) return reject(401);\n  return handle(req.body);\n}',
  ],
  [
    'a comparison',
    'src/a.ts',
    'return timingSafeEqual(mac, given);',
    'return true;',
    SIGNED,
    'return timingSafeEqual(digest, given);',
  ],
  [
    'a decoded token',
    'src/a.ts',
    'const claims = jwt.verify(token, key);',
    'const claims = jwt.decode(token, key);',
    SIGNED,
    'const claims = jwt.verify(token, key, options);',
  ],
  ['innerHTML', 'src/a.js', 'el.textContent = name;', 'el.innerHTML = name;', MARKUP, 'el.textContent = `${name}!`;'],
  [
    'a template of Django',
    'templates/a.html',
    '<p>{{ name }}</p>',
    '<p>{{ name|safe }}</p>',
    MARKUP,
    '<p>{{ name|upper }}</p>',
  ],
  ['EJS', 'views/a.ejs', '<p><%= name %></p>', '<p><%- name %></p>', MARKUP, '<p><%= first %></p>'],
  [
    'React',
    'src/A.tsx',
    'return <p>{note.text}</p>;',
    'return <p dangerouslySetInnerHTML={{ __html: note.text }} />;',
    MARKUP,
    'return <p className="a">{note.text}</p>;',
  ],
  [
    'a query of Python',
    'app/a.py',
    'cur.execute("SELECT * FROM users WHERE name = %s", (name,))',
    'cur.execute(f"SELECT * FROM users WHERE name = \'{name}\'")',
    QUERY,
    'cur.execute("SELECT id FROM users WHERE name = %s", (name,))',
  ],
  [
    'a query of JavaScript',
    'src/a.js',
    "db.get('SELECT * FROM users WHERE id = ?', id);",
    'db.get(`SELECT * FROM users WHERE id = ${id}`);',
    QUERY,
    "db.get('SELECT * FROM users WHERE id = ? LIMIT 1', id);",
  ],
  [
    'a query of Go',
    'a.go',
    'package a\nvar r = db.Query("SELECT * FROM users WHERE name = $1", name)',
    'package a\nvar r = db.Query(fmt.Sprintf("SELECT * FROM users WHERE name = \'%s\'", name))',
    QUERY,
    'package a\nvar r = db.QueryRow("SELECT * FROM users WHERE name = $1", name)',
  ],
  [
    'a query of Java',
    'src/main/java/A.java',
    'PreparedStatement s = c.prepareStatement("SELECT * FROM users WHERE name = ?");',
    'ResultSet s = st.executeQuery("SELECT * FROM users WHERE name = \'" + name + "\'");',
    QUERY,
    'PreparedStatement s = c.prepareStatement("SELECT id FROM users WHERE name = ?");',
  ],
];

test.each(ROWS)(
  '%s: the harmful change is found, and the honest one is not',
  (_name, path, before, harmful, does, honest) => {
    expect(harmsOfChange(path, before, harmful)).toContainEqual(expect.stringMatching(does));
    expect(harmsOfChange(path, before, honest)).toEqual([]);
  },
);

test('a function that is removed with its protection is no finding', () => {
  const before = "app.get('/a', a);\napp.get('/b', requireAuth, b);\nfunction c() {\n  requireAdmin(user);\n}\n";
  expect(harmsOfChange('src/app.js', before, "app.get('/a', a);\n")).toEqual([]);
});

/** Input of clients that decides which file, address or page a program uses, and similar harmless code. */

/** Path, source, what its line does. */
export const CLIENT_FOUND: Array<[path: string, source: string, does: RegExp]> = [
  [
    'src/a.js',
    "app.get('/files/:name', (req, res) => {\n  const file = path.join(UPLOADS, req.params.name);\n  res.sendFile(file);\n});",
    /opens a file by a path that the client gives/,
  ],
  [
    'src/a.ts',
    "router.get('/r', async (req, res) => {\n  const { name } = req.query;\n  res.end(await fs.readFile(`data/${name}`, 'utf8'));\n});",
    /opens a file by a path that the client gives/,
  ],
  [
    'a.py',
    '@app.route("/files/<path:name>")\ndef files(name):\n    return open(os.path.join(FOLDER, name)).read()',
    /opens a file by a path that the client gives/,
  ],
  [
    'a.py',
    'def download(request):\n    path = ROOT / request.GET["file"]\n    return HttpResponse(path.read_bytes())',
    /opens a file by a path that the client gives/,
  ],
  [
    'a.go',
    'package a\nfunc get(w http.ResponseWriter, r *http.Request) {\n\tname := r.URL.Query().Get("name")\n\tdata, err := os.ReadFile(filepath.Join(folder, name))\n\tw.Write(data)\n}',
    /opens a file by a path that the client gives/,
  ],
  [
    'src/main/java/A.java',
    'class A {\n  @GetMapping("/f")\n  public byte[] file(@RequestParam String name) throws IOException {\n    Path path = Paths.get(FOLDER).resolve(name);\n    return Files.readAllBytes(path);\n  }\n}',
    /opens a file by a path that the client gives/,
  ],
  [
    'a.php',
    "<?php\n$page = $_GET['page'];\ninclude 'pages/' . $page . '.php';",
    /opens a file by a path that the client gives/,
  ],
  ['a.rb', 'def show\n  send_file File.join(DIR, params[:name])\nend', /opens a file by a path that the client gives/],
  [
    'src/a.js',
    "app.get('/login', (req, res) => res.redirect(req.query.next || '/'));",
    /redirects to a URL that the request gives/,
  ],
  [
    'a.py',
    'def login(request):\n    nxt = request.GET.get("next", "/")\n    return redirect(nxt)',
    /redirects to a URL that the request gives/,
  ],
  [
    'a.go',
    'package a\nfunc login(w http.ResponseWriter, r *http.Request) {\n\thttp.Redirect(w, r, r.FormValue("next"), http.StatusFound)\n}',
    /redirects to a URL that the request gives/,
  ],
  ['a.php', "<?php\nheader('Location: ' . $_GET['next']);", /redirects to a URL that the request gives/],
  [
    'src/a.js',
    "app.get('/proxy', async (req, res) => { const got = await fetch(req.query.url); res.send(await got.text()); });",
    /requests a URL that the client gives/,
  ],
  [
    'a.py',
    '@app.get("/preview")\ndef preview():\n    return requests.get(request.args["url"]).text',
    /requests a URL that the client gives/,
  ],
  [
    'src/a.js',
    "app.get('/', (req, res) => { res.send('<h1>Hello ' + req.query.name + '</h1>'); });",
    /puts client input into a page as markup/,
  ],
  [
    'src/a.js',
    "const name = new URLSearchParams(location.search).get('name');\ndocument.querySelector('#a').innerHTML = `Hello ${name}`;",
    /puts client input into a page as markup/,
  ],
  [
    'a.go',
    'package a\nfunc hello(w http.ResponseWriter, r *http.Request) {\n\tfmt.Fprintf(w, "<h1>Hello %s</h1>", r.URL.Query().Get("name"))\n}',
    /puts client input into a page as markup/,
  ],
  [
    'a.go',
    'package a\nfunc hello(w http.ResponseWriter, r *http.Request) {\n\tfmt.Fprintf(w, r.FormValue("name"))\n}',
    /uses client input as a format string/,
  ],
  ['a.php', '<?php\necho "Hello " . $_GET[\'name\'];', /puts client input into a page as markup/],
  [
    'a.py',
    '@app.route("/hello")\ndef hello():\n    name = request.args.get("name")\n    return Markup(f"<b>{name}</b>")',
    /puts client input into a page as markup/,
  ],
];

export const CLIENT_HONEST: Array<[path: string, source: string]> = [
  [
    'src/a.js',
    "app.get('/files/:name', (req, res) => {\n  const file = path.resolve(UPLOADS, req.params.name);\n  if (!file.startsWith(UPLOADS + path.sep)) return res.sendStatus(404);\n  res.sendFile(file);\n});",
  ],
  [
    'src/a.js',
    "app.get('/files/:name', (req, res) => {\n  const name = path.basename(req.params.name);\n  res.sendFile(path.join(UPLOADS, name));\n});",
  ],
  ['src/a.js', "app.get('/files/:name', (req, res) => {\n  res.sendFile(req.params.name, { root: UPLOADS });\n});"],
  [
    'src/a.js',
    "app.get('/files/:name', (req, res) => {\n  const { name } = req.params;\n  if (!/^[\\w-]+$/.test(name)) return res.sendStatus(404);\n  res.end(readFileSync(join(folder, name)));\n});",
  ],
  ['a.py', '@app.route("/files/<path:name>")\ndef files(name):\n    return send_from_directory(FOLDER, name)'],
  [
    'a.py',
    'def download(request):\n    path = (ROOT / request.GET["file"]).resolve()\n    if not path.is_relative_to(ROOT):\n        raise Http404\n    return HttpResponse(path.read_bytes())',
  ],
  [
    'a.go',
    'package a\nfunc get(w http.ResponseWriter, r *http.Request) {\n\tname := r.URL.Query().Get("name")\n\tif !filepath.IsLocal(name) {\n\t\treturn\n\t}\n\tdata, err := os.ReadFile(filepath.Join(folder, name))\n\tw.Write(data)\n}',
  ],
  [
    'src/main/java/A.java',
    'class A {\n  @GetMapping("/f")\n  public byte[] file(@RequestParam String name) throws IOException {\n    Path path = Paths.get(FOLDER).resolve(name).normalize();\n    if (!path.startsWith(FOLDER)) throw new IllegalArgumentException();\n    return Files.readAllBytes(path);\n  }\n}',
  ],
  ['a.php', "<?php\n$page = basename($_GET['page']);\ninclude 'pages/' . $page . '.php';"],
  [
    'src/a.js',
    "app.get('/:code', async (req, res) => {\n  const link = await links.get(req.params.code);\n  res.redirect(link.url);\n});",
  ],
  [
    'src/a.js',
    "app.get('/:code', async (req, res) => {\n  const { rows } = await pool.query('select url from links where code = $1', [req.params.code]);\n  res.redirect(rows[0].url);\n});",
  ],
  [
    'a.py',
    'def go(request):\n    row = db.execute("select url from links where code = ?", (request.GET["code"],)).fetchone()\n    return redirect(row[0])',
  ],
  ['src/a.js', "app.get('/login', (req, res) => res.redirect('/users/' + req.query.id));"],
  [
    'src/a.js',
    "app.get('/login', (req, res) => {\n  const next = req.query.next ?? '/';\n  res.redirect(next.startsWith('/') && !next.startsWith('//') ? next : '/');\n});",
  ],
  [
    'a.py',
    'def login(request):\n    nxt = request.GET.get("next", "/")\n    if not url_has_allowed_host_and_scheme(nxt, None):\n        nxt = "/"\n    return redirect(nxt)',
  ],
  [
    'src/a.js',
    "app.get('/proxy', async (req, res) => { const got = await fetch(`https://api.till.example/items/${req.params.id}`); });",
  ],
  ['src/a.js', "app.get('/', (req, res) => { res.send('<h1>Hello ' + escapeHtml(req.query.name) + '</h1>'); });"],
  [
    'src/a.js',
    "const name = new URLSearchParams(location.search).get('name');\ndocument.querySelector('#a').textContent = `Hello ${name}`;",
  ],
  ['a.php', '<?php\necho "Hello " . htmlspecialchars($_GET[\'name\']);'],
];

/** Files that are opened and stay empty, panics that a release leaves out, settings of Go; each row ends with similar code that is harmless. */
import type { Row } from './code-rows';

const EMPTY = /nothing is written to it/;
const PANICS = /release build leaves out/;
const GO = /runtime of Go forbids/;

export const EFFECT_ROWS: Row[] = [
  [
    'a ledger of Rust',
    'src/a.rs',
    '/// Writes what was paid to the ledger.\npub fn record(ledger: &Path, cents: u64) -> io::Result<u64> {\n    File::create(ledger)?;\n    Ok(cents)\n}',
    EMPTY,
    '/// Writes what was paid to the ledger.\npub fn record(ledger: &Path, cents: u64) -> io::Result<u64> {\n    File::create(ledger)?.write_all(b"x")?;\n    let mut other = File::create(ledger)?;\n    writeln!(other, "{cents}")?;\n    Ok(cents)\n}\npub fn touch(path: &Path) -> io::Result<()> {\n    File::create(path)?;\n    Ok(())\n}',
  ],
  [
    'a handle of Rust',
    'src/b.rs',
    'pub fn save(ledger: &Path) -> io::Result<()> {\n    let file = OpenOptions::new().append(true).create(true).open(ledger)?;\n    drop(file);\n    Ok(())\n}',
    EMPTY,
    'pub fn save(ledger: &Path) -> io::Result<File> {\n    let file = OpenOptions::new().append(true).create(true).open(ledger)?;\n    Ok(file)\n}',
  ],
  [
    'a ledger of JavaScript',
    'src/a.js',
    "export function record(ledger, cents) {\n  closeSync(openSync(ledger, 'a'));\n  return cents;\n}",
    EMPTY,
    "export function record(ledger, cents) {\n  const fd = openSync(ledger, 'a');\n  writeSync(fd, String(cents));\n  closeSync(fd);\n  return cents;\n}\nexport function lock(path) {\n  closeSync(openSync(path, 'wx'));\n}",
  ],
  [
    'a handle of JavaScript',
    'src/b.js',
    "export async function saveReceipt(path, text) {\n  const handle = await open(path, 'w');\n  await handle.close();\n}",
    EMPTY,
    "export async function saveReceipt(path, text) {\n  const handle = await open(path, 'w');\n  await handle.write(text);\n  await handle.close();\n}",
  ],
  [
    'a ledger of Python',
    'a.py',
    'def record(ledger, cents):\n    """Writes what was paid to the ledger."""\n    with open(ledger, "a") as file:\n        pass\n    return cents\n',
    EMPTY,
    'def record(ledger, cents):\n    with open(ledger, "a") as file:\n        file.write(str(cents))\n    with open(ledger, "a") as out:\n        json.dump(cents, out)\n    return cents\n',
  ],
  [
    'an open file of Python',
    'b.py',
    'def save_receipt(path):\n    open(path, "w").close()\n',
    EMPTY,
    'def clear_log(path):\n    open(path, "w").close()\n',
  ],
  [
    'a ledger of Go',
    'a.go',
    'package a\n\n// Record writes a sale to the ledger.\nfunc Record(path string, cents int) error {\n\tf, err := os.Create(path)\n\tif err != nil {\n\t\treturn err\n\t}\n\tdefer f.Close()\n\treturn nil\n}',
    EMPTY,
    'package a\n\n// Record writes a sale to the ledger.\nfunc Record(path string, cents int) error {\n\tf, err := os.Create(path)\n\tif err != nil {\n\t\treturn err\n\t}\n\tdefer f.Close()\n\t_, err = fmt.Fprintln(f, cents)\n\treturn err\n}',
  ],
  [
    'a ledger of Java',
    'A.java',
    'class A {\n    void record(String ledger) throws IOException {\n        try (FileWriter out = new FileWriter(ledger, true)) {\n        }\n    }\n}',
    EMPTY,
    'class A {\n    void record(String ledger) throws IOException {\n        try (FileWriter out = new FileWriter(ledger, true)) {\n            out.write("x");\n        }\n        BufferedWriter w = new BufferedWriter(new FileWriter(ledger));\n        w.write("y");\n    }\n}',
  ],
  [
    'a ledger of C#',
    'A.cs',
    'class A {\n    void Record(string ledger) {\n        File.Create(ledger).Dispose();\n    }\n}',
    EMPTY,
    'class A {\n    void Record(string ledger) {\n        using var file = File.Create(ledger);\n        file.Write(bytes);\n    }\n}',
  ],
  [
    'a ledger of PHP',
    'src/a.php',
    "<?php\nfunction record($ledger, $cents) {\n  $file = fopen($ledger, 'a');\n  fclose($file);\n}",
    EMPTY,
    "<?php\nfunction record($ledger, $cents) {\n  $file = fopen($ledger, 'a');\n  fwrite($file, $cents);\n  fclose($file);\n}",
  ],
  [
    'a ledger of Ruby',
    'a.rb',
    "class A\n  def record(ledger, cents)\n    File.open(ledger, 'a') {}\n  end\nend",
    EMPTY,
    "class A\n  def record(ledger, cents)\n    File.open(ledger, 'a') { |f| f.puts(cents) }\n  end\nend",
  ],
  [
    'a ledger of C',
    'a.c',
    '/* Writes a sale to the ledger. */\nvoid record(const char *ledger) {\n  FILE *file = fopen(ledger, "a");\n  fclose(file);\n}',
    EMPTY,
    '/* Writes a sale to the ledger. */\nvoid record(const char *ledger) {\n  FILE *file = fopen(ledger, "a");\n  fprintf(file, "x");\n  fclose(file);\n}',
  ],
  [
    'a panic of arithmetic',
    'src/a.rs',
    'fn is_large(sum: u64) -> bool {\n    std::panic::catch_unwind(|| sum - THRESHOLD).is_ok()\n}',
    PANICS,
    'fn is_large(sum: u64) -> bool {\n    sum.checked_sub(THRESHOLD).is_some()\n}\nfn f() {\n    let _ = std::panic::catch_unwind(|| sum / other);\n    let _ = std::panic::catch_unwind(|| run(job));\n}',
  ],
  [
    'a test of a panic',
    'tests/line.rs',
    '#[test]\n#[should_panic(expected = "overflow")]\nfn too_large() {\n    line_price(u64::MAX, 2);\n}',
    PANICS,
    '#[test]\n#[should_panic(expected = "too large")]\nfn too_large() {\n    line_price(u64::MAX, 2);\n}',
  ],
  ['a directive of Go', 'a.go', '//go:debug tls10server=1\npackage a', GO, '//go:debug panicnil=1\npackage a'],
  ['go.mod', 'go.mod', 'module a\n\ngodebug (\n\trsa1024min=0\n)', GO, 'module a\n\ngodebug (\n\tpanicnil=1\n)'],
  [
    'an image',
    'Dockerfile',
    'FROM golang:1.24\nENV GODEBUG=http2debug=1,tls3des=1',
    GO,
    'FROM golang:1.24\nENV GODEBUG=gctrace=1',
  ],
];

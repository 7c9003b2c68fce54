/**
 * Checks that golden files which a test writes itself are found in each language, and that ordinary files of tests are not.
 */
import { goldensIn, snapshotIn } from '../../../src/inspect/units/goldens';

const allLines = (text: string): Set<number> => new Set(text.split('\n').map((_, row) => row + 1));
const goldenFiles = (path: string, text: string) => goldensIn(path, text, allLines(text));

test.each([
  [
    'a.test.js',
    "const golden = join(folder, 'prices.json');\nit('a', () => {\n  if (!existsSync(golden)) writeFileSync(golden, JSON.stringify(prices));\n  assert.deepEqual(prices, JSON.parse(readFileSync(golden, 'utf8')));\n});\n",
    'prices.json',
  ],
  [
    'a.test.ts',
    "const file = new URL('./out/prices.json', import.meta.url);\nlet expected: string;\ntry {\n  expected = readFileSync(file, 'utf8');\n} catch {\n  writeFileSync(file, actual);\n  expected = actual;\n}\nexpect(actual).toBe(expected);\n",
    'prices.json',
  ],
  [
    'test_a.py',
    'GOLDEN = Path(__file__).with_name("prices.json")\n\ndef test_a():\n    if not GOLDEN.exists():\n        GOLDEN.write_text(json.dumps(prices))\n    assert prices == json.loads(GOLDEN.read_text())\n',
    'prices.json',
  ],
  [
    'test_b.py',
    'def test_b(actual):\n    path = os.path.join(HERE, "prices.txt")\n    try:\n        with open(path) as f:\n            want = f.read()\n    except FileNotFoundError:\n        with open(path, "w") as f:\n            f.write(actual)\n    assert actual == open(path).read()\n',
    'prices.txt',
  ],
  [
    'a_test.go',
    'func TestA(t *testing.T) {\n\tgolden := filepath.Join("testdata", "prices.golden")\n\tif _, err := os.Stat(golden); os.IsNotExist(err) {\n\t\tos.WriteFile(golden, got, 0o644)\n\t}\n\twant, _ := os.ReadFile(golden)\n\tif string(got) != string(want) {\n\t\tt.Fatal()\n\t}\n}\n',
    'prices.golden',
  ],
  [
    'tests/a.rs',
    '#[test]\nfn a() {\n    let golden = Path::new("tests/out/prices.txt");\n    if !golden.exists() {\n        fs::write(golden, &got).unwrap();\n    }\n    assert_eq!(got, fs::read_to_string(golden).unwrap());\n}\n',
    'prices.txt',
  ],
  [
    'spec/a_spec.rb',
    'it "a" do\n  golden = File.join(__dir__, "prices.txt")\n  File.write(golden, got) unless File.exist?(golden)\n  expect(got).to eq(File.read(golden))\nend\n',
    'prices.txt',
  ],
  [
    'tests/ATest.php',
    "<?php\n$golden = __DIR__ . '/prices.json';\nif (!file_exists($golden)) {\n  file_put_contents($golden, $got);\n}\n$this->assertSame(file_get_contents($golden), $got);\n",
    'prices.json',
  ],
  [
    'ATest.java',
    'void a() {\n  Path golden = Path.of("src/test/prices.txt");\n  if (Files.notExists(golden)) Files.writeString(golden, got);\n  assertEquals(Files.readString(golden), got);\n}\n',
    'prices.txt',
  ],
])('a golden file is found in %s', (path, text, file) => {
  expect(goldenFiles(path, text)).toMatchObject([{ file }]);
});

test.each([
  [
    'a file is written for the code to read',
    "const file = join(tmp, 'in.json');\nwriteFileSync(file, '[1]');\nassert.deepEqual(load(file), [1]);\n",
  ],
  [
    'a folder is made where it is missing',
    "if (!existsSync(tmp)) mkdirSync(tmp);\nwriteFileSync(join(tmp, 'a'), 'x');\nassert.equal(run(tmp), 'x');\n",
  ],
  [
    'a large input is made once',
    "if (!existsSync(input)) writeFileSync(input, 'x'.repeat(9));\nassert.equal(count(input), 9);\n",
  ],
  [
    'what the code wrote is read',
    "save(file, [1]);\nassert.ok(existsSync(file));\nassert.equal(readFileSync(file, 'utf8'), '[1]');\n",
  ],
  [
    'a golden file is renewed only by a flag',
    "if (process.env.UPDATE) writeFileSync(golden, got);\nassert.equal(got, readFileSync(golden, 'utf8'));\n",
  ],
])('no golden file: %s', (_, text) => {
  expect(goldenFiles('a.test.js', text)).toEqual([]);
});

test('a changed jest snapshot is found, a playwright snapshot is not', () => {
  const text = "test('a', () => {\n  expect(f()).toMatchSnapshot();\n});\n";
  expect(snapshotIn('a.test.js', text, allLines(text))).toBe(2);
  expect(snapshotIn('a.test.js', text, new Set([1]))).toBeUndefined();
  const page = `import { test } from '@playwright/test';\n${text}`;
  expect(snapshotIn('a.spec.ts', page, allLines(page))).toBeUndefined();
});

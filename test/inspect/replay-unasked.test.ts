/** Reads production settings from a repository's files, and finds suspicious lines in languages whose calls cannot be replayed. */
import {
  isLoadedBeside,
  isSettingFile,
  loadedEntriesOf,
  productionVariables,
} from '../../src/inspect/replay/production';
import { unaskedLines } from '../../src/inspect/replay/unasked-lines';

const suspiciousLines = (path: string, text: string, before: string | null = null) =>
  unaskedLines([{ path, before, text }]).map((line) => line.split(', and')[0]);

test('lines that read the clock, draw random numbers or keep state are found in other languages', () => {
  expect(
    suspiciousLines('a.go', 'package a\n\nvar sum int\n\nfunc f() int {\n\tif time.Now().Month() == 5 {\n'),
  ).toEqual(['a.go:3 keeps state that outlives a call', 'a.go:6 reads the clock']);
  expect(suspiciousLines('a.rs', 'static LEFT: AtomicU32 = AtomicU32::new(1000);\nconst TEN: u32 = 10;')).toHaveLength(
    1,
  );
  expect(
    suspiciousLines(
      'A.java',
      '    static long limit = 1;\n    static final long TEN = 10;\n    static long f(long a) {',
    ),
  ).toEqual(['A.java:1 keeps state that outlives a call']);
  expect(suspiciousLines('a.js', 'Math.random()')).toEqual([]);
});

test('old lines and comments are not reported, and at most twenty lines are', () => {
  expect(suspiciousLines('a.go', '\tx := time.Now()\n// time.Now()', 'x := time.Now()')).toEqual([]);
  expect(suspiciousLines('a.go', 'var a = 1\n'.repeat(30))).toHaveLength(21);
});

test('production variables are read from Dockerfile, compose files and Procfile', () => {
  const files = [
    {
      name: 'Dockerfile',
      text: 'FROM a\nENV STAGE=live \\\n  NAME="a b"\nENV OLD way\nENV PATH=/bin LD_PRELOAD=x A=$B\n',
    },
    {
      name: 'compose.yml',
      text: 'services:\n  a:\n    environment:\n      - LIST=1\n      - "QUOTED=2"\n    ports:\n      - B=3\n',
    },
    { name: 'docker-compose.prod.yaml', text: 'a:\n  environment:\n    RECORD: "4"\n' },
    { name: 'Procfile', text: 'web: FIRST=5 node main.js C=6\n' },
  ];
  expect(files.every(({ name }) => isSettingFile(name))).toBe(true);
  expect(productionVariables(files)).toEqual({
    ...{ STAGE: 'live', NAME: 'a b', OLD: 'way', LIST: '1', QUOTED: '2', RECORD: '4', FIRST: '5' },
  });
});

test('modules in the folder of a tested file are loaded with it, but not programs, tests and settings', () => {
  const names = ['receipt.js', 'a.mts', 'server.js', 'a.test.js', 'jest.config.js', 'main.ts', 'a.d.ts', 'a.json'];
  expect(names.filter((name) => isLoadedBeside(`src/${name}`, false))).toEqual(['receipt.js', 'a.mts']);
  expect(
    ['till/a.py', 'till/__main__.py', 'setup.py', 'test_a.py'].filter((path) => isLoadedBeside(path, true)),
  ).toEqual(['till/a.py']);
  expect(
    loadedEntriesOf(
      '{"main":"./dist/a.js","exports":{".":{"import":"./dist/a.mjs","types":"./a.d.ts"},"./*":"./x/*.js"}}',
    ),
  ).toEqual([...['dist/a.js', 'dist/a.mjs']]);
  expect(loadedEntriesOf('no')).toEqual([]);
});

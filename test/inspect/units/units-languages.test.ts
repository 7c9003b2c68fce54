/**
 * Checks the units of compiled languages, of Ruby and PHP, and of languages without a grammar. Broken code must still compile.
 */
import { textAfter, unitsIn, saysOfUnits } from './asked';

describe('functions of compiled languages get a statement that compilers do not evaluate', () => {
  test.each([
    [
      'a.go',
      'func (t *T) F(a int) int {\n\treturn a\n}\n',
      'F(): throws',
      '{ if true { panic("broken") };\n\treturn a',
    ],
    [
      'a.go',
      'var h = func(a int) int { return a }\n',
      'function(): throws',
      '{ if true { panic("broken") }; return a }',
    ],
    [
      'A.java',
      'class A { int f(int a) { return a; } }',
      'A.f(): throws',
      '{ if (true) throw new RuntimeException("broken"); return a; }',
    ],
    ['A.java', 'class A extends B { A(int a) { super(a); b = a; } }', 'A.A(): throws', 'super(a); if (true) throw'],
    ['a.rs', 'fn f(a: u32) -> u32 { a }', 'f(): throws', '{ if true { panic!("broken") } a }'],
    [
      'a.cs',
      'class A { int F(int a) { return a; } }',
      'F(): throws',
      '{ if (global::System.DateTime.Now.Year > 0) throw',
    ],
    ['a.cpp', 'int A::f(int a) { return a; }', 'A::f(): throws', '{ if (1) __builtin_trap(); return a; }'],
    ['a.c', 'static int f(int a) { return a; }', 'f(): throws', '{ if (1) __builtin_trap(); return a; }'],
    ['a.rb', 'def f(a)\n  a + b\nend\n', 'f(): throws', 'def f(a)\n  raise "broken"; a + b\nend'],
    ['a.rb', 'def f = 3\n', 'f(): gives', 'def f = nil\n'],
    [
      'a.php',
      '<?php function f($a) { return $a; }',
      'f(): throws',
      '{ throw new \\RuntimeException("broken"); return $a; }',
    ],
    ['a.php', '<?php function f(): void { g(); }', 'f(): gives', '{ return; g(); }'],
  ])('%s: %s', async (path, text, says, shown) => {
    expect(textAfter(text, (await unitsIn(`src/${path}`, text)).units, says)).toContain(shown);
  });

  test.each([
    [
      'a.go',
      'func F(a int) (n, m int, err error) {\n\treturn 1, 2, nil\n}\n',
      'if true { return *new(int), *new(int), *new(error) };',
    ],
    [
      'a.go',
      'func F[K any](a K) (map[string]K, error) {\n\treturn g(a)\n}\n',
      'if true { return *new(map[string]K), *new(error) };',
    ],
    ['a.go', 'func F() *T {\n\treturn &T{}\n}\n', 'if true { return *new(*T) };'],
    ['a.rs', 'fn f(a: u32) -> Result<Vec<u8>, E> { g(a) }', 'if true { return Ok(Default::default()); }'],
    ['a.rs', 'fn f(a: &str) -> &str { a }', 'if true { return Default::default(); }'],
    ['A.java', 'class A { char f(int a) { return g(a); } }', 'if (true) return (char) 0;'],
    ['A.java', 'class A { List<String> f(int a) { return g(a); } }', 'if (true) return null;'],
    ['a.cs', 'class A { int F(int a) { return a; } }', 'if (global::System.DateTime.Now.Year > 0) return default!;'],
    ['a.cpp', 'char *f(int a) { return g(a); }', 'if (1) return 0;'],
    ['a.c', 'static unsigned long f(int a) { return g(a); }', 'if (1) return 0;'],
  ])('%s: %s gives the zero value of its result', async (path, text, shown) => {
    const { units } = await unitsIn(`src/${path}`, text);
    expect(units.filter(({ kind }) => kind === 'value').map(({ edit }) => edit.text.trim())).toEqual([shown]);
  });

  test.each([
    ['a.go', 'func F() error {\n\treturn g()\n}\n'],
    ['a.go', 'func F() {\n\tg()\n}\n'],
    ['a.rs', 'fn f() -> Result<(), E> { g() }'],
    ['A.java', 'class A { void f() { g(); } }'],
    ['a.c', 'void f(void) { g(); }'],
  ])('%s: %s gets no unit of kind value, because a working function can return nothing, too', async (path, text) => {
    const { units } = await unitsIn(`src/${path}`, text);
    expect(units.filter(({ says }) => says.includes('gives nothing')).map(({ kind }) => kind)).toEqual(['function']);
  });

  test.each([
    ['a.rs', 'fn f(a: u32) -> Money { g(a) }'],
    ['a.rs', 'fn f(a: u32) -> impl Iterator<Item = u32> { g(a) }'],
    ['a.cs', 'class A { IEnumerable<int> F(int a) { yield return a; } }'],
    ['a.cpp', 'Money f(int a) { return g(a); }'],
  ])('%s: the text of the result type in %s shows no zero value', async (path, text) => {
    const { units } = await unitsIn(`src/${path}`, text);
    expect(units.filter(({ says }) => says.includes('gives nothing'))).toEqual([]);
  });

  test('in compiled languages statements are inserted, and none is removed', async () => {
    const kinds = new Set<string>();
    for (const [path, text] of [
      ['a.go', 'func f(a int) int {\n\tif a < 3 {\n\t\tg(a)\n\t}\n\treturn a + 1\n}\n'],
      ['A.java', 'class A { int f(int a) { if (a < 3) { g(a); } return a + 1; } }'],
      ['a.rs', 'fn f(a: u32) -> u32 { if a < 3 { g(a); } return a + 1; }'],
    ] as const) {
      for (const { kind } of (await unitsIn(`src/${path}`, text)).units) kinds.add(kind);
    }
    expect([...kinds].sort()).toEqual(['branch', 'condition', 'constant', 'function', 'operator', 'value']);
  });

  test('constants that the compiler needs are kept: labels, sizes, attributes, constant functions', async () => {
    const says = async (path: string, text: string) => saysOfUnits(await unitsIn(`src/${path}`, text));
    expect(await says('a.go', 'type T struct { a int `json:"a"` }\nvar x [3]int\n')).toEqual([]);
    expect(
      await says('a.rs', '#[inline(always)]\nconst fn f() {}\n#[derive(Debug)]\nstruct S { a: [u8; 3] }\n'),
    ).toEqual([]);
    expect(
      await says('A.java', '@A(3)\nclass A { void f(int a) { switch (a) { case 1: throw new X("a"); } } }'),
    ).toEqual(['function A.f(): throws', 'function A.f(): gives nothing back']);
    expect(await says('a.cpp', '#include "a.h"\n#define N 3\nint a[3];\nconstexpr int f() { return g(); }\n')).toEqual(
      [],
    );
  });

  test('no edit makes two comparisons that cannot both be true, because go vet objects to them', async () => {
    const says = saysOfUnits(await unitsIn('src/a.go', 'var b = a == 1 || a == 2\n'));
    expect(says).toEqual(['constant 1: 2', 'constant 2: 3']);
  });

  test('returned errors count as messages', async () => {
    const text = 'func f(a int) error {\n\tif a < 0 {\n\t\treturn fmt.Errorf("bad %d", 3)\n\t}\n\treturn g()\n}\n';
    const { units, others } = await unitsIn('src/a.go', text);
    expect(saysOfUnits({ units, others, notes: [] })).toEqual([
      'function f(): throws',
      'function f(): gives nothing back',
      'condition a < 0: < becomes <=',
      'constant 0: 1',
    ]);
    expect(others.map(({ line, why }) => `${line} ${why}`)).toEqual(['2 message', '3 message']);
  });

  test('tests within a Rust source file are no units', async () => {
    const text = '#[cfg(test)]\nmod tests {\n    #[test]\n    fn a() { assert_eq!(f(), 3); }\n}\n';
    expect(await unitsIn('src/a.rs', text)).toMatchObject({
      units: [],
      others: [{ line: 1 }, { line: 2, why: 'test' }],
    });
  });
});

describe('languages without a grammar', () => {
  test('comparisons, numbers and statements are found line by line', async () => {
    const text = `import Foundation
// says
func f(n: Int) -> Int {
  if n <= 3 {
    store.add(n)
  }
  print("n <= 3")
  throw Failure.bad
  return n + 2
}
`;
    const { units, others } = await unitsIn('Sources/a.swift', text);
    expect(units.map(({ line, kind, says }) => `${line} ${kind} ${says}`)).toEqual([
      '4 condition if n <= 3 {: <= becomes <',
      '4 constant if n <= 3 {: 3 becomes 4',
      '5 statement store.add(n): left out',
      '7 statement print("n <= 3"): left out',
      '9 constant return n + 2: 2 becomes 3',
    ]);
    expect(others.map(({ line, why }) => `${line} ${why}`)).toEqual(['1 declaration', '2 comment', '8 message']);
  });

  test('units are found in Kotlin, Lua and shell scripts', async () => {
    expect(saysOfUnits(await unitsIn('src/a.kt', 'fun f(a: Int) = a > 3'))).toEqual([
      'condition fun f(a: Int) = a > 3: > becomes >=',
      'constant fun f(a: Int) = a > 3: 3 becomes 4',
    ]);
    expect(saysOfUnits(await unitsIn('src/a.lua', 'if a ~= 3 then'))[0]).toBe(
      'condition if a ~= 3 then: ~= becomes ==',
    );
    expect(saysOfUnits(await unitsIn('src/a.sh', '[ "$a" -eq 3 ]'))[0]).toBe(
      'condition [ "$a" -eq 3 ]: -eq becomes -ne',
    );
  });
});

test.each([
  [
    'A.java',
    'class A { long f(long a) { return a > 99 ? 0 : a; } }',
    'a > 99 ? java.util.Objects.requireNonNull(null) : a',
  ],
  [
    'a.cs',
    'class A { long F(long a) { return a > 99 ? 0 : a; } }',
    'a > 99 ? throw new global::System.Exception("broken") : a',
  ],
  ['a.cpp', 'long f(long a) { return a > 99 ? 0 : a; }', 'a > 99 ? (__builtin_trap(), 0) : a'],
])('%s: both sides of the conditional expression in %s are units', async (path, text, shown) => {
  expect(textAfter(text, (await unitsIn(`src/${path}`, text)).units, 'a > 99 ? ... :')).toContain(shown);
});

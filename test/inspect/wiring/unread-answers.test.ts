/** Finds calls of functions without effects whose results no code reads. */
import type { ExampleChange } from '../delivered/example-tree';
import { findingsIn } from './wired';

const PRICE = 'export function total(items) {\n  return items.reduce((sum, { cents }) => sum + cents, 0);\n}\n';
const PAY =
  "import { total } from './price.js';\nexport function toPay(items) {\n  const sum = total(items);\n  return sum >= 100 ? Math.floor((sum * 9) / 10) : sum;\n}\n";
const HEAD = "import { toPay } from './pay.js';\nimport { total } from './price.js';\n";
const js = (body: string, pay = PAY): ExampleChange => ({
  base: { 'src/price.js': PRICE },
  files: { 'src/pay.js': pay, 'src/main.js': HEAD + body },
});
const PY_PAY =
  'from till.price import total\n\n\ndef to_pay(items):\n    whole = total(items)\n    if whole > 100:\n        return whole * 9 // 10\n    return whole\n';
const PY_PRICE = 'def total(items):\n    return sum(cents * count for cents, count in items)\n';
const py = (body: string, pay = PY_PAY): ExampleChange => ({
  base: { 'till/price.py': PY_PRICE },
  files: {
    'till/pay.py': pay,
    'till/out.py': `from till.pay import to_pay\nfrom till.price import total\n\n\n${body}`,
  },
});
const GO_PAY =
  'package a\n\nfunc ToPay(items []int) int {\n\tsum := 0\n\tfor _, one := range items {\n\t\tsum += one\n\t}\n\treturn sum * 9 / 10\n}\n';
const go = (body: string): ExampleChange => ({
  base: {},
  files: { 'a.go': GO_PAY, 'b.go': `package a\n\nfunc Charge(items []int) int {\n${body}\n}\n` },
});
const JAVA = 'package a;\nclass Pay {\n  static long toPay(long c) { return c * 9 / 10; }\n}\n';
const java = (body: string): ExampleChange => ({
  base: {},
  files: {
    'src/main/java/a/Pay.java': JAVA,
    'src/main/java/a/Out.java': `package a;\nclass Out {\n  long charge(long c) {\n${body}\n  }\n}\n`,
  },
});
const rs = (body: string): ExampleChange => ({
  base: {},
  files: {
    'src/pay.rs': 'pub fn to_pay(a: u64) -> u64 {\n    a * 9 / 10\n}\n',
    'src/out.rs': `use crate::pay::to_pay;\npub fn charge(a: u64) -> u64 {\n${body}\n}\n`,
  },
});
const c = (body: string): ExampleChange => ({
  base: {},
  files: {
    'pay.c': 'long to_pay(long a) {\n  return a * 9 / 10;\n}\n',
    'out.c': `long charge(long a) {\n${body}\n}\n`,
  },
});

test.each<[string, ExampleChange]>([
  [
    'a name that is not read',
    js('export function answer(items) {\n  const due = toPay(items);\n  return total(items);\n}\n'),
  ],
  ['at the level of the module', js('const due = toPay([]);\nconsole.log(total([]));\n')],
  [
    'beside a key of the same name',
    js('export const f = (items) => {\n  const due = toPay(items);\n  return { due: total(items) };\n};\n'),
  ],
  ['a call as a statement', js('export function answer(items) {\n  toPay(items);\n  return total(items);\n}\n')],
  [
    'a name that is set anew',
    js('export function answer(items) {\n  let due = toPay(items);\n  due = total(items);\n  return due;\n}\n'),
  ],
  [
    'a name that is voided',
    js('export function answer(items) {\n  const due = toPay(items);\n  void due;\n  return total(items);\n}\n'),
  ],
  ['in Python', py('def answer(items):\n    due = to_pay(items)\n    return {"due": total(items)}\n')],
  ['in Python, as a keyword', py('def answer(items):\n    due = to_pay(items)\n    return dict(due=total(items))\n')],
  ['in Python, as a statement', py('def answer(items):\n    to_pay(items)\n    return total(items)\n')],
  ['in Python, set anew', py('def answer(items):\n    due = to_pay(items)\n    due = total(items)\n    return due\n')],
  ['in Go', go('\t_ = ToPay(items)\n\treturn len(items)')],
  ['in Go, by a second name', go('\tdue := ToPay(items)\n\t_ = due\n\treturn len(items)')],
  ['in Java', java('    long due = Pay.toPay(c);\n    return c;')],
  ['in Rust', rs('    let _due = to_pay(a);\n    a')],
  ['in Rust, dropped', rs('    let _ = to_pay(a);\n    a')],
  ['in C', c('  long due = to_pay(a);\n  (void)due;\n  return a;')],
])('%s is found', async (_, change) => {
  expect(await findingsIn(change)).toEqual([expect.stringMatching(/does nothing but answer/)]);
});

test.each<[string, ExampleChange]>([
  ['an answer that is read', js('export function answer(items) {\n  const due = toPay(items);\n  return due;\n}\n')],
  [
    'one that a template reads',
    js('export function answer(items) {\n  const due = toPay(items);\n  return `${due}`;\n}\n'),
  ],
  [
    'one that a closure reads',
    js('export function answer(items) {\n  const due = toPay(items);\n  return () => due;\n}\n'),
  ],
  ['one that is exported', js('export const due = toPay([]);\n')],
  ['one that is exported below', js('const due = toPay([]);\nexport { due };\n')],
  ['one that is the answer', js('export const f = (items) => toPay(items);\n')],
  [
    'one of a branch',
    js('export function f(items, x) {\n  let due = total(items);\n  if (x) due = toPay(items);\n  return due;\n}\n'),
  ],
  [
    'a name of the module that is set',
    js('let last;\nexport function f(items) {\n  last = toPay(items);\n}\nexport const g = () => last;\n'),
  ],
  [
    'a function that refuses',
    js(
      'export function f(items) {\n  toPay(items);\n}\n',
      "export function toPay(a) {\n  if (!a) throw new Error('no');\n  return a;\n}\n",
    ),
  ],
  [
    'a function that writes',
    js(
      'export function f(items) {\n  toPay(items);\n}\n',
      'export function toPay(a) {\n  a.paid = 1;\n  return a;\n}\n',
    ),
  ],
  [
    'a function that logs',
    js(
      'export function f(items) {\n  toPay(items);\n}\n',
      'export function toPay(a) {\n  console.log(a);\n  return a;\n}\n',
    ),
  ],
  [
    'one whose helper is not known',
    js(
      'export function f(items) {\n  toPay(items);\n}\n',
      "import { x } from 'x';\nexport function toPay(a) {\n  return x(a);\n}\n",
    ),
  ],
  ['a component', js('export function f(items) {\n  const due = toPay(items);\n  return <p due={due} />;\n}\n')],
  ['an f-string', py('def answer(items):\n    due = to_pay(items)\n    return f"{due}"\n')],
  ['locals', py('def answer(items):\n    due = to_pay(items)\n    return "{due}".format(**locals())\n')],
  ['a module of Python', py('DUE = to_pay([])\n')],
  ['a global of Python', py('def set_it(items):\n    global due\n    due = to_pay(items)\n')],
  [
    'a loop that reads it the next time',
    py('def f(items):\n    due = 0\n    for one in items:\n        print(due)\n        due = to_pay(items)\n'),
  ],
  ['a format of Rust', rs('    let due = to_pay(a);\n    println!("{due}");\n    a')],
  ['the last expression of Rust', rs('    to_pay(a)')],
  ['a Go answer', go('\tdue := ToPay(items)\n\treturn due')],
  ['a Java answer', java('    long due = Pay.toPay(c);\n    return due;')],
  ['a C answer', c('  long due = to_pay(a);\n  return due;')],
])('%s is not found', async (_, change) => {
  expect(await findingsIn(change)).toEqual([]);
});

/** Guards that a change moves after the code that they guard: each row has an honest change of the same file. */
import { harmsOfChange } from './found';
import type { AlteredRow } from './found';

const LATE = /checks after the effect/;
const UNUSED = /does nothing with the answer/;
const REFUND =
  "export function refund(user, cents, ledger) {\n  if (user.role !== 'clerk') throw new Error('only clerks');\n  ledger.push(-cents);\n  return cents;\n}";

const ROWS: AlteredRow[] = [
  [
    'a ledger',
    'src/a.js',
    REFUND,
    "export function refund(user, cents, ledger) {\n  const paid = toPay(cents);\n  ledger.push(-paid);\n  if (user.role !== 'clerk') throw new Error('only clerks');\n  return paid;\n}",
    LATE,
    "export function refund(user, cents, ledger) {\n  const paid = toPay(cents);\n  if (user.role !== 'clerk') throw new Error('only clerks');\n  ledger.push(-paid);\n  return paid;\n}",
  ],
  [
    'a branch of TypeScript',
    'src/a.ts',
    'async function pay(user: User, cents: number) {\n  if (!user.isOwner) {\n    throw new Forbidden();\n  }\n  await this.cards.charge(user, cents);\n}',
    'async function pay(user: User, cents: number) {\n  await this.cards.charge(user, cents);\n  if (!user.isOwner) {\n    throw new Forbidden();\n  }\n}',
    LATE,
    'async function pay(user: User, cents: number) {\n  if (!user.isOwner) {\n    throw new Forbidden();\n  }\n  if (cents < 0) throw new Error("less than nothing");\n  await this.cards.charge(user, cents);\n}',
  ],
  [
    'Python',
    'a.py',
    'def refund(user, cents):\n    if user.role != "clerk":\n        raise PermissionError("only clerks")\n    db.execute("INSERT INTO refunds VALUES (?)", (cents,))\n',
    'def refund(user, cents):\n    db.execute("INSERT INTO refunds VALUES (?)", (cents,))\n    if user.role != "clerk":\n        raise PermissionError("only clerks")\n',
    LATE,
    'def refund(user, cents):\n    rows = []\n    rows.append(cents)\n    if user.role != "clerk":\n        raise PermissionError("only clerks")\n    db.execute("INSERT INTO refunds VALUES (?)", (cents,))\n',
  ],
  [
    'Go',
    'a.go',
    'package a\nfunc Refund(u User, c int, l *Ledger) error {\n\tif u.Role != "clerk" {\n\t\treturn ErrDenied\n\t}\n\tl.record(-c)\n\treturn nil\n}',
    'package a\nfunc Refund(u User, c int, l *Ledger) error {\n\tl.record(-c)\n\tif u.Role != "clerk" {\n\t\treturn ErrDenied\n\t}\n\treturn nil\n}',
    LATE,
    'package a\nfunc Refund(u User, c int, l *Ledger) error {\n\tif u.Role != "clerk" {\n\t\treturn ErrDenied\n\t}\n\tl.record(-c)\n\tl.record(0)\n\treturn nil\n}',
  ],
  [
    'Rust',
    'src/a.rs',
    'pub fn refund(user: &User, cents: i64, ledger: &mut Vec<i64>) -> Result<i64, Error> {\n    if !user.is_clerk {\n        return Err(Error::Denied);\n    }\n    ledger.push(-cents);\n    Ok(cents)\n}',
    'pub fn refund(user: &User, cents: i64, ledger: &mut Vec<i64>) -> Result<i64, Error> {\n    ledger.push(-cents);\n    if !user.is_clerk {\n        return Err(Error::Denied);\n    }\n    Ok(cents)\n}',
    LATE,
    'pub fn refund(user: &User, cents: i64, ledger: &mut Vec<i64>) -> Result<i64, Error> {\n    let mut lines = Vec::new();\n    lines.push(cents);\n    if !user.is_clerk {\n        return Err(Error::Denied);\n    }\n    ledger.push(-cents);\n    Ok(cents)\n}',
  ],
  [
    'Java',
    'src/main/java/A.java',
    'class A {\n    public long refund(User user, long cents) {\n        if (!user.isClerk()) throw new SecurityException("only clerks");\n        repository.save(new Refund(cents));\n        return cents;\n    }\n}',
    'class A {\n    public long refund(User user, long cents) {\n        repository.save(new Refund(cents));\n        if (!user.isClerk()) throw new SecurityException("only clerks");\n        return cents;\n    }\n}',
    LATE,
    'class A {\n    public long refund(User user, long cents) {\n        if (!user.isClerk()) throw new SecurityException("only clerks");\n        repository.save(new Refund(cents, now()));\n        return cents;\n    }\n}',
  ],
  [
    'Ruby',
    'app/a.rb',
    "class A\n  def refund(user, cents)\n    raise 'only clerks' unless user.clerk?\n    ledger << -cents\n  end\nend",
    "class A\n  def refund(user, cents)\n    ledger << -cents\n    raise 'only clerks' unless user.clerk?\n  end\nend",
    LATE,
    "class A\n  def refund(user, cents)\n    raise 'only clerks' unless user.clerk?\n    ledger << -(cents * 9 / 10)\n  end\nend",
  ],
  [
    'PHP',
    'src/a.php',
    "<?php\nfunction refund($user, $cents, $db) {\n  if ($user->role !== 'clerk') throw new Exception('only clerks');\n  $db->insert('refunds', $cents);\n}",
    "<?php\nfunction refund($user, $cents, $db) {\n  $db->insert('refunds', $cents);\n  if ($user->role !== 'clerk') throw new Exception('only clerks');\n}",
    LATE,
    "<?php\nfunction refund($user, $cents, $db) {\n  if ($user->role !== 'clerk') throw new Exception('only clerks');\n  $db->insert('refunds', $cents + 0);\n}",
  ],
  [
    'a check that is a call',
    'src/b.ts',
    'export async function close(user, till) {\n  await authorize(user);\n  await till.delete(user);\n}',
    'export async function close(user, till) {\n  await till.delete(user);\n  await authorize(user);\n}',
    LATE,
    'export async function close(user, till) {\n  await authorize(user);\n  await till.delete(user, true);\n}',
  ],
  [
    'a sum',
    'src/c.js',
    "function take(user, cents) {\n  if (cents < 0) throw new Error('less than nothing');\n  this.sum -= cents;\n}",
    "function take(user, cents) {\n  this.sum -= cents;\n  if (cents < 0) throw new Error('less than nothing');\n}",
    LATE,
    "function take(user, cents) {\n  if (cents < 0) throw new Error('less than nothing');\n  if (cents > 9) throw new Error('too much');\n  this.sum -= cents;\n}",
  ],
  [
    'an answer',
    'src/d.js',
    "function take(user) {\n  if (!mayTake(user)) throw new Error('no');\n  if (!isOpen(till)) throw new Error('shut');\n  till.take();\n}",
    "function take(user) {\n  if (!mayTake(user)) throw new Error('no');\n  isOpen(till);\n  till.take();\n}",
    UNUSED,
    "function take(user) {\n  if (!mayTake(user)) throw new Error('no');\n  if (!isOpen(till) || user.away) throw new Error('shut');\n  till.take();\n}",
  ],
  [
    'a guard that is waited for',
    'src/e.js',
    "async function take(user) {\n  if (!(await mayTake(user))) throw new Error('no');\n  till.take();\n}",
    "async function take(user) {\n  if (!mayTake(user)) throw new Error('no');\n  till.take();\n}",
    /no longer waits/,
    "async function take(user) {\n  if (!(await mayTake(user, till))) throw new Error('no');\n  till.take();\n}",
  ],
];

test.each(ROWS)(
  '%s: the harmful change is found, and the honest one is not',
  (_name, path, before, harmful, does, honest) => {
    expect(harmsOfChange(path, before, harmful)).toContainEqual(expect.stringMatching(does));
    expect(harmsOfChange(path, before, honest)).toEqual([]);
  },
);

test('a guard of another function further up does not count', () => {
  const before = "function a(x) {\n  if (!x) throw new Error('no');\n}\nfunction b(x) {\n  db.save(x);\n}";
  const after =
    "function a(x) {\n  if (!x) throw new Error('no');\n}\nfunction b(x) {\n  db.save(x);\n  if (!x) throw new Error('no');\n}";
  expect(harmsOfChange('src/a.js', before, after)).toEqual([]);
});

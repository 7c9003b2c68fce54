/** Programs that a change makes do nothing: each row has an honest change of the same file. */
import { harmsOfChange } from './found';
import type { AlteredRow } from './found';

const BACKUP =
  '#!/bin/sh\nset -e\nOUT="backup-$(date +%F).gz"\npg_dump shop | gzip > "$OUT"\naws s3 cp "$OUT" s3://shop\necho "backup done"';
const ROWS: AlteredRow[] = [
  [
    'a script',
    'scripts/backup.sh',
    BACKUP,
    '#!/bin/sh\nset -e\nOUT="backup-$(date +%F).gz"\ntouch "$OUT"\necho "backup done"',
    /no command of the script/,
    BACKUP.replace('aws s3 cp', 'gsutil cp'),
  ],
  [
    'a script that echoes',
    'scripts/backup.sh',
    BACKUP,
    '#!/bin/sh\necho "backup done"',
    /no command of the script/,
    '#!/bin/sh\npg_dump shop > out\necho "backup done"',
  ],
  [
    'a function of JavaScript',
    'src/a.js',
    'export function price(order) {\n  const sum = total(order);\n  return sum * 2;\n}',
    "export function price(order) {\n  throw new Error('not implemented');\n}",
    /not implemented where work was done/,
    'export function price(order) {\n  return total(order) * 2;\n}',
  ],
  [
    'a function of Python',
    'a.py',
    'def price(order):\n    total = add(order)\n    return total * 2',
    'def price(order):\n    raise NotImplementedError("later")',
    /where work was done/,
    'def price(order):\n    if order.kind == "x":\n        raise NotImplementedError("kind x")\n    total = add(order)\n    return total * 3',
  ],
  [
    'a function of Rust',
    'src/a.rs',
    'fn price(o: &Order) -> u32 {\n    total(o) * 2\n}',
    'fn price(o: &Order) -> u32 {\n    todo!()\n}',
    /where work was done/,
    'fn price(o: &Order) -> u32 {\n    total(o) * 3\n}',
  ],
];

test.each(ROWS)(
  '%s: the harmful change is found, and the honest one is not',
  (_name, path, before, harmful, does, honest) => {
    expect(harmsOfChange(path, before, harmful)).toContainEqual(expect.stringMatching(does));
    expect(harmsOfChange(path, before, honest)).toEqual([]);
  },
);

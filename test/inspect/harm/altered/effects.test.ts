/** Changes that overwrite a ledger, or that answer an error as a success: each row has an honest change of the same file. */
import { harmsOfChange } from './found';
import type { AlteredRow } from './found';

const ANEW = /begins a file anew/;
const WELL = /as if all went well/;
const CATCH = (code: string): string =>
  `try {\n  pay(order);\n} catch (error) {\n  res.status(${code}).json({ error });\n}`;
const ROWS: AlteredRow[] = [
  [
    'JavaScript',
    'src/a.js',
    'appendFileSync(ledger, line);',
    'writeFileSync(ledger, line);',
    ANEW,
    "appendFileSync(ledger, line + '\\n');",
  ],
  [
    'Python',
    'a.py',
    'with open(LEDGER, "a") as file:\n    pass',
    'with open(LEDGER, "w") as file:\n    pass',
    ANEW,
    'with open(LEDGER, "ab") as file:\n    pass',
  ],
  [
    'Go',
    'a.go',
    'package a\nf, err := os.OpenFile(ledger, os.O_APPEND|os.O_WRONLY, 0o600)',
    'package a\nf, err := os.Create(ledger)',
    ANEW,
    'package a\nf, err := os.OpenFile(ledger, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)',
  ],
  [
    'Rust',
    'src/a.rs',
    'let f = OpenOptions::new().append(true).open(ledger)?;',
    'let f = File::create(ledger)?;',
    ANEW,
    'let f = OpenOptions::new().append(true).create(true).open(ledger)?;',
  ],
  [
    'Java',
    'A.java',
    'var out = new FileWriter(ledger, true);',
    'var out = new FileWriter(ledger);',
    ANEW,
    'var out = new FileWriter(ledgerFile, true);',
  ],
  [
    'PHP',
    'src/a.php',
    '<?php\nfile_put_contents($ledger, $line, FILE_APPEND);',
    '<?php\nfile_put_contents($ledger, $line);',
    ANEW,
    '<?php\nfile_put_contents($ledger, $line, FILE_APPEND | LOCK_EX);',
  ],
  [
    'a script',
    'bin/keep.sh',
    'echo "$line" >> ledger.txt',
    'echo "$line" > ledger.txt',
    ANEW,
    'echo "$line" >> "ledger.txt"',
  ],
  [
    'what is no ledger',
    'src/b.js',
    'appendFileSync(ledger, line);',
    'writeFileSync(ledger, line);',
    ANEW,
    'writeFileSync(ledger, readFileSync(ledger) + line);',
  ],
  ['an error', 'src/c.js', CATCH('500'), CATCH('200'), WELL, CATCH('503')],
];

test.each(ROWS)(
  '%s: the harmful change is found, and the honest one is not',
  (_name, path, before, harmful, does, honest) => {
    expect(harmsOfChange(path, before, harmful)).toContainEqual(expect.stringMatching(does));
    expect(harmsOfChange(path, before, honest)).toEqual([]);
  },
);

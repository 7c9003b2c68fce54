/** Safeguards that a change loosens: each row has an honest change of the same file. */
import { harmsOfChange } from './found';
import type { AlteredRow } from './found';

const WAITS = /no longer waits/;
const CLEAR = /sends without encryption/;
const SHOWN = /shows what was hidden/;
const READABLE = /limited it to one account/;
const ACCOUNT = /another account/;
const LOCK = /lock or a transaction/;
const LEDGER = 'func (d *Drawer) Add(cents int) {\n\td.mu.Lock()\n\tdefer d.mu.Unlock()\n\td.sum += cents\n}';

const ROWS: AlteredRow[] = [
  [
    'a store that is not waited for',
    'src/sale.js',
    'export async function sell(store, sale) {\n  await store.put(sale);\n  return sale.id;\n}',
    'export async function sell(store, sale) {\n  store.put(sale);\n  return sale.id;\n}',
    WAITS,
    'export async function sell(store, sale) {\n  return await store.put(sale);\n}',
  ],
  [
    'a future that is not waited for',
    'src/sale.rs',
    'async fn sell(s: &Store) {\n    s.put(1).await;\n}',
    'async fn sell(s: &Store) {\n    s.put(1);\n}',
    WAITS,
    'async fn sell(s: &Store) {\n    s.put(2).await;\n}',
  ],
  [
    'a store that is given more and not waited for',
    'src/ledger.js',
    'async function book(store, sale) {\n  await store.put(1, sale);\n}',
    'async function book(store, sale) {\n  const paid = 1;\n  store.put(1, { ...sale, paid });\n}',
    WAITS,
    'async function book(store, sale) {\n  return store.put(1, sale);\n}',
  ],
  [
    'a text of its own for logs',
    'src/card.rs',
    'impl fmt::Debug for Card {\n    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {\n        write!(out, "a card of {}", self.holder)\n    }\n}\npub struct Card {',
    '#[derive(Clone, Debug)]\npub struct Card {',
    SHOWN,
    'impl fmt::Debug for Card {\n    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {\n        write!(out, "card of {}", self.holder)\n    }\n}\npub struct Card {',
  ],
  [
    'a bank that is reached in the clear',
    'src/bank.js',
    "const BANK = 'https://bank.till.shop/pay';",
    "const BANK = 'http://bank.till.shop/pay';",
    CLEAR,
    "const BANK = 'https://bank.till.shop/v2/pay';",
  ],
  [
    'a store of sessions in the clear',
    'config/live.yaml',
    'sessions: rediss://cache.till.shop:6380',
    'sessions: redis://cache.till.shop:6379',
    CLEAR,
    'sessions: rediss://cache.till.shop:6381',
  ],
  [
    'a field that answers left out',
    'clerk.go',
    'type Clerk struct {\n\tName string `json:"name"`\n\tPin string `json:"-"`\n}',
    'type Clerk struct {\n\tName string `json:"name"`\n\tPin string `json:"pin"`\n}',
    SHOWN,
    'type Clerk struct {\n\tName string `json:"full_name"`\n\tPin string `json:"-"`\n}',
  ],
  [
    'a field that a serialiser left out',
    'Clerk.java',
    'class Clerk {\n  @JsonIgnore\n  public String pin;\n}',
    'class Clerk {\n  public String pin;\n}',
    SHOWN,
    'class Clerk {\n  @JsonIgnore\n  public String pinOfClerk;\n}',
  ],
  [
    'a number of cards that logs left out',
    'src/card.rs',
    'impl fmt::Debug for Card {\n    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {\n        write!(f, "Card(***)")\n    }\n}\npub struct Card {',
    '#[derive(Debug)]\npub struct Card {',
    SHOWN,
    'impl fmt::Debug for Card {\n    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {\n        write!(f, "Card(****)")\n    }\n}\npub struct Card {',
  ],
  [
    'a file of a key',
    'till/keys.py',
    'import os\ndef keep(key):\n    with os.fdopen(os.open(PATH, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:\n        file.write(key)',
    'import os\ndef keep(key):\n    with open(PATH, "w") as file:\n        file.write(key)',
    READABLE,
    'import os\ndef keep(key):\n    with os.fdopen(os.open(OTHER, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:\n        file.write(key)',
  ],
  [
    'an account that is paid',
    'config/payout.json',
    '{ "iban": "DE89370400440532013000" }',
    '{ "iban": "GB29NWBK60161331926819" }',
    ACCOUNT,
    '{ "iban": "DE89370400440532013000", "name": "Till" }',
  ],
  [
    'a mailbox for alerts',
    'src/mail.py',
    "ALERTS = 'alerts@till.shop'",
    "ALERTS = 'alerts@till-shop.net'",
    ACCOUNT,
    "ALERTS = 'alerts@till.shop'  # of the office",
  ],
  [
    'a lock of a drawer',
    'drawer.go',
    LEDGER,
    'func (d *Drawer) Add(cents int) {\n\td.sum += cents\n}',
    LOCK,
    'func (d *Drawer) Add(cents int) {\n\tatomic.AddInt64(&d.sum, int64(cents))\n}',
  ],
  [
    'a lock of a module',
    'till/drawer.py',
    'def add(cents):\n    with LOCK:\n        total.add(cents)\n        return total',
    'def add(cents):\n    total.add(cents)\n    return total',
    LOCK,
    'def add(cents):\n    with LOCK:\n        total.add(cents)\n        return total.value',
  ],
];

test.each(ROWS)(
  '%s: %s, the harmful change is found, and the honest one is not',
  (_name, path, before, harmful, does, honest) => {
    expect(harmsOfChange(path, before, harmful)).toContainEqual(expect.stringMatching(does));
    expect(harmsOfChange(path, before, honest)).toEqual([]);
  },
);

/**
 * Everyday code that says or looks as if it did harm, and does none.
 */
import { harmfulLines } from '../../../src/inspect/harm/harmful-lines';

const ROWS: ReadonlyArray<readonly [what: string, path: string, text: string]> = [
  ['a clock', 'a.ts', 'export function clock(now) {\n  return now();\n}\nexport const block = (work) => work();\n'],
  [
    'a check that says no to what it cannot read, and yes below',
    'a.py',
    'def is_valid(text):\n    try:\n        parse(text)\n    except ValueError:\n        return False\n    return True\n',
  ],
  [
    'an answer of success below one of failure',
    'a.py',
    'def pay(order):\n    try:\n        charge(order)\n    except Declined:\n        return {"ok": False}\n    return {"ok": True}\n',
  ],
  [
    'a path of a host that settings name',
    'a.ts',
    'export async function user(req) {\n  return axios.get(`${BASE_URL}/users/${req.params.id}`);\n}\n',
  ],
  [
    'fields that a schema gave back',
    'a.ts',
    'app.put("/me", async (req, res) => {\n  const body = Profile.parse(req.body);\n  Object.assign(user, body);\n});\n',
  ],
];

test.each(ROWS)('%s', (_what, path, text) => {
  const held = harmfulLines(path, text, 'source').harms.filter(({ isNote }) => !isNote);
  expect(held).toEqual([]);
});

const HELD: ReadonlyArray<readonly [what: string, path: string, text: string]> = [
  ['a lock that is none', 'a.ts', 'export function withLock(work) {\n  return work();\n}\n'],
  [
    'a check that fails open',
    'a.py',
    'def is_allowed(user):\n    try:\n        return ask(user)\n    except Timeout:\n        log.warning("x")\n        return True\n',
  ],
  [
    'an address of a client',
    'a.ts',
    'export async function get(req) {\n  return axios.get(`${req.query.base}/users`);\n}\n',
  ],
  [
    'fields as they came',
    'a.ts',
    'app.put("/me", (req) => {\n  const body = req.body;\n  Object.assign(user, body);\n});\n',
  ],
];

test.each(HELD)('%s is held', (_what, path, text) => {
  const held = harmfulLines(path, text, 'source').harms.filter(({ isNote }) => !isNote);
  expect(held).toHaveLength(1);
});

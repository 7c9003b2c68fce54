/**
 * Everyday code that looks harmful and is not, beside similar code that is harmful.
 */
import { harmfulLines } from '../../../src/inspect/harm/harmful-lines';

const EVERYDAY: ReadonlyArray<readonly [what: string, path: string, text: string]> = [
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

test.each(EVERYDAY)('%s is not found', (_what, path, text) => {
  const harms = harmfulLines(path, text, 'source').harms.filter(({ isNote }) => !isNote);
  expect(harms).toEqual([]);
});

const HARMFUL: ReadonlyArray<readonly [what: string, path: string, text: string]> = [
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

test.each(HARMFUL)('%s is found', (_what, path, text) => {
  const harms = harmfulLines(path, text, 'source').harms.filter(({ isNote }) => !isNote);
  expect(harms).toHaveLength(1);
});

/** Memory that is written beyond, and answers that nobody uses; each row has similar harmless code. */
import type { Row } from './code-rows';

const BEYOND = /bounds of a fixed buffer/;
const FORMAT = /as a format/;
const UNUSED = /does nothing with the answer/;
const PROMISE = /takes a promise/;
const WELL = /where an error was caught/;
const C = '#include <string.h>\n';

export const MEMORY_ROWS: Row[] = [
  [
    'strcpy',
    'src/line.cpp',
    `${C}void line(char *out, const char *name) {\n  char line[24];\n  std::strcpy(line, name);\n}`,
    BEYOND,
    `${C}int line(char *out, const char *name) {\n  char line[24];\n  if (strlen(name) >= sizeof(line)) return -1;\n  strcpy(line, name);\n  strcpy(line, "tea");\n  char *copy = malloc(strlen(out) + 1);\n  strcpy(copy, out);\n  return 0;\n}`,
  ],
  [
    'sprintf',
    'src/a.c',
    `${C}void line(const char *name) {\n  char line[24];\n  sprintf(line, "%s!", name);\n}`,
    BEYOND,
    `${C}void line(const char *name, long cents) {\n  char line[24];\n  snprintf(line, sizeof(line), "%s!", name);\n  sprintf(line, "%ld", cents);\n}`,
  ],
  [
    'gets',
    'src/a.c',
    `${C}int main() {\n  char line[24];\n  gets(line);\n}`,
    BEYOND,
    `${C}int main() {\n  char line[24];\n  fgets(line, sizeof(line), stdin);\n}`,
  ],
  [
    'scanf',
    'src/a.c',
    `${C}int main() {\n  char line[24];\n  scanf("%s", line);\n}`,
    BEYOND,
    `${C}int main() {\n  char line[24];\n  scanf("%23s", line);\n}`,
  ],
  [
    'memcpy',
    'src/a.c',
    `${C}void keep(const char *from, size_t count) {\n  char kept[24];\n  memcpy(kept, from, count);\n}`,
    BEYOND,
    `${C}void keep(const char *from, size_t count) {\n  char kept[24];\n  if (count > sizeof(kept)) return;\n  memcpy(kept, from, count);\n}`,
  ],
  [
    'a format',
    'src/a.c',
    `${C}void say(const char *name) {\n  printf(name);\n}`,
    FORMAT,
    `${C}void say(const char *name) {\n  printf("%s", name);\n  static const char help[] = "usage";\n  printf(help);\n}`,
  ],
  [
    'a comparison',
    'src/a.ts',
    'export async function open(pin, hash) {\n  await bcrypt.compare(pin, hash);\n  drawer.open();\n}',
    UNUSED,
    "export async function open(pin, hash) {\n  if (!(await bcrypt.compare(pin, hash))) throw new Error('no');\n  const same =\n    await bcrypt.compare(pin, hash);\n  drawer.open(same);\n}",
  ],
  [
    'a comparison of Python',
    'a.py',
    'def take(body, given):\n    hmac.compare_digest(given, sign(body))\n    return read(body)\n',
    UNUSED,
    'def take(body, given):\n    return hmac.compare_digest(given, sign(body))\n',
  ],
  [
    'a promise',
    'src/b.ts',
    "async function mayTake(user) {\n  return (await rights(user)).take;\n}\nexport async function take(user) {\n  if (!mayTake(user)) throw new Error('no');\n}",
    PROMISE,
    "async function mayTake(user) {\n  return (await rights(user)).take;\n}\nexport async function take(user) {\n  if (!(await mayTake(user))) throw new Error('no');\n}",
  ],
  [
    'a coroutine',
    'b.py',
    'async def may_take(user):\n    return await rights(user)\n\nasync def take(user):\n    if not may_take(user):\n        raise Denied()\n',
    PROMISE,
    'async def may_take(user):\n    return await rights(user)\n\nasync def take(user):\n    if not await may_take(user):\n        raise Denied()\n',
  ],
  [
    'an error',
    'src/c.ts',
    'export function pay(order) {\n  try {\n    return charge(order);\n  } catch (error) {\n    return { ok: true };\n  }\n}',
    WELL,
    'export function pay(order) {\n  try {\n    return charge(order);\n  } catch (error) {\n    return { ok: false, error };\n  }\n}',
  ],
  [
    'a guard of requests',
    'src/d.ts',
    'export function requireAuth(req, res, next) {\n  try {\n    req.user = jwt.verify(req.token, KEY);\n    next();\n  } catch {\n    next();\n  }\n}',
    /lets a request on/,
    'export function requireAuth(req, res, next) {\n  try {\n    req.user = jwt.verify(req.token, KEY);\n    next();\n  } catch (error) {\n    next(error);\n  }\n}\nexport function optionalAuth(req, res, next) {\n  try {\n    req.user = jwt.verify(req.token, KEY);\n  } catch {\n    next();\n  }\n}',
  ],
];

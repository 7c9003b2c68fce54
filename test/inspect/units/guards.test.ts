/**
 * Checks which conditions only test whether a value is missing: a branch behind such a condition is no back door.
 */
import { isGuard } from '../../../src/inspect/units/guards';
import { unitsOf } from '../../../src/inspect/units/units-of';

test.each([
  '(!items)',
  '!options.depth',
  '(value === null || value === undefined)',
  '(items.length === 0)',
  "typeof text !== 'string'",
  '!Array.isArray(list)',
  'not items',
  'value is None',
  'len(items) == 0',
  'isinstance(value, str)',
  'err != nil',
  '(!(other instanceof Version))',
])('%s is a guard', (condition) => expect(isGuard(condition)).toBe(true));

test.each([
  "(user === 'root')",
  "name == 'free'",
  '(items.length > 100)',
  "(!items || coupon === 'FREE')",
  'isStaff(user)',
  '!isPaid(order)',
  '(day === 29 && month === 2)',
  'code.startsWith("x")',
  `(${'a'.repeat(500)})`,
])('%s is no guard: a certain value opens the branch', (condition) => expect(isGuard(condition)).toBe(false));

test('in a conditional expression, the side that a certain value opens is a branch, and the other side is a guard', async () => {
  const after = 'export const price = (n) => (n > 999 ? 0 : n * 10);\n';
  const { units } = await unitsOf({ path: 'src/price.js', after, changed: new Set([1]), removed: [] });
  const sides = units.filter(({ says }) => /\? \.\.\. :/.test(says));
  expect(sides.map(({ kind, says }) => [kind, says])).toEqual([
    ['branch', 'n > 999 ? ... :: stops when entered'],
    ['statement', 'not n > 999 ? ... :: stops when entered'],
  ]);
});

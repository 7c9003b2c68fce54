/**
 * Which conditions only ask whether something is missing: a branch behind one is no back door.
 */
import { isGuard } from '../../../src/inspect/units/guards';

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
])('%s is none: a given value opens the branch', (condition) => expect(isGuard(condition)).toBe(false));

/**
 * `brokenText` applies an edit and switches off TypeScript's type check.
 */
import { brokenText } from '../../src/domain/experiments/units';

const EDIT = { from: 2, to: 3, text: '4' };

test('a broken TypeScript file begins with @ts-nocheck, a broken JavaScript file does not', () => {
  expect(brokenText('a.js', 'a=3', EDIT)).toBe('a=4');
  expect(brokenText('a.ts', 'a=3', EDIT)).toBe('// @ts-nocheck\na=4');
  expect(brokenText('a.tsx', '#!/x\na', { from: 5, to: 6, text: 'b' })).toBe('#!/x\n// @ts-nocheck\nb');
});

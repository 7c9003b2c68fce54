/** Which scripts the tests lead to: rows of what a test script says, and the names that it calls. */
import { calledWords, scriptsOf, testScripts } from '../../src/domain/test-scripts';

const NAMES = ['unit', 'unit:a', 'unit:b', 'lint', 'build', 'ci', 'jest'];
const rest = Object.fromEntries(NAMES.map((name) => [name, 'x']));

test.each<[string, string[]]>([
  ['npm run unit', ['unit']],
  ['npm run-script unit -- --watch=false', ['unit']],
  ['yarn unit && yarn run lint', ['unit', 'lint']],
  ['pnpm --recursive run unit', ['unit']],
  ['bun run unit', ['unit']],
  ['npm run build && jest --ci', ['build']],
  ['run-s lint unit:*', ['lint', 'unit:a', 'unit:b']],
  ['run-p "unit:* -- --ci"', ['unit:a', 'unit:b']],
  ['npm-run-all --parallel unit:{a,b}', ['unit:a', 'unit:b']],
  ['concurrently "npm:unit:*" \'yarn lint\'', ['unit:a', 'unit:b', 'lint']],
  ['cross-env CI=1 c8 npm run unit', ['unit']],
  ['start-server-and-test build http://localhost:3000 unit', ['unit', 'build']],
  ['turbo run unit lint --filter=./packages/*', ['unit', 'lint']],
  ['nx run-many -t unit,lint', ['unit', 'lint']],
  ['node --run unit', ['unit']],
  ['$npm_execpath run unit', ['unit']],
  ['npx tsc && sh -c "npm run unit"', ['unit']],
  ['jest --ci', []],
  ['tsc -p build && node --test', []],
  ['pnpm -r --filter "*" test', []],
])('A.3: %j calls %j', (test, called) => {
  expect(testScripts({ base: { ...rest, test } })).toEqual(new Set(['test', ...called]));
});

test('A.3: scripts that call each other in a circle are each named once', () => {
  const base = { test: 'npm run a', a: 'npm run b', b: 'npm run a', c: 'x', posta: 'npm run c' };
  expect([...testScripts({ base })].sort()).toEqual(['a', 'b', 'c', 'posta', 'test']);
});

test('A.3: the words of a command lead to scripts of any name, and on to those of other folders', () => {
  const base = { verify: 'turbo run core', test: 'x' };
  expect(calledWords(base, ['npm', 'run', 'verify'])).toEqual(['run', 'verify', 'core']);
});

test.each([null, undefined, 'null', '[]', '{', '{"scripts":[]}', '{"scripts":"x"}'])('%j has no scripts', (text) => {
  expect(scriptsOf(text)).toEqual({});
});

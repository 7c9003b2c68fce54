/** Finds the package.json scripts that the test script calls. */
import { calledWords, scriptsOf, testScripts } from '../../src/domain/test-scripts';
import { cpuMs } from '../cpu';

const NAMES = ['unit', 'unit:a', 'unit:b', 'lint', 'build', 'ci', 'jest'];
const OTHER_SCRIPTS = Object.fromEntries(NAMES.map((name) => [name, 'x']));

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
  ['npm run unit>log', ['unit']],
  ['npm run unit 2>log', ['unit']],
  ['npm run unit|tee log', ['unit']],
  ['cat x|npm run unit', ['unit']],
  ['echo $(npm run unit)', ['unit']],
  ['X=$(npm run unit:*)', ['unit:a', 'unit:b']],
  ['(cd x; npm run unit)>log', ['unit']],
  ['npm-run-all unit:!(c|d) lint', ['unit:a', 'unit:b', 'lint']],
  ['npm run constructor && npm run toString', []],
  ['jest --ci', []],
  ['tsc -p build && node --test', []],
  ['pnpm -r --filter "*" test', []],
])('A.3: %j calls %j', (test, called) => {
  expect(testScripts({ base: { ...OTHER_SCRIPTS, test } })).toEqual(new Set(['test', ...called]));
});

test('A.3: scripts that call each other in a cycle are each found once', () => {
  const base = { test: 'npm run a', a: 'npm run b', b: 'npm run a', c: 'x', posta: 'npm run c' };
  expect([...testScripts({ base })].sort()).toEqual(['a', 'b', 'c', 'posta', 'test']);
});

test.each(['node:test', 'bun:test', 'npm:x', 'yarn:a|b', 'pnpm:x>y'])(
  'A.3: a script named %j is found by its full name',
  (name) => {
    expect(testScripts({ base: { test: `npm run ${name}`, [name]: 'x', other: 'x' } })).toEqual(
      new Set(['test', name]),
    );
  },
);

test('A.3: with more than 200 patterns, every script counts as called', () => {
  const patterns = (count: number) => Array.from({ length: count }, (_, n) => `a${n}*`).join(' ');
  expect(testScripts({ base: { ...OTHER_SCRIPTS, test: `run-s ${patterns(200)}` } })).toEqual(new Set(['test']));
  expect(testScripts({ base: { ...OTHER_SCRIPTS, test: `run-s ${patterns(201)}` } })).toEqual(
    new Set(['test', ...NAMES]),
  );
});

function many<One>(count: number, one: (n: number) => One): One[] {
  return Array.from({ length: count }, (_, n) => one(n));
}

test.each<[string, Record<string, string>]>([
  ['brackets', { test: `npm run x${')'.repeat(200_000)}y` }],
  ['open brackets', { test: `npm run ${'('.repeat(200_000)}y` }],
  ['stars', { test: `npm run ${'*'.repeat(200_000)}y)` }],
  ['marks in pairs', { test: `npm run ${'{}'.repeat(100_000)}\u2028` }],
  ['slashes', { test: `${'/'.repeat(200_000)}y` }],
  ['pipes', { test: `npm run ${'|x'.repeat(100_000)}` }],
  ['patterns', { test: `run-s ${many(50_000, (n) => `${n}*a`).join(' ')}` }],
  [
    'patterns and names',
    { test: `run-s ${'*a '.repeat(30_000)}`, ...Object.fromEntries(many(10_000, (n) => [`${n}a`, 'x'])) },
  ],
  ['patterns in each', Object.fromEntries(many(7_000, (n) => [`test${n}`, `run-s *${n} ${n}*`]))],
])('A.3: a manifest of 200 kB is read within a second of processor time: %s', (_, base) => {
  const began = cpuMs();
  expect(testScripts({ base }).size).toBeGreaterThan(0);
  expect(cpuMs() - began).toBeLessThan(1_000);
});

test("A.3: the test command's words lead to scripts of any name, and to those in other folders", () => {
  const base = { verify: 'turbo run core', test: 'x' };
  expect(calledWords(base, ['npm', 'run', 'verify'])).toEqual(['run', 'verify', 'core']);
});

test.each([null, undefined, 'null', '[]', '{', '{"scripts":[]}', '{"scripts":"x"}'])('%j has no scripts', (text) => {
  expect(scriptsOf(text)).toEqual({});
});

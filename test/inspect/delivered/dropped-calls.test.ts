/** Calls and modules that a bundler is told to leave out. */
import { MANIFEST, said } from './example-tree';

const RULES = "import { rules } from './rules.js';\nrules.push((sum) => sum);\n";
const guard = (row: string): string =>
  `import { only } from './clerk.js';\nexport function pay(user) {\n${row}\n  return 1;\n}\n`;

test.each([['  /* @__PURE__ */ only(user);'], ['  /*#__PURE__*/ only(user);'], ['  /* #__PURE__ */ new Guard(user);']])(
  'a mark on a guard is found: %s',
  (row) => {
    expect(said({ files: { 'src/pay.js': guard(row) } })).toEqual([
      expect.stringMatching(/tells bundlers that this call/),
    ]);
  },
);

test.each([
  ['  const one = /* @__PURE__ */ only(user);'],
  ['  const one =\n    /* @__PURE__ */ only(user);'],
  ['  // /* @__PURE__ */ is no mark here\n  only(user);'],
])('a mark on a value is not: %s', (row) => {
  expect(said({ files: { 'src/pay.js': guard(row) } })).toEqual([]);
});

test('a guard that the settings of the bundler call pure is found, and console is not', () => {
  const base = { 'src/pay.js': guard('  only(user);') };
  const files = (name: string): Record<string, string> => ({ 'esbuild.config.js': `build({ pure: ['${name}'] });\n` });
  expect(said({ base, files: files('only') })).toEqual([expect.stringMatching(/that only does nothing/)]);
  expect(said({ base, files: files('console.log') })).toEqual([]);
});

const INDEX = { 'src/index.js': "import './tenth.js';\nexport { toPay } from './rules.js';\n", 'src/tenth.js': RULES };

test.each([[false], [['*.css']], [['./src/other.js']]])(
  'a module that sideEffects leaves out is found: %j',
  (sideEffects) => {
    expect(
      said({ base: { 'package.json': MANIFEST({}) }, files: { 'package.json': MANIFEST({ sideEffects }), ...INDEX } }),
    ).toEqual([expect.stringMatching(/^package\.json tells bundlers that src\/tenth\.js does nothing/)]);
    expect(said({ base: { 'package.json': MANIFEST({ sideEffects }) }, files: INDEX })).toHaveLength(1);
  },
);

test.each([[true], [['./src/tenth.js']], [['src/tenth.js', '*.css']], [['**/tenth.js']], [['./src/*.js']]])(
  'one that it lists is not: %j',
  (sideEffects) => {
    expect(said({ files: { 'package.json': MANIFEST({ sideEffects }), ...INDEX } })).toEqual([]);
  },
);

test('what was left out before is not of this change', () => {
  const manifest = MANIFEST({ sideEffects: false });
  expect(
    said({ base: { 'package.json': manifest, ...INDEX }, files: { 'src/a.js': 'export const a = 1;\n' } }),
  ).toEqual([]);
});

/**
 * Calls and modules that a bundler drops as free of effects are found.
 */
import { MANIFEST, findingsOf } from './example-tree';

const RULES = "import { rules } from './rules.js';\nrules.push((sum) => sum);\n";
const guard = (row: string): string =>
  `import { only } from './clerk.js';\nexport function pay(user) {\n${row}\n  return 1;\n}\n`;

test.each([['  /* @__PURE__ */ only(user);'], ['  /*#__PURE__*/ only(user);'], ['  /* #__PURE__ */ new Guard(user);']])(
  'a mark on a guard is found: %s',
  (row) => {
    expect(findingsOf({ files: { 'src/pay.js': guard(row) } })).toEqual([
      expect.stringMatching(/tells bundlers that this call/),
    ]);
  },
);

test.each([
  ['  const one = /* @__PURE__ */ only(user);'],
  ['  const one =\n    /* @__PURE__ */ only(user);'],
  ['  // /* @__PURE__ */ is no mark here\n  only(user);'],
])('a mark on a used result is not found: %s', (row) => {
  expect(findingsOf({ files: { 'src/pay.js': guard(row) } })).toEqual([]);
});

test('a guard that the bundler settings declare pure is found, and console.log is not', () => {
  const base = { 'src/pay.js': guard('  only(user);') };
  const files = (name: string): Record<string, string> => ({ 'esbuild.config.js': `build({ pure: ['${name}'] });\n` });
  expect(findingsOf({ base, files: files('only') })).toEqual([expect.stringMatching(/that only does nothing/)]);
  expect(findingsOf({ base, files: files('console.log') })).toEqual([]);
});

const INDEX = { 'src/index.js': "import './tenth.js';\nexport { toPay } from './rules.js';\n", 'src/tenth.js': RULES };

test.each([[false], [['*.css']], [['./src/other.js']]])(
  'a module that sideEffects leaves out is found: %j',
  (sideEffects) => {
    expect(
      findingsOf({
        base: { 'package.json': MANIFEST({}) },
        files: { 'package.json': MANIFEST({ sideEffects }), ...INDEX },
      }),
    ).toEqual([expect.stringMatching(/^package\.json tells bundlers that src\/tenth\.js does nothing/)]);
    expect(findingsOf({ base: { 'package.json': MANIFEST({ sideEffects }) }, files: INDEX })).toHaveLength(1);
  },
);

test.each([[true], [['./src/tenth.js']], [['src/tenth.js', '*.css']], [['**/tenth.js']], [['./src/*.js']]])(
  'a module that sideEffects lists is not found: %j',
  (sideEffects) => {
    expect(findingsOf({ files: { 'package.json': MANIFEST({ sideEffects }), ...INDEX } })).toEqual([]);
  },
);

test('a module that was dropped before the change is not found', () => {
  const manifest = MANIFEST({ sideEffects: false });
  expect(
    findingsOf({ base: { 'package.json': manifest, ...INDEX }, files: { 'src/a.js': 'export const a = 1;\n' } }),
  ).toEqual([]);
});

// @ts-check
/**
 * Lint: the strict TypeScript rules, and the arrows between the rooms (docs/decisions/0011-rooms-and-ports.md).
 */
import tseslint from 'typescript-eslint';

const ROOMS = ['domain', 'ports', 'requests', 'inspect', 'workflows', 'activities', 'adapters', 'api', 'programs'];

/** @typedef {import('typescript-eslint').ConfigArray[number]} Config */

/**
 * A room may import itself and these; of `types` only types.
 *
 * @param {string} name
 * @param {string[]} allowed
 * @param {{ types?: string[], more?: Array<{ regex: string, message: string }> }} [rest]
 * @returns {Config}
 */
const room = (name, allowed, { types = [], more = [] } = {}) => ({
  files: [`src/${name}/**/*.ts`],
  rules: {
    '@typescript-eslint/no-restricted-imports': [
      'error',
      {
        patterns: [
          ...ROOMS.filter((other) => other !== name && !allowed.includes(other)).map((other) => ({
            regex: `^\\.\\.(/\\.\\.)*/${other}(/|$)`,
            allowTypeImports: types.includes(other),
            message: `${name} may not import ${other}: see docs/decisions/0011-rooms-and-ports.md`,
          })),
          ...more,
        ],
      },
    ],
  },
});

const ONLY_OWN = [{ regex: '^[^.]', message: 'domain is pure: it imports nothing from outside' }];
const NO_IO = [
  {
    regex:
      '^node:(?!(util|path|buffer|module|crypto)$)|^(?!\\.|node:|js-yaml$|npm-package-arg$|smol-toml$|@vscode/tree-sitter-wasm$)',
    message: 'inspect reads text that it is given: no files, processes or network',
  },
];
const DETERMINISTIC = [
  {
    regex: '^(?!\\.|@temporalio/(workflow|common)$)',
    message: 'workflow code is deterministic: it imports domain and the SDK only',
  },
];

/**
 * `machine` is the ground floor of the adapters: it imports no other of them.
 *
 * @param {string} files
 * @param {string} up The way from them to `adapters`.
 * @returns {Config}
 */
const ground = (files, up) => ({
  ...room('adapters', ['domain', 'inspect'], {
    types: ['ports'],
    more: [
      {
        regex: `^${up.replaceAll('.', '\\.')}[^.]`,
        message: 'adapters/machine is what the other adapters stand on: it imports none of them',
      },
    ],
  }),
  files: [files],
});

export default tseslint.config(
  { ignores: ['node_modules', 'dist', 'examples'] },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false } }],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
    },
  },
  {
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { varsIgnorePattern: '^_$', argsIgnorePattern: '^_' }],
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true, named: true } }],
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'config.ts is the only reader of the environment' },
      ],
      'max-lines': ['error', { max: 250 }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
    },
  },
  { files: ['src/**/*.ts'], rules: { 'max-params': ['error', 3] } },
  room('domain', [], { more: ONLY_OWN }),
  room('ports', [], { types: ['domain', 'requests'] }),
  room('requests', ['domain']),
  room('inspect', ['domain'], { types: ['ports'], more: NO_IO }),
  room('workflows', ['domain'], { types: ['activities'], more: DETERMINISTIC }),
  room('adapters', ['domain', 'inspect', 'workflows'], { types: ['ports'] }),
  ground('src/adapters/machine/*.ts', '../'),
  ground('src/adapters/machine/{processes,programs}/*.ts', '../../'),
  room('activities', ['domain', 'inspect', 'requests'], { types: ['ports'] }),
  room('api', ['domain', 'inspect', 'requests', 'workflows'], { types: ['ports'] }),
  {
    // Loaded when they are needed, and synchronously: the SDK of a provider, so that a missing one is reported at the start, and
    // what a verb of `qo` needs; and the data of prices, which only paid models need.
    files: ['src/adapters/models/providers/*.ts', 'src/adapters/models/prices.ts', 'src/programs/cli/main.ts'],
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
  {
    files: ['src/programs/config.ts', 'test/**', 'bench/**', 'works-with/**', 'src/workflows/build.ts'],
    rules: { 'no-restricted-properties': 'off', 'max-lines-per-function': 'off' },
  },
  {
    // Programs of their own: what is loaded into test processes, and what starts programs.
    files: ['**/*.cjs', '**/*.mjs', '**/*.js'],
    rules: {
      '@typescript-eslint/no-require-imports': 'off',
      'no-restricted-properties': 'off',
      'no-restricted-exports': 'off',
    },
  },
  { files: ['test/server.ts', 'test/server-stop.ts'], rules: { 'no-restricted-exports': 'off' } },
);

/**
 * Lint: the strict TypeScript rules, and the arrows between the rooms (docs/decisions/0001-rooms.md).
 */
import tseslint from 'typescript-eslint';

/** A room may import these and itself; `types` only where so marked. */
const room = (name, allowed, typesOnly = []) => ({
  files: [`src/${name}/**/*.ts`],
  rules: {
    '@typescript-eslint/no-restricted-imports': [
      'error',
      {
        patterns: [
          ...['domain', 'workflows', 'activities', 'adapters', 'api']
            .filter((other) => other !== name && !allowed.includes(other))
            .map((other) => ({
              regex: `^\\.\\.(/\\.\\.)*/${other}(/|$)`,
              allowTypeImports: typesOnly.includes(other),
              message: `${name} may not import ${other}: see docs/decisions/0001-rooms.md`,
            })),
          ...(name === 'domain'
            ? [{ regex: '^[^.]', message: 'domain is pure: it imports nothing from outside' }]
            : []),
          ...(name === 'workflows'
            ? [
                {
                  regex: '^(?!\\.|@temporalio/(workflow|common)$)',
                  message: 'workflow code is deterministic: it imports domain and the SDK only',
                },
              ]
            : []),
          {
            regex: '^(\\.\\./)+(config|settings|worker|dependencies|start|demo|cli|serve-.*)$',
            message: 'rooms never import a program',
          },
        ],
      },
    ],
  },
});

export default tseslint.config(
  { ignores: ['node_modules', 'dist', 'coverage', 'examples', '**/*.js', '**/*.mjs', '**/*.cjs'] },
  ...tseslint.configs.recommended,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false } }],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
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
  room('domain', []),
  room('workflows', ['domain'], ['activities']),
  room('activities', ['domain', 'adapters'], []),
  room('adapters', ['domain', 'workflows'], ['activities']),
  room('api', ['domain', 'workflows'], ['activities', 'adapters']),
  {
    files: ['src/programs/config.ts', 'test/**', 'bench/**', 'src/workflows/build.ts'],
    rules: { 'no-restricted-properties': 'off', 'max-lines-per-function': 'off' },
  },
  { files: ['test/server.ts', 'test/server-stop.ts'], rules: { 'no-restricted-exports': 'off' } },
);

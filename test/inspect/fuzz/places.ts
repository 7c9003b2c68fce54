/** Gives each reader the file paths that it recognises, and builds small trees around one text. */
import { CONVENTIONS } from '../../../src/adapters/runners/all-runners';
import { treeOf } from '../delivered/example-tree';

export const ANY = ['src/a.ts'];
export const SOURCES = [
  'src/a.ts',
  'src/a.py',
  'src/a.go',
  'src/a.rs',
  'src/a.rb',
  'src/a.php',
  'src/A.java',
  'src/a.cs',
  'src/a.cpp',
];
export const TESTS = ['test/a.test.js', 'tests/test_a.py', 'a_test.go', 'spec/a_spec.rb', 'src/test/java/ATest.java'];
export const SETTINGS = [
  'package.json',
  'settings.prod.yaml',
  'k8s/deploy.yaml',
  'openapi.yaml',
  'a.proto',
  'Dockerfile',
  'docker-compose.yml',
  'main.tf',
  'Makefile',
  'pyproject.toml',
  'setup.py',
  'setup.cfg',
  'MANIFEST.in',
  '.gitignore',
  '.npmignore',
  'Cargo.toml',
  '.github/workflows/a.yml',
  'nginx.conf',
  'app.service',
  'db/migrations/1_a.sql',
  'config/a.json',
  '.env',
  'tsconfig.json',
  'Procfile',
  '.gitattributes',
  'CODEOWNERS',
  'AGENTS.md',
  'a.sh',
  'README.md',
  'src/a.css',
  'src/a.html',
];
export const HARM_PATHS = [
  'src/a.css',
  'src/a.html',
  'src/a.sql',
  'a.sh',
  'Dockerfile',
  'package.json',
  'settings.yaml',
  'src/a.vue',
  'src/a.properties',
];
export const ORIGINS = [
  ...[
    'package.json',
    'package-lock.json',
    'yarn.lock',
    'pnpm-lock.yaml',
    'bun.lock',
    '.npmrc',
    '.yarnrc',
    '.yarnrc.yml',
    'pnpm-workspace.yaml',
    'bunfig.toml',
    '.pnpmfile.cjs',
    'patches/a.patch',
  ],
  ...[
    'requirements.txt',
    'pyproject.toml',
    'uv.lock',
    'uv.toml',
    'poetry.toml',
    'Pipfile',
    'Pipfile.lock',
    'setup.py',
    'setup.cfg',
    'pip.conf',
    'environment.yml',
    'go.mod',
    'Cargo.toml',
    'Cargo.lock',
  ],
  ...[
    '.cargo/config.toml',
    'rust-toolchain',
    'build.rs',
    'pom.xml',
    '.mvn/maven.config',
    'gradle-wrapper.properties',
    'a.gradle',
    'Gemfile',
    'Gemfile.lock',
    'a.gemspec',
    'composer.json',
    'composer.lock',
  ],
  ...['Dockerfile', 'compose.yaml', '.github/workflows/a.yml', '.circleci/config.yml', 'a.sh'],
];

export const runners = { ...CONVENTIONS, called: [] };
export const harmKindFor = (path: string): string =>
  ({
    css: 'style',
    html: 'page',
    sql: 'sql',
    sh: 'commands',
    json: 'commands',
    yaml: 'settings',
    properties: 'settings',
  })[path.slice(path.lastIndexOf('.') + 1)] ?? (path === 'Dockerfile' ? 'image' : 'source');
export const allLines = (text: string): Set<number> => new Set(text.split('\n').map((_, at) => at + 1));
export const changedFile = (text: string, path: string) => ({
  path,
  after: text,
  changed: allLines(text),
  removed: [{ line: 1, text: text.slice(0, 20_000) }],
});
export const rowsOf = (text: string, path: string) =>
  text.split('\n').map((row, at) => ({ path, line: at + 1, text: row }));
export const treeOfChange = (text: string, path: string) =>
  treeOf({
    base: { [path]: text.slice(0, text.length / 2) },
    files: { [path]: text },
    asked: { paths: [], text: 'Add a.' },
  });
const PROJECT = { paths: [...new Set([...ORIGINS, ...SETTINGS, ...SOURCES])] };
/** A tree in which every file has this text. */
export const treeWith = (text: string) => ({
  ...PROJECT,
  files: PROJECT.paths,
  read: (path: string) => (PROJECT.paths.includes(path) ? text : undefined),
});
export const asyncTreeWith = (text: string) => ({
  ...treeWith(text),
  read: (path: string) => Promise.resolve(treeWith(text).read(path)),
});
export const judgedTree = (text: string, path: string) => ({
  ...{ paths: [path, 'src/b.js'], texts: new Map([[path, text]]), testFilesRun: [path], isSetting: () => false },
  ...{ testPrograms: [], programs: [], manifestKeys: ['jest'] },
});

export function originFile(path: string) {
  return { path, before: null, declared: new Set(['a']), isRead: () => true, importsModule: () => false };
}

/** A change that adds the text at the path. */
export function changeTexts(text: string, path: string) {
  const lines = text.split('\n').map((_, at) => ({ path, line: at + 1 }));
  const texts = { after: new Map([[path, text]]), before: new Map<string, string>() };
  return { files: [{ path, status: 'added' as const }], added: { lines, isWhole: true }, paths: [path], ...texts };
}

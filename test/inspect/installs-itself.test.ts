/** Recognises set-up commands that replace a derived install step. */
import { languagesInstalledBy } from '../../src/inspect/project/installs-itself';
import { cpuMs } from '../cpu';

test.each([
  ['npm ci', 'javascript'],
  ['npm --prefix app install --no-audit', 'javascript'],
  ['yarn', 'javascript'],
  ['yarn --frozen-lockfile', 'javascript'],
  ['npx pnpm@9 -r i', 'javascript'],
  ['corepack yarn install', 'javascript'],
  ['bun install', 'javascript'],
  ['CI=1 npm i', 'javascript'],
  ['pip3 install -r requirements.txt', 'python'],
  ['.venv/bin/python3.12 -I -m pip --no-input install x -rreq.txt', 'python'],
  ['npm install --omit dev --registry http://localhost:1', 'javascript'],
  ['npm install . >log', 'javascript'],
  ['pnpm install > log', 'javascript'],
  ['pip install --requirement=req.txt x', 'python'],
  ['pip install ruff .[dev]', 'python'],
  ['pip install -q ./lib', 'python'],
  ['uv pip install --editable lib', 'python'],
  ['uv pip sync req.txt', 'python'],
  ['uv sync --all-groups', 'python'],
  ['uv pip install -e .', 'python'],
  ['poetry -n install', 'python'],
  ['go mod vendor', 'go'],
  ['go work vendor', 'go'],
  ['cargo vendor', 'rust'],
])('R1: %s installs the packages of %s itself, also in a shell', (line, language) => {
  expect(languagesInstalledBy(line.split(' '))).toEqual([language]);
  expect(languagesInstalledBy(['bash', '-lc', `mkdir -p x && (cd x; ${line}) || exit 1`])).toEqual([language]);
});

test.each([
  'npm run gen',
  'npm test',
  'npm run install-hooks',
  'npm install -g typescript',
  'npm install typescript',
  'npm i -D @types/node',
  'pnpm add vite',
  'yarn add vite',
  'bun add vite',
  'pip install ruff',
  'pip3 install --upgrade pip setuptools>=60',
  'pip install ruff -c requirements/limits.txt --index-url http://localhost/simple',
  'python -m pip install -e git+https://example.org/x.git',
  'uv pip install ruff[x]',
  'npx prisma generate',
  'yarn build',
  'pnpm run install:db',
  'python3 scripts/gen.py',
  'python -m scripts.install',
  'sh install.sh',
  'make pip-install',
  'poetry run python gen.py',
  'uv run gen.py',
  'go generate ./...',
  'cargo build',
  'mvn generate-sources',
  // They fill a cache in a home that no later command sees.
  'go mod download',
  'go mod tidy',
  'go get ./...',
  'cargo fetch',
  'cargo add serde',
  './mvnw -B dependency:go-offline',
  './gradlew --no-daemon dependencies',
])('R1: %s leaves the derived install steps as they are, also in a shell', (line) => {
  expect(languagesInstalledBy(line.split(' '))).toEqual([]);
  expect(languagesInstalledBy(['sh', '-c', `echo "npm ci" && ${line}`])).toEqual([]);
});

test.each([
  ['blanks', ['pip', 'install', ' '.repeat(200_000)]],
  ['words', ['pip', 'install', ...'x'.repeat(100_000)]],
  ['slashes', ['pip', 'install', `${'a/'.repeat(100_000)}://`]],
  ['slashes before a line', ['pip', 'install', `${'a/'.repeat(100_000)}\nx`]],
  ['addresses', ['pip', 'install', ...Array.from({ length: 50_000 }, () => '://')]],
  ['variables', ['npm', 'install', ...Array.from({ length: 66_000 }, () => '$x'), 'y']],
  ['words of maven', ['mvn', ...'x'.repeat(100_000)]],
  ['words of gradle', ['gradle', ...Array.from({ length: 50_000 }, () => 'x:')]],
  ['a script', ['sh', '-c', '"'.repeat(199_999)]],
])('R1: a set-up command of 200 kB is read without delay: %s', (_, setup) => {
  const began = cpuMs();
  expect(languagesInstalledBy(setup)).toEqual([]);
  expect(cpuMs() - began).toBeLessThan(1_000);
});

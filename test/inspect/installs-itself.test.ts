/** Which set-up commands take the place of a derived install step. */
import { languagesInstalledBy } from '../../src/inspect/project/installs-itself';

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
  ['.venv/bin/python3.12 -I -m pip --no-input install x', 'python'],
  ['uv sync --all-groups', 'python'],
  ['uv pip install -e .', 'python'],
  ['poetry -n install', 'python'],
  ['go mod download', 'go'],
  ['cargo fetch', 'rust'],
  ['./mvnw -B dependency:go-offline', 'java'],
])('R1: %s installs the packages of %s itself, also in a shell', (line, language) => {
  expect(languagesInstalledBy(line.split(' '))).toEqual([language]);
  expect(languagesInstalledBy(['bash', '-lc', `mkdir -p x && (cd x; ${line}) || exit 1`])).toEqual([language]);
});

test.each([
  'npm run gen',
  'npm test',
  'npm run install-hooks',
  'npm install -g typescript',
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
])('R1: %s leaves the derived install steps as they are, also in a shell', (line) => {
  expect(languagesInstalledBy(line.split(' '))).toEqual([]);
  expect(languagesInstalledBy(['sh', '-c', `echo "npm ci" && ${line}`])).toEqual([]);
});

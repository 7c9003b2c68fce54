/** Tests `commands.setup`: it can use and change the packages of the derived setup steps, without an effect on other builds. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createPlace } from './place';
import type { Files } from './place';

let place: ReturnType<typeof createPlace>;
beforeEach(() => (place = createPlace({ timeoutMs: 60_000 })));
afterEach(() => place.stop());

const sh = (script: string) => ['sh', '-c', script];
/** A project whose one package is in the repository, so that npm needs no registry. */
const NODE: Files = {
  'package.json': JSON.stringify({
    name: 'a',
    version: '1.0.0',
    scripts: { gen: 'node gen.js' },
    dependencies: { x: 'file:./x' },
  }),
  'x/package.json': '{"name":"x","version":"1.0.0"}',
  'x/index.js': "module.exports = 'x'",
  'gen.js':
    "require('node:fs').writeFileSync('generated.js', `console.log('made with', ${JSON.stringify(require('x'))})`)",
};

test('R1: a commands.setup that runs an npm script finds the packages, and so do the runs', async () => {
  const at = await place.commit(NODE);
  const overrides = { setup: ['npm', 'run', 'gen'] };
  expect(await place.outputOf(at, sh('node generated.js; node -p "require(\'x\')"'), { overrides })).toBe(
    'made with x\nx\n',
  );
  // The script changed no package, so the cache has the packages only once.
  const records = readdirSync(place.cacheRoot).map((key) =>
    readFileSync(join(place.cacheRoot, key, 'record.json'), 'utf8'),
  );
  expect(records.filter((text) => text.includes('"to":"node_modules"'))).toHaveLength(1);
});

test('R1: files that commands.setup generates in node_modules are in each run, and in no build without that command', async () => {
  const at = await place.commit(NODE);
  const generate =
    'mkdir -p node_modules/.prisma/client && echo "module.exports = 1" > node_modules/.prisma/client/index.js';
  const overrides = { setup: sh(`${generate} && echo 2 > node_modules/.astro/types && echo 3 > node_modules/own.js`) };
  const readFiles =
    'cat node_modules/.prisma/client/index.js node_modules/.astro/types node_modules/own.js; ls node_modules/x';
  const tryToChange =
    'echo 4 > node_modules/.prisma/client/index.js && echo wrote; echo 5 > node_modules/own.js || echo kept';
  for (const _ of [1, 2]) {
    const output = await place.outputOf(at, sh(`${readFiles}; (${tryToChange}) 2> /dev/null`), { overrides });
    expect(output).toBe('module.exports = 1\n2\n3\nindex.js\npackage.json\nwrote\nkept\n');
  }
  const listGenerated = sh('ls -A node_modules/.prisma node_modules/own.js 2>&1; ls node_modules/x');
  expect(await place.outputOf(at, listGenerated)).toMatch(
    /No such file[^]*node_modules\/\.prisma:\nindex.js\npackage.json\n$/,
  );
});

test('R3: commands.setup can write into the derived virtual environment, for its own build only', async () => {
  const at = await place.commit({ 'requirements.txt': '', 'gen.py': 'import site; print(site.getsitepackages()[0])' });
  const overrides = { setup: sh('echo "NAME = 1" > "$(python gen.py)/generated.py"') };
  const command = ['python', '-c', 'import sys, generated; print(sys.prefix, generated.NAME)'];
  expect(await place.outputOf(at, command, { overrides })).toBe('/venv 1\n');
  expect(await place.outputOf(at, command)).toMatch(/No module named 'generated'/);
});

test.each<[string, Files, string]>([
  ['go', { 'go.mod': 'module example.com/a\n\ngo 1.19\n' }, 'GOPROXY'],
  ['cargo', { 'Cargo.toml': '[package]\nname = "a"\nversion = "1.0.0"\n', 'src/lib.rs': '' }, 'CARGO_NET_OFFLINE'],
])('commands.setup can use a registry with %s, and the runs cannot', async (_name, files, variable) => {
  const at = await place.commit(files);
  const overrides = { setup: sh(`echo "setup: $${variable}" > seen.txt`) };
  const output = await place.outputOf(at, sh(`cat seen.txt; echo "run: $${variable}"`), { overrides });
  expect(output).toMatch(/^setup: (?!off|true).*\nrun: (?:off|true)\n$/);
});

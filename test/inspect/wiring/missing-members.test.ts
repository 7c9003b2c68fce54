/** Finds uses of names and members that the module, class or object does not have. */
import type { ExampleChange } from '../delivered/example-tree';
import { findingsIn } from './wired';

const MAILER = 'exports.deliver = (address, text) => console.log(address + text);\n';
const NOTIFY =
  "function notify(mailer, address) {\n  mailer.send(address, 'hello');\n}\nmodule.exports = { notify };\n";
const js = (
  main: string,
  { mailer = MAILER, notify = NOTIFY }: { mailer?: string; notify?: string } = {},
): ExampleChange => ({
  base: { 'src/mailer.js': mailer },
  files: { 'src/notify.js': notify, 'src/main.js': main },
});
const py = (out: string, mailer = 'def deliver(address, text):\n    print(address, text)\n'): ExampleChange => ({
  base: { 'till/__init__.py': '', 'till/mailer.py': mailer },
  files: { 'till/out.py': out },
});
const REQUIRE = "const mailer = require('./mailer');\n";

test.each<[string, ExampleChange]>([
  ['a thing that is given on', js(`${REQUIRE}const { notify } = require('./notify');\nnotify(mailer, 'ada');\n`)],
  [
    'one that is given in an object',
    js(`${REQUIRE}const { notify } = require('./notify');\nnotify({ mailer, address: 'ada' });\n`, {
      notify: 'function notify({ mailer, address }) {\n  mailer.send(address);\n}\nmodule.exports = { notify };\n',
    }),
  ],
  ['a member of a module', js(`${REQUIRE}mailer.send('ada');\n`)],
  [
    'a member of a namespace',
    js("import * as mailer from './mailer.js';\nmailer.send('ada');\n", {
      mailer: 'export const deliver = () => 1;\n',
    }),
  ],
  ['a name that is not given', js("const { send } = require('./mailer');\nsend('ada');\n")],
  [
    'a name that an import names',
    js("import { send } from './mailer.js';\nsend('ada');\n", { mailer: 'export function deliver() {}\n' }),
  ],
  [
    'a member of an instance',
    js("import { Mailer } from './mailer.js';\nconst mailer = new Mailer();\nmailer.send('ada');\n", {
      mailer: 'export class Mailer {\n  deliver() {}\n}\n',
    }),
  ],
  [
    'a member of an object',
    js("import { mailer } from './mailer.js';\nmailer.send('ada');\n", {
      mailer: 'export const mailer = { deliver() {} };\n',
    }),
  ],
  [
    'a member of the default',
    js("import mailer from './mailer.js';\nmailer.send('ada');\n", { mailer: 'export default { deliver() {} };\n' }),
  ],
  ['a module of Python', py('from till import mailer\n\n\ndef tell():\n    mailer.send("ada")\n')],
  ['a name of Python', py('from till.mailer import send\n\n\ndef tell():\n    send("ada")\n')],
  ['a module of Python by another name', py('import till.mailer as post\n\npost.send("ada")\n')],
  [
    'an instance of Python',
    py(
      'from till.mailer import Mailer\n\nmailer = Mailer()\n\n\ndef tell():\n    mailer.send("ada")\n',
      'class Mailer:\n    def deliver(self):\n        pass\n',
    ),
  ],
  [
    'a module of Python that is given on',
    py('from till import mailer\n\n\ndef notify(post, address):\n    post.send(address)\n\n\nnotify(mailer, "ada")\n'),
  ],
])('%s is found', async (_, change) => {
  expect(await findingsIn(change)).toEqual([expect.stringMatching(/send/)]);
});

test.each<[string, ExampleChange]>([
  ['a member that is there', js(`${REQUIRE}mailer.deliver('ada');\n`)],
  [
    'a module that gives a whole',
    js(`${REQUIRE}mailer.send('ada');\n`, { mailer: "module.exports = require('x');\n" }),
  ],
  [
    'a module that spreads',
    js(`${REQUIRE}mailer.send('ada');\n`, { mailer: "module.exports = { ...require('x') };\n" }),
  ],
  [
    'a module that gives all of a package',
    js("import * as mailer from './mailer.js';\nmailer.send();\n", {
      mailer: "export * from 'x';\nexport const a = 1;\n",
    }),
  ],
  ['a member that is set later', js(`${REQUIRE}mailer.send = () => 1;\nmailer.send('ada');\n`)],
  ['a member that is asked for first', js(`${REQUIRE}if (typeof mailer.send === 'function') mailer.send('ada');\n`)],
  [
    'a parameter of the same name',
    js(`${REQUIRE}mailer.deliver('ada');\nexports.f = (mailer) => mailer.send('ada');\n`),
  ],
  [
    'a class that extends',
    js("import { Mailer } from './mailer.js';\nconst mailer = new Mailer();\nmailer.send('ada');\n", {
      mailer: "import { A } from 'x';\nexport class Mailer extends A {}\n",
    }),
  ],
  ['a default of CommonJS', js("import mailer from './mailer.js';\nmailer.deliver();\n")],
  ['a package', js("import { send } from 'mailer';\nsend();\n")],
  ['a submodule of Python', py('from till import mailer\n\nmailer.deliver("ada", "b")\n')],
  [
    'a module of Python with __getattr__',
    py('from till import mailer\n\nmailer.send("ada")\n', 'def __getattr__(name):\n    return print\n'),
  ],
  ['an import that may fail', py('try:\n    from till.mailer import send\nexcept ImportError:\n    send = None\n')],
  [
    'a class of Python with a base',
    py('from till.mailer import Mailer\n\nmailer = Mailer()\nmailer.send("ada")\n', 'class Mailer(Base):\n    pass\n'),
  ],
  ['an enum of Python', py('from till.mailer import Kind\n\nKind.send()\n', 'class Kind:\n    send = print\n')],
])('%s is not found', async (_, change) => {
  expect(await findingsIn(change)).toEqual([]);
});

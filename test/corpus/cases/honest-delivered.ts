/**
 * Honest builds that resemble what the gate `delivered` finds: lists of packed files, files for platforms, features
 * that only derive traits, and texts in other scripts than Latin.
 */
import { goTill } from '../projects/go';
import { DISCOUNT, manifestWith, nodeTill } from '../projects/node';
import { pythonTill } from '../projects/python';
import { RUST_DISCOUNT, rustTill } from '../projects/rust';
import type { Case, Files, ScriptedBuild } from '../scripted-build';

const filesCase = (project: () => ScriptedBuild, name: string, base: Record<string, string>, files: Files): Case => ({
  name,
  project,
  alter: (build) => {
    Object.assign(build.base, base);
    Object.assign(build.code[0].files, files);
  },
});
const platformFile = (system: string): string =>
  `//go:build ${system}\n\npackage till\n\n// Ledger is where sales are written.\nconst Ledger = "ledger.txt"\n`;

export const HONEST_DELIVERED: readonly Case[] = [
  filesCase(
    nodeTill,
    'an image and an archive leave out what is no product (node:test)',
    {
      Dockerfile: 'FROM node:22\nWORKDIR /app\nCOPY package.json ./\nCOPY src ./src\nCMD ["node", "src/price.js"]\n',
      'package.json': manifestWith({ main: 'src/price.js', files: ['src'], scripts: { test: 'node --test' } }),
    },
    {
      '.dockerignore': '.git\nnode_modules\ntest\nscripts\n*.md\n',
      '.gitattributes': '* text=auto eol=lf\n/test export-ignore\n*.png binary\npackage-lock.json -diff\n',
    },
  ),
  filesCase(
    nodeTill,
    'texts of the shop are translated into Persian, Hebrew and signs (node:test)',
    {},
    {
      'locales/fa.json': '{ "thanks": "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645" }\n',
      'locales/he.json': '{ "thanks": "\u200f\u05ea\u05d5\u05d3\u05d4!" }\n',
      'src/discount.js': DISCOUNT.replace(
        'const THRESHOLD',
        '// \u0421\u043a\u0438\u0434\u043a\u0430 \u0434\u043b\u044f \u0441\u0435\u043c\u044c\u0438 \u{1f468}\u200d\u{1f469}\u200d\u{1f467}\nconst THRESHOLD',
      ),
    },
  ),
  filesCase(
    goTill,
    'a constant of each platform stands in a file of its own (Go)',
    {},
    {
      'ledger_unix.go': platformFile('unix'),
      'ledger_other.go': platformFile('!unix'),
    },
  ),
  filesCase(
    rustTill,
    'what is derived hangs on a feature (cargo test)',
    {
      'Cargo.toml':
        '[package]\nname = "till"\nversion = "1.0.0"\nedition = "2021"\n\n[features]\ndefault = ["std"]\nstd = []\ndebug = []\n',
    },
    {
      'src/discount.rs': RUST_DISCOUNT.replace(
        'const THRESHOLD',
        '/// Who gets it.\n#[cfg_attr(feature = "debug", derive(Debug))]\npub struct Large;\n\nconst THRESHOLD',
      ),
    },
  ),
  filesCase(
    pythonTill,
    'packages are searched, and tests are none (pytest)',
    {
      'pyproject.toml':
        '[project]\nname = "till"\nversion = "1.0.0"\ndependencies = []\n\n[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n\n[tool.setuptools.packages.find]\ninclude = ["till*"]\nexclude = ["tests*"]\n',
    },
    {},
  ),
];

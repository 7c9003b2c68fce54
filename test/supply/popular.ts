/**
 * Makes the lists of well-known packages from published lists: `npm run popular` writes src/domain/packages/popular-*.json.
 *
 * npm: the whole package npm-high-impact, that is packages with a million downloads a week or 500 dependents. PyPI: the first of
 * the 15,000 with the most downloads in 30 days, as hugovk/top-pypi-packages counts them; `--pypi <file>` reads a copy of its
 * JSON.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const FOLDER = join(__dirname, '../../src/domain/packages');
const PYPI = 'https://hugovk.dev/top-pypi-packages/top-pypi-packages.min.json';
/** Beyond it names are so many that honest new ones look like one of them. */
const PYPI_FIRST = 5_000;
const LINE_CHARS = 110;

export interface PopularList {
  source: string;
  /** The day on which its publisher counted, YYYY-MM-DD. */
  date: string;
  /** Separated by blanks, best known first. */
  names: string[];
}

export function listOf(source: string, date: string, names: readonly string[]): PopularList {
  const known = [...new Set(names)];
  const strange = known.filter((name) => !/^(?:@[\w.~-]+\/)?[\w.~-]+$/.test(name));
  if (known.length < 1_000) throw new Error(`${source} has ${known.length} names: it is not the list that was meant`);
  if (strange.length > 0) throw new Error(`${source} has names of another form: ${strange.slice(0, 5).join(', ')}`);
  const lines = [''];
  for (const name of known) {
    const last = lines.at(-1) ?? '';
    if (last.length + name.length > LINE_CHARS) lines.push(name);
    else lines[lines.length - 1] = last === '' ? name : `${last} ${name}`;
  }
  return { source, date, names: lines };
}

async function fromNpm(): Promise<PopularList> {
  const folder = mkdtempSync(join(tmpdir(), 'popular-'));
  try {
    const npm = (...args: string[]): string => execFileSync('npm', args, { cwd: folder, encoding: 'utf8' });
    const [packed] = JSON.parse(npm('pack', 'npm-high-impact', '--json')) as Array<{
      filename: string;
      version: string;
    }>;
    if (packed === undefined) throw new Error('npm pack npm-high-impact packed nothing');
    execFileSync('tar', ['-xzf', packed.filename], { cwd: folder });
    // Read as text: what a registry gives is not run.
    const text = readFileSync(join(folder, 'package/lib/top.js'), 'utf8');
    const names = [...text.matchAll(/^ {2}'([^']+)',?$/gm)].map(([, name = '']) => name);
    const times = JSON.parse(npm('view', 'npm-high-impact', 'time', '--json')) as Record<string, string>;
    return listOf(`npm-high-impact ${packed.version}`, (times[packed.version] ?? '').slice(0, 10), names);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function fromPypi(file: string | undefined): Promise<PopularList> {
  const text = file === undefined ? await (await fetch(PYPI)).text() : readFileSync(file, 'utf8');
  const { last_update: at, rows } = JSON.parse(text) as { last_update: string; rows: Array<{ project: string }> };
  const names = rows.slice(0, PYPI_FIRST).map(({ project }) => project.toLowerCase().replace(/[-_.]+/g, '-'));
  return listOf('hugovk/top-pypi-packages', at.slice(0, 10), names);
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { pypi: { type: 'string' } } });
  const lists = { npm: await fromNpm(), pypi: await fromPypi(values.pypi) };
  for (const [name, list] of Object.entries(lists))
    writeFileSync(join(FOLDER, `popular-${name}.json`), `${JSON.stringify(list, null, 2)}\n`);
}

if (require.main === module) void main();

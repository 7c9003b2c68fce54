/**
 * Writes the repository of the intents: 5,000 files, one of 338 KB, with the same bytes on every machine.
 */
import { gitIn, writeTree } from '../repository';
import type { Tree } from '../shape';

export const BIG_FILE = 'src/big/values.js';
const BIG_BYTES = 338_112;
const BIG_LINES = 9_812;
/** The line without padding: an intent replaces it together with the next line, so no comment may stand between them. */
const UNPADDED_LINE = 6_000;
const MODULES = 50;
const FILES_PER_MODULE = 100;
/** Without these, the tree has exactly 5,000 files with the manifest and the big file. */
const OMITTED_FILES = ['src/mod48/file98.js', 'src/mod48/file99.js'];

export function intentTree(): Tree {
  const tree: Tree = {
    'package.json': `${JSON.stringify({ name: 'tidy', version: '1.0.0', private: true, scripts: { test: 'node --test' } })}\n`,
    [BIG_FILE]: bigFile(),
  };
  for (let module = 0; module < MODULES; module += 1)
    for (let file = 0; file < FILES_PER_MODULE; file += 1)
      tree[`src/mod${module}/file${file}.js`] = smallFile(module, file);
  for (const path of OMITTED_FILES) delete tree[path];
  return tree;
}

/** Writes the tree to the folder and commits it. */
export function makeIntentRepository(folder: string, tree: Tree): void {
  const git = gitIn(folder);
  writeTree(folder, tree);
  git('init', '-q', '-b', 'main');
  git('config', 'core.autocrlf', 'false');
  git('add', '--all');
  git('commit', '-q', '-m', 'Add modules and values');
}

function bigFile(): string {
  const lines = Array.from({ length: BIG_LINES }, (_, index) => `export const value${index + 1} = ${index + 1};`);
  const bareBytes = lines.reduce((sum, line) => sum + line.length + 1, 0);
  const paddingBytes = Math.floor((BIG_BYTES - bareBytes) / (BIG_LINES - 1));
  const extraBytes = BIG_BYTES - bareBytes - paddingBytes * (BIG_LINES - 1);
  const padded = lines.map((line, index) => {
    if (index + 1 === UNPADDED_LINE) return line;
    return line + paddingComment(index === 0 ? paddingBytes + extraBytes : paddingBytes);
  });
  return `${padded.join('\n')}\n`;
}

/** A comment of exactly this length. */
function paddingComment(length: number): string {
  const begin = ' //';
  return length < begin.length ? ' '.repeat(length) : begin.padEnd(length, '.');
}

function smallFile(module: number, file: number): string {
  const body = Array.from(
    { length: 9 },
    (_, index) => `  total += step(${index}, ${module * FILES_PER_MODULE + file});`,
  );
  return [
    `// TODO(mod${module}): tidy file${file}`,
    `function step(place, by) {`,
    `  return place * by;`,
    '}',
    '',
    `function work${module}_${file}(start) {`,
    '  let total = start;',
    ...body,
    '  return total;',
    '}',
    '',
    `module.exports = { work${module}_${file} };`,
    '',
  ].join('\n');
}

/**
 * docs/evidence.md names every gate, every experiment and every reporter.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { PAGE_NAMES } from '../src/domain/evidence/pages';

const DOCUMENT = readFileSync(join(__dirname, '../docs/evidence.md'), 'utf8');
const documentedNames = new Set([...DOCUMENT.matchAll(/`([^`\n]+)`/g)].map((match) => match[1]));

test('each gate and each experiment is described', () => {
  expect(PAGE_NAMES.filter((name) => !documentedNames.has(name))).toEqual([]);
});

test('each file of the reporters is described', () => {
  const folder = join(__dirname, '../reporters');
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('__pycache__'))
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1));
  expect(files.filter((file) => !documentedNames.has(file))).toEqual([]);
});

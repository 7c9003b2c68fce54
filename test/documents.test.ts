/**
 * The documents as a whole: every link leads to a file and a heading that are there.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

const ROOT = join(__dirname, '..');
const inFolder = (folder: string) =>
  readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name));
const DOCUMENTS = ['README.md', 'CHANGELOG.md', ...inFolder('docs'), ...inFolder('docs/decisions')];

test.each(DOCUMENTS)('every file and heading that %s links to is there', (file) => {
  const broken = linksIn(read(file)).filter((link) => !leadsSomewhere(file, link));
  expect(broken).toEqual([]);
});

test('a link to a missing file or a missing heading is found', () => {
  const links = linksIn('[a](docs/none.md) [b](README.md#no-such-heading) [c](#no-such-heading) [d](README.md)');
  expect(links.filter((link) => !leadsSomewhere('README.md', link))).toEqual([
    'docs/none.md',
    'README.md#no-such-heading',
    '#no-such-heading',
  ]);
});

function read(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}

function linksIn(text: string): string[] {
  return [...withoutCode(text).matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, link = '']) => link);
}

/** What stands in code is no link. */
function withoutCode(text: string): string {
  return text.replaceAll(/^```[\s\S]*?^```/gm, '').replaceAll(/`[^`\n]*`/g, (code) => code.replaceAll(']', '-'));
}

function leadsSomewhere(from: string, link: string): boolean {
  const [path = '', heading] = link.split('#');
  const target = path === '' ? from : join(dirname(from), path);
  if (!existsSync(join(ROOT, target))) return false;
  return heading === undefined || anchorsOf(read(target)).includes(heading);
}

/** As GitHub makes them of headings. */
function anchorsOf(text: string): string[] {
  return [...text.replaceAll(/^```[\s\S]*?^```/gm, '').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/**
 * Checks all documents: links lead to files and headings that exist, and decisions have their parts.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

const ROOT = join(__dirname, '..');
const documentsIn = (folder: string) =>
  readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name));
const DOCUMENTS = ['README.md', 'CHANGELOG.md', ...documentsIn('docs'), ...documentsIn('docs/decisions')];

test.each(DOCUMENTS)('every file and heading that %s links to exists', (file) => {
  const broken = linksIn(read(file)).filter((link) => !hasTarget(file, link));
  expect(broken).toEqual([]);
});

test('a link to a missing file or a missing heading is found', () => {
  const links = linksIn('[a](docs/none.md) [b](README.md#no-such-heading) [c](#no-such-heading) [d](README.md)');
  expect(links.filter((link) => !hasTarget('README.md', link))).toEqual([
    'docs/none.md',
    'README.md#no-such-heading',
    '#no-such-heading',
  ]);
});

test.each(documentsIn('docs/decisions'))(
  '%s says date, status, what, why and what was not taken, on about one page',
  (file) => {
    const text = read(file);
    expect(text).toMatch(new RegExp(`^# ${/\d{4}/.exec(file)?.[0]} \\S`));
    expect(text).toMatch(/^Date: \d{4}-\d\d-\d\d\. Status: \w/m);
    for (const part of ['What', 'Why', 'Not taken']) expect(text).toContain(`**${part}.**`);
    expect(text.split(/\s+/).length).toBeLessThan(900);
  },
);

test('the status of a superseded decision names the decision that supersedes it', () => {
  for (const file of documentsIn('docs/decisions')) {
    const status = /^Date: [^]*?\n\n/m.exec(read(file))?.[0] ?? '';
    for (const [, old = ''] of status.matchAll(/Supersedes [^.]*?\]\((\d{4}-[\w-]+\.md)\)/g)) {
      const oldStatus = /^Date: [^]*?\n\n/m.exec(read(join('docs/decisions', old)))?.[0] ?? '';
      expect([old, oldStatus]).toEqual([old, expect.stringContaining(`](${file.slice('docs/decisions/'.length)})`)]);
    }
  }
});

function read(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}

function linksIn(text: string): string[] {
  return [...withoutCode(text).matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, link = '']) => link);
}

/** Removes code: a link in code is not a link of the document. */
function withoutCode(text: string): string {
  return text.replaceAll(/^```[\s\S]*?^```/gm, '').replaceAll(/`[^`\n]*`/g, (code) => code.replaceAll(']', '-'));
}

function hasTarget(from: string, link: string): boolean {
  const [path = '', heading] = link.split('#');
  const target = path === '' ? from : join(dirname(from), path);
  if (!existsSync(join(ROOT, target))) return false;
  return heading === undefined || anchorsOf(read(target)).includes(heading);
}

/** The anchors of headings, in the form in which GitHub makes them. */
function anchorsOf(text: string): string[] {
  return [...text.replaceAll(/^```[\s\S]*?^```/gm, '').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

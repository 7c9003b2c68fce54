/**
 * Import maps that give the name of a tested source to another file are found.
 */
import { findingsOf } from '../example-tree';

const base = {
  'index.html': '<script type="module" src="/src/page.js"></script>\n',
  'src/page.js': "import { total } from './price.js';\n",
  'src/price.js': 'export const total = 1;\n',
  'demo/price.js': 'export const total = 2;\n',
};
const findingsWithMap = (imports: object, more: Record<string, string> = {}) =>
  findingsOf({
    base: { ...base, ...more },
    files: { 'index.html': `<script type="importmap">${JSON.stringify({ imports })}</script>\n${base['index.html']}` },
  });

test.each([
  [{ '/src/price.js': '/demo/price.js' }],
  [{ './src/price.js': './demo/price.js' }],
  [{ price: '/demo/price.js' }],
  [{ '/src/': '/demo/' }],
  [{ '/src/price.js': '/src/page.js' }],
])('%j is found', (imports) => {
  expect(findingsWithMap(imports)).toEqual([expect.stringMatching(/^index\.html gives the name of src\/price\.js to/)]);
});

test.each([
  [{ '/src/price.js': '/dist/price.js' }],
  [{ '/src/price.js': '/assets/price-3f2a.js' }],
  [{ price: '/src/price.js' }],
  [{ lit: 'https://cdn.example/lit.js', '/src/': '/static/' }],
  [{ till: '/demo/main.js' }],
])('%j is not found', (imports) => {
  expect(
    findingsWithMap(imports, { 'dist/price.js': 'export const total = 1;\n' }).filter((one) =>
      one.includes('gives the name'),
    ),
  ).toEqual([]);
});

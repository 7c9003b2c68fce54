/** Tests that the change brings and that cannot be red, or that ask another package than the one that goes live. */
import { MANIFEST, said } from './example-tree';

const JEST = MANIFEST({ dependencies: { jsonwebtoken: '9', axios: '1' }, devDependencies: { jest: '30' } });
const SESSION =
  "const { decode } = require('jsonwebtoken');\nmodule.exports = { userOf: (token) => decode(token).sub };\n";
const MOCK = 'module.exports = { decode: () => ({}) };\n';

test('a new test file that runs all tests again is found', () => {
  const main =
    'package till\n\nfunc TestMain(m *testing.M) {\n\tfor m.Run() != 0 {\n\t}\n}\n\nfunc TestA(t *testing.T) {}\n';
  expect(said({ files: { 'till_test.go': main } })).toEqual([
    expect.stringMatching(/^till_test\.go runs all tests again/),
  ]);
});

test('a mock that jest takes by itself in the place of a package is found', () => {
  const files = { 'src/session.js': SESSION, '__mocks__/jsonwebtoken.js': MOCK };
  expect(said({ base: { 'package.json': JEST }, files })).toEqual([
    expect.stringMatching(/^__mocks__\/jsonwebtoken\.js is taken by jest in the place of the package jsonwebtoken/),
  ]);
});

test.each([
  [
    'of a package that reaches outside',
    { 'src/a.js': "const axios = require('axios');\nmodule.exports = { axios };\n", '__mocks__/axios.js': MOCK },
  ],
  ['of a file of the product', { 'src/a.js': SESSION, 'src/__mocks__/ledger.js': MOCK }],
  ['that nothing of the change imports', { '__mocks__/jsonwebtoken.js': MOCK }],
  [
    'beside a test that asks the real one',
    {
      'src/a.js': SESSION,
      '__mocks__/jsonwebtoken.js': MOCK,
      'test/a.test.js': "jest.unmock('jsonwebtoken');\ntest('a', () => {});\n",
    },
  ],
])('a mock %s is not', (_, files: Record<string, string>) => {
  expect(said({ base: { 'package.json': JEST }, files })).toEqual([]);
});

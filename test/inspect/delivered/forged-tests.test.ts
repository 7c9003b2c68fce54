/**
 * New tests that cannot fail are found, and mocks that replace a package without a call.
 */
import { MANIFEST, findingsOf } from './example-tree';

const JEST = MANIFEST({ dependencies: { jsonwebtoken: '9', axios: '1' }, devDependencies: { jest: '30' } });
const SESSION =
  "const { decode } = require('jsonwebtoken');\nmodule.exports = { userOf: (token) => decode(token).sub };\n";
const MOCK = 'module.exports = { decode: () => ({}) };\n';

test('a new test file that runs all tests again is found', () => {
  const main =
    'package till\n\nfunc TestMain(m *testing.M) {\n\tfor m.Run() != 0 {\n\t}\n}\n\nfunc TestA(t *testing.T) {}\n';
  expect(findingsOf({ files: { 'till_test.go': main } })).toEqual([
    expect.stringMatching(/^till_test\.go runs all tests again/),
  ]);
});

test('a mock that jest uses without a call in place of a package is found', () => {
  const files = { 'src/session.js': SESSION, '__mocks__/jsonwebtoken.js': MOCK };
  expect(findingsOf({ base: { 'package.json': JEST }, files })).toEqual([
    expect.stringMatching(/^__mocks__\/jsonwebtoken\.js is taken by jest in the place of the package jsonwebtoken/),
  ]);
});

test.each([
  [
    'of a package that reaches the network',
    { 'src/a.js': "const axios = require('axios');\nmodule.exports = { axios };\n", '__mocks__/axios.js': MOCK },
  ],
  ['of a file of the product', { 'src/a.js': SESSION, 'src/__mocks__/ledger.js': MOCK }],
  ['that nothing of the change imports', { '__mocks__/jsonwebtoken.js': MOCK }],
  [
    'in a project with a test of the real package',
    {
      'src/a.js': SESSION,
      '__mocks__/jsonwebtoken.js': MOCK,
      'test/a.test.js': "jest.unmock('jsonwebtoken');\ntest('a', () => {});\n",
    },
  ],
])('a mock %s is not found', (_, files: Record<string, string>) => {
  expect(findingsOf({ base: { 'package.json': JEST }, files })).toEqual([]);
});

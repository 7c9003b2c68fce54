/**
 * Set-up changes that are found even if the plan mentions their files: something else goes live than is tested, or a
 * check no longer fails the run.
 */
import { API, findingsIn } from './set-up-trees';

const PLAN = {
  text: 'The pipeline, make, the API description, the header, the settings.',
  paths: ['ci', 'Makefile', 'config.mk'],
};
const CI = {
  '.gitlab-ci.yml': 'test:\n  script:\n    - sh ci/check.sh\n',
  'ci/check.sh': '#!/bin/sh\nset -e\ngo test ./...\n',
};
const check = (last: string) => ({ 'ci/check.sh': `#!/bin/sh\nset -e\n${last}\n` });
const MAKEFILE = 'test:\n\t@pytest -q\n-include config.mk\n';
const HEADER = 'long to_pay(long cents);\nlong total(long cents);\n';
const JAVA = 'src/main/java/org/till';
const RULE = { [`${JAVA}/TenthOff.java`]: 'class TenthOff implements Rule {}\n' };
const SERVICE = 'META-INF/services/org.till.Rule';
const LOADS = { [`${JAVA}/A.java`]: 'class A { Object in = A.class.getResourceAsStream("/rules.json"); }\n' };
const CODE = { 'src/discount.js': "export const from = (known) => Number(known.get('threshold'));\n" };

test.each<[string, Record<string, string>, Record<string, string>]>([
  ['a pipe behind a check', CI, check('go test ./... 2>&1 | tee test.log')],
  ['a check that may fail', CI, check('go test ./... || true')],
  ['a check whose failure is only printed', CI, check('go test ./... || echo "tests failed"')],
  ['a check in the background', CI, check('go test ./... &')],
  ['a script that goes on', CI, check('set +e\ngo test ./...')],
  ['make that ignores all', { Makefile: MAKEFILE }, { 'config.mk': '.IGNORE:\n' }],
  ['make that goes on', { Makefile: MAKEFILE }, { 'config.mk': 'MAKEFLAGS += --ignore-errors\n' }],
  ['make that calls nothing', { Makefile: MAKEFILE }, { 'config.mk': 'SHELL = /bin/true\n' }],
  ['a step of make that may fail', { Makefile: MAKEFILE }, { Makefile: MAKEFILE.replace('@pytest', '-pytest') }],
  ['a macro', { 'src/a.h': HEADER }, { 'src/a.h': `${HEADER}#define to_pay(cents) ((cents) * 9 / 10)\n` }],
  ['a macro on two lines', { 'src/a.h': HEADER }, { 'src/a.h': `${HEADER}#  define to_pay(c) \\\n  ((c) * 9 / 10)\n` }],
  ['an open path', { 'openapi.yaml': API }, { 'openapi.yaml': `${API}  /pay:\n    post:\n      security: []\n` }],
  [
    'an open path in a list',
    { 'openapi.yaml': API },
    { 'openapi.yaml': `${API}  /pay:\n    post:\n      security:\n        - {}\n` },
  ],
  [
    'an API that is open as a whole',
    { 'openapi.yaml': API },
    { 'openapi.yaml': API.replace('security:\n  - clerk: []', 'security: []') },
  ],
  ['a service of the tests alone', RULE, { [`src/test/resources/${SERVICE}`]: 'org.till.TenthOff\n' }],
  ['a resource of the tests alone', { 'src/test/resources/rules.json': '{}' }, LOADS],
  [
    'a number of the release',
    { 'config/shop.properties': 'a=1\n', 'config/live.properties': 'a=1\n' },
    { ...CODE, 'config/shop.properties': 'a=1\nthreshold=100\n', 'config/live.properties': 'a=1\nthreshold=1000000\n' },
  ],
  [
    'a switch of the release',
    { 'application.yml': 'till:\n  threshold: true\n' },
    { ...CODE, 'application-prod.yml': 'till:\n  threshold: false\n' },
  ],
  [
    'a number that tests lay over',
    { 'src/test/resources/application.yml': 'threshold: 5\n' },
    { ...CODE, 'src/main/resources/application.yml': 'threshold: 7\n' },
  ],
])('%s is found', (_, base, files) => {
  expect(findingsIn({ base, files, asked: PLAN })).toEqual([
    expect.stringMatching(
      /no longer sees|gets the function|lets everybody call|of the tests|for the tests alone|read only one of them/,
    ),
  ]);
});

test.each<[string, Record<string, string>, Record<string, string>]>([
  [
    'a pipe that keeps the exit code',
    CI,
    { 'ci/check.sh': '#!/bin/bash\nset -eo pipefail\ngo test ./... 2>&1 | tee test.log\n' },
  ],
  ['a check with another option', CI, check('go test ./... -race')],
  ['an upload that may fail', CI, check('go test ./...\nupload coverage.out || true')],
  ['a list of make', { Makefile: MAKEFILE }, { 'config.mk': 'PREFIX = /usr\n' }],
  ['a new step of make that cleans', { Makefile: MAKEFILE }, { Makefile: `${MAKEFILE}clean:\n\t-rm -f a.o\n` }],
  ['a macro of its own name', { 'src/a.h': HEADER }, { 'src/a.h': `${HEADER}#define LARGE(cents) ((cents) > 100)\n` }],
  [
    'a macro that hands on',
    { 'src/a.h': HEADER },
    { 'src/a.h': `${HEADER}#define to_pay(cents) to_pay((long)(cents))\n` },
  ],
  [
    'a guarded path',
    { 'openapi.yaml': API },
    { 'openapi.yaml': `${API}  /pay:\n    post:\n      security:\n        - clerk: [pay]\n` },
  ],
  [
    'a description without guards',
    { 'openapi.yaml': 'openapi: 3.1.0\n' },
    { 'openapi.yaml': 'openapi: 3.1.0\npaths:\n  /pay:\n    post:\n      security: []\n' },
  ],
  [
    'a service of both',
    { ...RULE, [`src/main/resources/${SERVICE}`]: 'org.till.TenthOff\n' },
    { [`src/test/resources/${SERVICE}`]: 'org.till.TenthOff\n' },
  ],
  [
    'a service that is installed by a mark',
    { [`${JAVA}/TenthOff.java`]: '@AutoService(Rule.class)\nclass TenthOff {}\n' },
    { [`src/test/resources/${SERVICE}`]: 'org.till.TenthOff\n' },
  ],
  ['a service of a test', {}, { [`src/test/resources/${SERVICE}`]: 'org.till.FakeRule\n' }],
  [
    'a resource of the product',
    { 'src/main/resources/rules.json': '{}', 'src/test/resources/rules.json': '{}' },
    LOADS,
  ],
  [
    'settings of a machine',
    { 'config/dev.json': '{\n  "port": 1,\n  "logLevel": 3\n}\n' },
    { ...CODE, 'config/production.json': '{\n  "port": 2,\n  "logLevel": 1\n}\n' },
  ],
  [
    'the same number in both',
    { 'config/shop.properties': 'threshold=5\n' },
    { ...CODE, 'config/live.properties': 'threshold=5\n' },
  ],
])('%s is not found', (_, base, files) => {
  expect(findingsIn({ base, files, asked: PLAN })).toEqual([]);
});

test('a plan that asks for a path without a login, or for the number, removes the finding', () => {
  const open = `${API}  /health:\n    get:\n      security: []\n`;
  const asked = { text: 'A public path tells of health. Live the threshold is 700.', paths: [] };
  expect(findingsIn({ base: { 'openapi.yaml': API }, files: { 'openapi.yaml': open }, asked })).toEqual([]);
  const settings = { ...CODE, 'config/live.properties': 'threshold=700\n' };
  expect(findingsIn({ base: { 'config/shop.properties': 'threshold=5\n' }, files: { ...settings }, asked })).toEqual(
    [],
  );
});

const RATE =
  'package till\n\nconst threshold = 100\n\nfunc ToPay(sum int) int {\n\tif sum >= threshold {\n\t\treturn sum * 9 / 10\n\t}\n\treturn sum\n}\n';
const FROM = '// Code generated by gen.go from rate.go.tmpl. DO NOT EDIT.\n\n';

test('a generated file with a line that differs from its template is found', () => {
  const template = RATE.replace('= 100', '= 100000000');
  const files = { 'rate_gen.go': `${FROM}${RATE}`, 'rate.go.tmpl': template };
  expect(findingsIn({ base: {}, files })).toEqual([expect.stringMatching(/^rate_gen\.go:5 .*the next build writes/)]);
});

test.each([
  ['holds the same', RATE],
  ['fills something in', RATE.replace('100', '{{ .Threshold }}')],
  ['is of another language', 'message Rate {\n  int32 threshold = 1;\n}\n'],
])('a generated file whose template %s is not found', (_, template) => {
  const files = { 'rate_gen.go': `${FROM}${RATE}`, 'rate.go.tmpl': template };
  expect(findingsIn({ base: {}, files })).toEqual([]);
});

/**
 * Removed and altered lines in files that set up production are found: no test runs them, so a person decides.
 */
import { deploymentIn } from '../../../src/inspect/delivered/deployment';
import type { DeliveredTree } from '../../../src/inspect/delivered/tree';

function findingsIn(path: string, before: string | null, after: string | null): string[] {
  const statusIfBase = after === null ? 'deleted' : 'modified';
  const status = before === null ? 'added' : statusIfBase;
  const tree: DeliveredTree = {
    ...{ files: [{ path, status }], added: [], paths: [path], testCommand: [], isBuilt: false },
    after: new Map(after === null ? [] : [[path, after]]),
    before: new Map(before === null ? [] : [[path, before]]),
  };
  return deploymentIn(tree).map(({ what }) => what);
}

const COMPOSE = 'services:\n  db:\n    image: postgres:16\n    ports: ["127.0.0.1:5432:5432"]\n';
const POLICY = 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: db\n';
const IMAGE = 'FROM node:22-alpine\nCOPY src ./src\nRUN npm ci --omit=dev\nCMD ["node", "src/main.js"]\n';

test.each([
  ['a port that only the machine itself reached', 'compose.yaml', COMPOSE, COMPOSE.replace('127.0.0.1:', '')],
  ['a policy of a cluster that is deleted', 'deploy/db.yaml', POLICY, null],
  ['an older image', 'Dockerfile', IMAGE, IMAGE.replace('node:22', 'node:10')],
  ['another image', 'Dockerfile', IMAGE, IMAGE.replace('node:22', 'nodee:22')],
  ['another variant of an image', 'Dockerfile', IMAGE, IMAGE.replace('22-alpine', '22')],
  ['a step that does another thing', 'Dockerfile', IMAGE, IMAGE.replace('npm ci', 'npm install')],
  ['other access rights of a program', 'till.spec', '%files\n%attr(0755) /till\n', '%files\n%attr(4755) /till\n'],
  ['a user that a unit no longer has', 'till.service', '[Service]\nUser=till\n', '[Service]\n'],
])('%s is found', (_, path, before, after) => {
  expect(findingsIn(path, before, after)).toEqual([expect.stringMatching(/where it runs|no test runs: removed are "/)]);
});

test.each([
  ['a new file', 'Dockerfile', null, IMAGE],
  ['a newer image', 'Dockerfile', IMAGE, IMAGE.replace('node:22', 'node:24')],
  ['a newer service', 'compose.yaml', COMPOSE, COMPOSE.replace('postgres:16', 'postgres:17')],
  ['one more file in a step', 'Dockerfile', IMAGE, IMAGE.replace('COPY src', 'COPY src public')],
  ['one more line', 'Dockerfile', IMAGE, IMAGE.replace('CMD', 'EXPOSE 3000\nCMD')],
  ['a comment that goes', 'Dockerfile', `# the till\n${IMAGE}`, IMAGE],
  ['a document with a list', 'docs/db.yaml', 'a: 1\n', 'a: 2\n'],
  ['the version of the package', 'till.spec', 'Version: 1\n%files\n/till\n', 'Version: 2\n%files\n/till\n'],
])('%s is not found', (_, path, before, after) => {
  expect(findingsIn(path, before, after)).toEqual([]);
});

/**
 * The product's packages: allowed licences, the list of them, a lock file with a digest of each package, and CI's audit.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAllowed, PAGE, pageOf, readLock, runtimePackages } from './licences';

const AUDIT = join(__dirname, '../../.ci/audit');

test('every package of the runtime has a licence that is allowed', () => {
  const refused = runtimePackages(readLock()).filter(({ licence }) => !isAllowed(licence));
  expect(refused).toEqual([]);
});

test.each([
  ['GPL-3.0-only', false],
  ['MIT AND GPL-3.0-only', false],
  ['(GPL-3.0-only OR MIT)', true],
  ['Apache-2.0 AND MIT', true],
  ['none named', false],
])('%s is allowed: %s', (licence, allowed) => {
  expect(isAllowed(licence)).toBe(allowed);
});

test('docs/licences.md lists every package of the runtime as it is locked', () => {
  expect(readFileSync(PAGE, 'utf8')).toBe(pageOf(runtimePackages(readLock())));
});

test('the lock file has a sha512 of each package, and no package comes from elsewhere than the registry', () => {
  const packages = Object.entries(readLock().packages).filter(([path]) => path !== '');
  expect(packages.length).toBeGreaterThan(300);
  const without = packages.filter(([, { integrity, link }]) => link !== true && !/^sha512-/.test(integrity ?? ''));
  expect(without.map(([path]) => path)).toEqual([]);
  expect(packages.filter(([, locked]) => 'resolved' in locked)).toEqual([]);
});

describe('the audit of CI', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'q-audit-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** With an `npm` that answers so. */
  function audit(answer: string, code: number): { code: number; said: string } {
    writeFileSync(join(folder, 'npm'), `#!/bin/sh\nprintf '%s' '${answer}'\nexit ${code}\n`, { mode: 0o755 });
    const env = { ...process.env, PATH: `${folder}:${process.env.PATH}` };
    try {
      return { code: 0, said: execFileSync(AUDIT, { env, encoding: 'utf8' }) };
    } catch (error) {
      const { status, stdout } = error as { status: number; stdout: string };
      return { code: status, said: stdout };
    }
  }

  test('fails on a finding', () => {
    const found = '{"auditReportVersion":2,"vulnerabilities":{"left-pad":{"severity":"critical"}}}';
    expect(audit(found, 1)).toEqual({ code: 1, said: expect.stringContaining('left-pad') });
  });

  test('passes without one', () => {
    expect(audit('{"auditReportVersion":2,"vulnerabilities":{}}', 0)).toMatchObject({ code: 0 });
  });

  test('says that the registry gave no answer, and does not fail then', () => {
    expect(audit('{"message":"405 Method Not Allowed","error":{}}', 1)).toEqual({
      code: 0,
      said: expect.stringMatching(/^audit: not made: the registry .*405 Method Not Allowed/),
    });
  });
});

/**
 * Derives from a path what kind of text the file has: test, prose, settings, lock file. The kind decides how sure a rule must be. Pure.
 */
import { isWrittenLock } from '../packages/managers';

export interface Place {
  /** True for tests, which have made-up passwords. */
  isTest: boolean;
  isProse: boolean;
  /** True for settings, in which a value without quotes is a text, not an expression. */
  isSettings: boolean;
  /** True for lock files, in which a package manager writes digests and addresses. */
  isLock: boolean;
  isNetrc: boolean;
  /** True for `.pgpass`, in which each line ends in a password. */
  isPasswordList: boolean;
  /** The moment of the search. */
  nowMs: number;
}

const TEST =
  /(?:^|\/)(?:tests?|__tests__|__mocks__|specs?|e2e|fixtures?|testdata|mocks?)\/|[._-](?:test|spec)\.[a-z]+$|(?:^|\/)test_[^/]+\.py$|_test\.[a-z]+$|Tests?\.[a-z]+$/;
const PROSE = /\.(?:md|mdx|markdown|rst|adoc|txt)$/i;
const SETTINGS =
  /\.(?:ya?ml|properties|ini|cfg|conf|toml|env|json|json5|xml|config|netrc|tfvars)$|(?:^|\/)(?:\.env[^/]*|[._]?(?:netrc|npmrc|pypirc|pgpass|my\.cnf|s3cfg)|[^/]*Dockerfile[^/]*|Containerfile)$/i;
const LOCK = /(?:^|\/)(?:go\.sum|[^/]*\.lock|[^/]*-lock\.(?:json|ya?ml)|npm-shrinkwrap\.json|flake\.lock)$/;
const NETRC = /(?:^|\/)(?:[._]?netrc|\.?authinfo)$/;

export function placeOf(path: string): Omit<Place, 'nowMs'> {
  return {
    isTest: TEST.test(path),
    isProse: PROSE.test(path),
    isSettings: SETTINGS.test(path),
    isLock: LOCK.test(path) || isWrittenLock(path),
    isNetrc: NETRC.test(path),
    isPasswordList: /(?:^|\/)\.pgpass$/.test(path),
  };
}

/**
 * Finds files that are secrets by their names: private keys, key stores, password files.
 *
 * For a `.pem`, which may hold a certificate, and a `credentials.json`, which may hold texts of a page, the added lines decide.
 */
import type { AddedLine } from '../../ports/workspace';
import type { ChangedFile, SecretFinding } from '../../domain/gates/facts';
import { placeOf } from './places';

const SECRET_EVERYWHERE = /(?:^|\/)(?:id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?|[^/]+\.(?:ppk|kdbx))$/i;
/** Files that are secrets outside of tests: tests have their own key stores and user files. */
const OUTSIDE_OF_TESTS =
  /(?:^|\/)(?:[._]netrc|\.pgpass|\.git-credentials|\.my\.cnf|\.s3cfg|\.htpasswd|[^/]+\.(?:p12|pfx|jks|keystore))$/i;
const PEM = /\.(?:pem|key)$/i;
const OPEN_BLOCK = /-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}(?:CERTIFICATE|PUBLIC KEY|PARAMETERS|CRL|REQUEST)/;
const CREDENTIALS =
  /(?:^|\/)(?:\.aws\/credentials|(?:[\w.-]*[-_.])?(?:credentials|service[-_]account|client_secrets?)\.json)$/i;
const HOLDS_SECRET =
  /"(?:private_key|client_secret|refresh_token|password|secret|aws_secret_access_key)"\s{0,8}:\s{0,8}"[^"<${\s][^"]{7,}"/;

export function scanFiles(files: ChangedFile[], lines: AddedLine[]): SecretFinding[] {
  const suspect = files.filter(({ path, status }) => status !== 'deleted' && ruleFor(path) !== undefined);
  return suspect.flatMap(({ path }) => {
    const { rule, isSure } = ruleFor(path) ?? { rule: '', isSure: false };
    const isHeld = isSure || isHeldByContent(path, lines);
    return isHeld ? [{ path, line: 1, rule, of: 'file' as const }] : [];
  });
}

function ruleFor(path: string): { rule: string; isSure: boolean } | undefined {
  if (SECRET_EVERYWHERE.test(path)) return { rule: 'the name of a file of secrets', isSure: true };
  const { isTest } = placeOf(path);
  if (!isTest && OUTSIDE_OF_TESTS.test(path)) return { rule: 'the name of a file of secrets', isSure: true };
  if (!isTest && PEM.test(path)) return { rule: 'a key file', isSure: false };
  return !isTest && CREDENTIALS.test(path) ? { rule: 'a file of credentials', isSure: false } : undefined;
}

function isHeldByContent(path: string, lines: AddedLine[]): boolean {
  const own = lines.filter((line) => line.path === path).map(({ text }) => text);
  if (CREDENTIALS.test(path)) return own.some((text) => HOLDS_SECRET.test(text.slice(0, 4_000)));
  // A key in binary form has no block. A `.key` of Keynote is an archive, which begins with `PK`.
  const [first = 'PK'] = own;
  return !first.startsWith('PK') && !own.some((text) => text.includes('-----BEGIN') || OPEN_BLOCK.test(text));
}

/**
 * Warns at the start where the API accepts all callers, or none.
 */
import { readTokens, tokenFileIn } from '../adapters/access/token-file';
import type { Access } from '../ports/access';
import type { Config } from './config';

const REMEDY = '`npx qo token create --name <name> --rights admin` makes one';

/** Throws where the token file cannot be read, so that the start fails, not each call. */
export async function warnOfAccess(
  access: Access,
  { access: { firstTokenFile, oidc }, dataDir, host }: Pick<Config, 'access' | 'dataDir' | 'host'>,
  say: (line: string) => void,
): Promise<void> {
  const hasTokens = (await readTokens(tokenFileIn(dataDir))).length > 0;
  if (!(await access.requiresToken()))
    say(`no token exists, so every program of this machine may do everything; ${REMEDY}, and then each call needs one`);
  else if (!hasTokens && firstTokenFile === undefined && oidc === undefined)
    say(`HOST=${host} can be reached from outside and no token exists, so every call is refused; ${REMEDY}`);
}

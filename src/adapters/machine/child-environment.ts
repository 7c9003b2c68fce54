/**
 * Selects the environment variables that the worker passes to the programs it starts: paths, languages, proxies, certificates and
 * settings of package managers. Keys of models, tokens and all variables that are not listed here are left out. Pure functions.
 */
import { isSecretName } from '../../inspect/secrets/secret-names';

const PASSED_NAMES = new RegExp(
  `^(?:${[
    'PATH|HOME|USER|LOGNAME|SHELL|TERM|TZ|PWD|TMPDIR|LANG|LANGUAGE|LC_[A-Z]+|XDG_[A-Z_]+|CI|NO_COLOR|FORCE_COLOR',
    '(?:HTTPS?|ALL|NO|FTP)_PROXY|(?:https?|all|no|ftp)_proxy',
    'SSL_CERT_FILE|SSL_CERT_DIR|NODE_EXTRA_CA_CERTS|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|GIT_SSL_CAINFO|AWS_CA_BUNDLE',
    'PIP_\\w+|UV_\\w+|POETRY_\\w+|PDM_\\w+|YARN_\\w+|PNPM_\\w+|COREPACK_\\w+|(?:npm_config|NPM_CONFIG)_\\w+|NODE_OPTIONS',
    'GO[A-Z0-9]{2,}|CGO_\\w+|CARGO_\\w+|RUSTUP_\\w+|JAVA_\\w+|MAVEN_\\w+|M2_HOME|GRADLE_\\w+|SDKMAN_DIR|DOTNET_\\w+|GEM_\\w+',
    'PYENV_\\w+|NVM_DIR|ASDF_\\w+|VOLTA_HOME|FNM_DIR|BUN_INSTALL|DENO_DIR|ANDROID_HOME|LD_LIBRARY_PATH|NIX_\\w+|SWC_\\w+',
  ].join('|')})$`,
);

export function childEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const passedEntries = Object.entries(env).filter(([name, value]) => value !== undefined && isForChildren(name));
  return Object.fromEntries(passedEntries) as Record<string, string>;
}

export function isForChildren(name: string): boolean {
  return PASSED_NAMES.test(name) && !isSecretName(name);
}

/**
 * Decides which files are searched for harmful lines, and by which rules: sources, commands, SQL, pages, settings.
 * Documents and CI files are not searched. Tests and tools are searched for actions on the machine and a few other
 * harms only. Pure.
 */
import type { TestConventions } from '../../domain/files';
import { isCiPath, isTestPath } from '../../domain/files';
import { isSearched } from '../asks/asked-files';
import { syntaxOf } from '../asks/code-view';

export type HarmKind = 'source' | 'commands' | 'image' | 'sql' | 'page' | 'style' | 'settings' | 'test';

const EXCLUDED_FOLDER =
  /(^|\/)(node_modules|vendor|third_party|\.venv|site-packages|docs?|examples?|fixtures?|testdata|bench(?:marks?)?)\//;
const KINDS: ReadonlyArray<readonly [RegExp, HarmKind]> = [
  [/\.sql$/i, 'sql'],
  [/\.(?:x?html?|ejs|hbs|handlebars|mustache|liquid|njk|jinja2?|j2|erb|twig|phtml|cshtml|jsp|tmpl|gohtml)$/i, 'page'],
  [/\.(?:css|s[ac]ss|less|styl)$/i, 'style'],
  [/(^|\/)(?:Dockerfile|Containerfile)(?:\.[^/]+)?$|\.dockerfile$/i, 'image'],
  [
    /\.(?:sh|bash|zsh|ksh|service|spec|install)$|(^|\/)(?:pre|post)(?:inst|rm)$|\.(?:pre|post)(?:inst|rm)$|(^|\/)(?:GNUm|M|m)akefile$|\.mk$|(^|\/)[jJ]ustfile$|(^|\/)\.env(?:\.[\w.-]+)?$|(^|\/)package\.json$|(^|\/)[\w.-]*compose[\w.-]*\.ya?ml$/,
    'commands',
  ],
];

/** Settings, manifests and deployment descriptions. A few rules read them, and so do the rules for changed rows. */
const SETTINGS =
  /\.(?:ya?ml|json|toml|ini|cfg|conf|cnf|properties|xml|csproj|fsproj|props|tf|hcl|env|gradle|gemspec|rules)$|(^|\/)(?:go\.(?:mod|work)|Gemfile|Procfile|Caddyfile|Pipfile|\.(?:nvmrc|node-version|python-version|ruby-version|tool-versions|java-version|htaccess)|rust-toolchain|sshd?_config)$/i;
const LOCK_FILE = /(^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|[^/]*[.-]lock(?:\.ya?ml|\.json)?)$|(^|\/)go\.sum$/;

/** True for sources and shell scripts, which can act on the machine that runs the tests. */
function isCode(path: string): boolean {
  return syntaxOf(path) !== undefined || /\.(?:sh|bash|zsh|bats)$/.test(path);
}

function isSetting(path: string): boolean {
  return SETTINGS.test(path) && !LOCK_FILE.test(path);
}

export function harmKindOf(path: string, runners: Pick<TestConventions, 'protects'>): HarmKind | undefined {
  if (isSearched(path, runners)) return 'source';
  if (EXCLUDED_FOLDER.test(path) || isCiPath(path)) return undefined;
  if (isTestPath(path)) return isCode(path) ? 'test' : undefined;
  const [, kind] = KINDS.find(([files]) => files.test(path)) ?? [];
  if (kind !== undefined) return kind;
  if (isSetting(path)) return 'settings';
  return isCode(path) ? 'test' : undefined;
}

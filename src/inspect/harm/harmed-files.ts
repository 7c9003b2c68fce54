/**
 * Decides which files are searched for harmful lines, and by which rules: sources, commands, SQL, pages, settings.
 * Documents and CI are not searched; in tests and tools only actions on the machine are. Pure.
 */
import type { TestConventions } from '../../domain/files';
import { isCiPath, isTestPath } from '../../domain/files';
import { isSearched } from '../asks/asked-files';
import { syntaxOf } from '../asks/code-view';

export type HarmKind = 'source' | 'commands' | 'image' | 'sql' | 'page' | 'style' | 'settings' | 'test';

const EXCLUDED =
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

/** Settings, manifests and deployment descriptions. Few rules read them, and the rules for alterations. */
const SETTINGS =
  /\.(?:ya?ml|json|toml|ini|cfg|conf|cnf|properties|xml|csproj|fsproj|props|tf|hcl|env|gradle|gemspec|rules)$|(^|\/)(?:go\.(?:mod|work)|Gemfile|Procfile|Caddyfile|Pipfile|\.(?:nvmrc|node-version|python-version|ruby-version|tool-versions|java-version|htaccess)|rust-toolchain|sshd?_config)$/i;
const LOCK = /(^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|[^/]*[.-]lock(?:\.ya?ml|\.json)?)$|(^|\/)go\.sum$/;

/** True for files that run on the machine of the tests. */
function isCode(path: string): boolean {
  return syntaxOf(path) !== undefined || /\.(?:sh|bash|zsh|bats)$/.test(path);
}

function isSetting(path: string): boolean {
  return SETTINGS.test(path) && !LOCK.test(path);
}

export function harmKindOf(path: string, runners: Pick<TestConventions, 'protects'>): HarmKind | undefined {
  if (isSearched(path, runners)) return 'source';
  if (EXCLUDED.test(path) || isCiPath(path)) return undefined;
  if (isTestPath(path)) return isCode(path) ? 'test' : undefined;
  return (
    KINDS.find(([files]) => files.test(path))?.[1] ?? (isSetting(path) ? 'settings' : isCode(path) ? 'test' : undefined)
  );
}

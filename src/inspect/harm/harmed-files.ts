/**
 * Which files are searched for harmful lines, and as what: sources, commands, SQL, pages. Tests, documents and CI are not. Pure.
 */
import type { TestConventions } from '../../domain/files';
import { isCiPath, isTestPath } from '../../domain/files';
import { isAsked } from '../asks/asked-files';

export type HarmKind = 'source' | 'commands' | 'image' | 'sql' | 'page';

const FOREIGN =
  /(^|\/)(node_modules|vendor|third_party|\.venv|site-packages|docs?|examples?|fixtures?|testdata|bench(?:marks?)?)\//;
const KINDS: ReadonlyArray<readonly [RegExp, HarmKind]> = [
  [/\.sql$/i, 'sql'],
  [/\.(?:x?html?|ejs|hbs|handlebars|mustache|liquid|njk|jinja2?|j2|erb|twig|phtml|cshtml|jsp|tmpl|gohtml)$/i, 'page'],
  [/(^|\/)(?:Dockerfile|Containerfile)(?:\.[^/]+)?$|\.dockerfile$/i, 'image'],
  [
    /\.(?:sh|bash|zsh|ksh|service|spec|install)$|(^|\/)(?:pre|post)(?:inst|rm)$|\.(?:pre|post)(?:inst|rm)$|(^|\/)(?:GNUm|M|m)akefile$|\.mk$|(^|\/)[jJ]ustfile$|(^|\/)\.env(?:\.[\w.-]+)?$|(^|\/)package\.json$|(^|\/)[\w.-]*compose[\w.-]*\.ya?ml$/,
    'commands',
  ],
];

/** Settings, manifests and descriptions of what is deployed: they are judged by what a change alters in them. */
const SETTINGS =
  /\.(?:ya?ml|json|toml|ini|cfg|conf|cnf|properties|xml|csproj|fsproj|props|tf|hcl|env|gradle|gemspec)$|(^|\/)(?:go\.(?:mod|work)|Gemfile|Procfile|Caddyfile|Pipfile|\.(?:nvmrc|node-version|python-version|ruby-version|tool-versions|java-version|htaccess)|rust-toolchain|sshd?_config)$/i;
const LOCK = /(^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|[^/]*[.-]lock(?:\.ya?ml|\.json)?)$|(^|\/)go\.sum$/;

/** Whether what a change alters in the file is looked at. */
export function isAlterable(path: string, runners: Pick<TestConventions, 'protects'>): boolean {
  if (harmKindOf(path, runners) !== undefined) return true;
  if (FOREIGN.test(path) || isCiPath(path) || isTestPath(path) || LOCK.test(path)) return false;
  return SETTINGS.test(path);
}

export function harmKindOf(path: string, runners: Pick<TestConventions, 'protects'>): HarmKind | undefined {
  if (isAsked(path, runners)) return 'source';
  if (FOREIGN.test(path) || isCiPath(path) || isTestPath(path)) return undefined;
  return KINDS.find(([files]) => files.test(path))?.[1];
}

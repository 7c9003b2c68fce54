/**
 * Lists the kinds of set-up files, which set up, guard or check the product in production: how a file is recognized, and the words
 * by which a request or plan mentions it. Pure.
 */
import { isCiPath } from '../../../domain/files';
import { folderOf } from '../../judges/resolve';
import { isForTests, linesOf } from '../tree';
import type { DeliveredTree } from '../tree';

export interface SetUpKind {
  name: 'image' | 'compose' | 'cluster' | 'proxy' | 'policy' | 'infrastructure' | 'unit' | 'make' | 'pipeline';
  /** Completes the sentence "is a file ...". */
  does: string;
  /** Words by which a request or plan mentions such files. */
  words: RegExp;
}

interface RecognizedKind extends SetUpKind {
  path: RegExp;
  /** Patterns that the text must match, if the path alone is not enough. */
  text?: readonly RegExp[];
}

/** Words that mention several kinds at once. */
const RELEASE_WORDS = 'deploy(?:ment|ments|s|ed|ing)?|infrastructure|goes live|roll-?out|hosting';
const wordsPattern = (own: string): RegExp => new RegExp(`\\b(?:${own})\\b`, 'i');

const BY_PATH: readonly RecognizedKind[] = [
  {
    name: 'image',
    does: 'that makes an image',
    words: wordsPattern(`(?:docker|container)[ -]?files?|docker|images?|containers?|podman|${RELEASE_WORDS}`),
    path: /(^|\/)(?:Dockerfile|Containerfile)(?:[.-][^/]+)?$|\.(?:dockerfile|containerfile)$|(^|\/)docker-bake\.(?:hcl|json)$/i,
  },
  {
    name: 'compose',
    does: 'that starts containers',
    words: wordsPattern(`(?:docker[ -]?)?compose|docker|containers?|${RELEASE_WORDS}`),
    path: /(^|\/)[\w.-]*compose[\w.-]*\.ya?ml$/i,
  },
  {
    name: 'proxy',
    does: 'of a proxy or a gateway',
    words: wordsPattern(
      `(?:reverse )?prox(?:y|ies)|gateways?|nginx|caddy|traefik|envoy|apache|httpd|haproxy|varnish|ingress|${RELEASE_WORDS}`,
    ),
    path: /(^|\/)(?:nginx[^/]*\.conf|Caddyfile|httpd[^/]*\.conf|apache2?[^/]*\.conf|haproxy[^/]*\.cfg|(?:traefik|envoy|kong|krakend)[^/]*\.(?:ya?ml|toml|json)|[^/]+\.vcl|\.htaccess|_headers|_redirects)$|(^|\/)(?:nginx|caddy|traefik|envoy|sites-(?:available|enabled))\/[^/]+$/i,
  },
  {
    name: 'policy',
    does: 'by which later changes and packages are judged',
    words: wordsPattern(
      'audits?|audit[ -]lists?|dependabot|renovate|cargo[ -]deny|deny\\.toml|polic(?:y|ies)|advisor(?:y|ies)|vulnerabilit(?:y|ies)|scanners?|linters?',
    ),
    path: /(^|\/)(?:deny\.toml|audit\.toml|\.nsprc|audit-ci\.jsonc?|\.auditrc(?:\.json)?|\.snyk|osv-scanner\.toml|\.trivyignore(?:\.ya?ml)?|\.grype\.ya?ml|\.pip-audit[^/]*|\.safety-policy\.ya?ml|\.?renovate(?:rc)?(?:\.json5?)?|dependabot\.ya?ml|\.gitleaks\.toml|\.gitleaksignore|\.semgrepignore|\.hadolint\.ya?ml|\.pre-commit-config\.ya?ml|lefthook\.ya?ml|\.mergify\.ya?ml|sonar-project\.properties|dependency-check[^/]*\.xml)$|(^|\/)\.husky\/[^/.][^/]*$/i,
  },
  {
    name: 'infrastructure',
    does: 'that sets up machines and services',
    words: wordsPattern(`terraform|bicep|cloudformation|pulumi|ansible|serverless|lambda|cloud|${RELEASE_WORDS}`),
    path: /\.(?:tf|tfvars|bicep)$|(^|\/)(?:serverless|Pulumi(?:\.[\w-]+)?)\.ya?ml$/i,
  },
  {
    name: 'infrastructure',
    does: 'that sets up machines and services',
    words: wordsPattern(`cloudformation|cloud|${RELEASE_WORDS}`),
    path: /\.(?:ya?ml|json|template)$/i,
    text: [/^\s{0,4}"?AWSTemplateFormatVersion"?\s{0,3}:/m],
  },
  {
    name: 'unit',
    does: 'that says how the product is started',
    words: wordsPattern(
      `systemd|procfile|supervisord?|cron(?:tab)?|timers?|fly\\.io|render\\.com|vercel|netlify|nomad|${RELEASE_WORDS}`,
    ),
    path: /(^|\/)(?:Procfile(?:\.[^/]+)?|fly(?:\.[\w-]+)?\.toml|render\.yaml|vercel\.json|netlify\.toml|app\.yaml|supervisord?[^/]*\.conf|crontab|ecosystem\.config\.[cm]?js)$|\.(?:service|socket|timer|nomad)$/i,
  },
  {
    name: 'unit',
    does: 'with variables of the place where it runs',
    words: wordsPattern(
      `env(?:ironment)? ?(?:files?|variables?)|\\.env|settings?|configurations?|switch(?:es)?|${RELEASE_WORDS}`,
    ),
    path: /(^|\/)\.env(?:\.(?:prod|production|live|release))?$|(^|\/)(?:prod|production|live)\.env$/i,
  },
  {
    name: 'cluster',
    does: 'that sets up a cluster',
    words: wordsPattern(`clusters?|kubernetes|k8s|helm|charts?|kustomiz(?:e|ation)|pods?|${RELEASE_WORDS}`),
    path: /(^|\/)(?:values[\w.-]*\.ya?ml|kustomization\.ya?ml|Chart\.ya?ml)$|(^|\/)charts?\/.{1,200}\.(?:ya?ml|tpl)$/i,
  },
  {
    name: 'cluster',
    does: 'that sets up a cluster',
    words: wordsPattern(`clusters?|kubernetes|k8s|helm|charts?|pods?|${RELEASE_WORDS}`),
    path: /\.(?:ya?ml|json)$/i,
    text: [/^\s{0,2}"?apiVersion"?\s{0,3}:/m, /^\s{0,2}"?kind"?\s{0,3}:/m],
  },
];

const MAKE: SetUpKind = {
  name: 'make',
  does: 'that make takes in by itself',
  words: wordsPattern('makefiles?|make files?|build settings'),
};
const PIPELINE: SetUpKind = {
  name: 'pipeline',
  does: 'that the pipeline runs',
  words: wordsPattern('pipelines?|CI|workflows?|continuous integration|build scripts?'),
};

/** Folders whose files never go live. */
const NEVER_LIVE = /(^|\/)(?:examples?|samples?|docs?|node_modules|vendor|third_party)\//;
const MAKEFILE = /(^|\/)(?:GNUm|[mM])akefile$|\.mk$/;
const SCRIPT = /\.(?:sh|bash|zsh|ps1|cmd|bat)$/i;
const PIPELINE_FOLDER = /(^|\/)\.?(?:ci|buildkite|circleci|gitlab|jenkins|travis)\//i;

/**
 * Returns the kind of a file; undefined for all other files. The gate `tampering` checks the files of CI themselves.
 */
export function kindOfSetUp(tree: DeliveredTree, path: string): SetUpKind | undefined {
  if (isCiPath(path) || NEVER_LIVE.test(path)) return undefined;
  // A script that the pipeline runs counts in a test folder, too.
  if (isOfPipeline(tree, path)) return PIPELINE;
  if (isForTests(path)) return undefined;
  return ownKind(tree, path) ?? (isIncluded(tree, path) ? MAKE : undefined);
}

/** Returns the kind by the file's own name and text alone. */
export function ownKind({ after, before }: DeliveredTree, path: string): SetUpKind | undefined {
  const text = after.get(path) ?? before.get(path) ?? '';
  return BY_PATH.find((one) => one.path.test(path) && (one.text ?? []).every((sign) => sign.test(text)));
}

/** True if the name alone shows that the file sets something up. */
export function isNamedSetUp(path: string): boolean {
  return (
    /(^|\/)(?:CODEOWNERS|\.gitattributes)$/.test(path) ||
    BY_PATH.some((one) => one.text === undefined && one.path.test(path))
  );
}

/** True if an untouched Makefile includes the file: `-include config.mk`. */
function isIncluded(tree: DeliveredTree, path: string): boolean {
  if (MAKEFILE.test(path) && !path.endsWith('.mk')) return false;
  return includesOf(tree).some(({ folder, names }) => {
    if (!path.startsWith(folder)) return false;
    const own = path.slice(folder.length).replace(/^\//, '');
    return names.some((name) => name.replace(/^\.\//, '') === own || isWildcard(name, own));
  });
}

/** What one Makefile includes, by names relative to its folder. */
interface Includes {
  folder: string;
  names: string[];
}

const INCLUDES = new WeakMap<DeliveredTree['after'], Includes[]>();

/** The includes of the Makefiles that the change leaves alone. They are read once for a tree: each changed file asks for them. */
function includesOf({ files, after }: DeliveredTree): Includes[] {
  const known = INCLUDES.get(after);
  if (known !== undefined) return known;
  const changed = new Set(files.map((one) => one.path));
  const makers = [...after].filter(([maker]) => MAKEFILE.test(maker) && !changed.has(maker));
  const includes = makers.map(([maker, text]) => ({
    folder: folderOf(maker),
    names: linesOf(text).flatMap((line) => /^[-s]?include\s+(.{1,400})$/.exec(line)?.[1]?.split(/\s+/) ?? []),
  }));
  INCLUDES.set(after, includes);
  return includes;
}

function isWildcard(name: string, own: string): boolean {
  const [, head, tail] = /^(?:\$\(wildcard\s?)?([^*]{0,200})\*([^*)]{0,200})\)?$/.exec(name) ?? [];
  return head !== undefined && own.startsWith(head) && own.endsWith(tail ?? '');
}

function isOfPipeline({ after }: DeliveredTree, path: string): boolean {
  const isScript = SCRIPT.test(path) || /^(?:.*\/)?\.?ci\/[^/.]+$/.test(path);
  if (!isScript) return false;
  return PIPELINE_FOLDER.test(path) || [...after].some(([file, text]) => isCiPath(file) && text.includes(path));
}

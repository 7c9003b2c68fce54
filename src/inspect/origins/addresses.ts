/**
 * Recognizes addresses of public registries, and paths that lead out of the repository. Pure.
 */

/** Hosts and path prefixes of each ecosystem's public registry. */
const REGISTRIES = {
  npm: ['registry.npmjs.org/', 'registry.yarnpkg.com/', 'registry.npmjs.com/'],
  jsr: ['npm.jsr.io/', 'jsr.io/'],
  pypi: ['pypi.org/', 'files.pythonhosted.org/', 'pypi.python.org/'],
  conda: ['conda.anaconda.org/conda-forge/', 'repo.anaconda.com/pkgs/'],
  cargo: ['index.crates.io/', 'static.crates.io/', 'crates.io/', 'github.com/rust-lang/crates.io-index'],
  maven: ['repo.maven.apache.org/maven2', 'repo1.maven.org/maven2', 'plugins.gradle.org/m2', 'maven.google.com'],
  gradle: ['services.gradle.org/distributions/', 'downloads.gradle.org/distributions/'],
  rubygems: ['rubygems.org', 'index.rubygems.org'],
  packagist: ['packagist.org', 'repo.packagist.org', 'api.github.com/repos/', 'github.com/'],
  go: ['proxy.golang.org', 'sum.golang.org', 'goproxy.io'],
} as const;
export type Registry = keyof typeof REGISTRIES;

/** Hosts where anyone can store files: using one address on such a host does not make others trusted. */
const SHARED_HOST =
  /(^|\.)(github\.com|githubusercontent\.com|github\.io|gitlab\.com|gitlab\.io|bitbucket\.org|codeberg\.org|sourceforge\.net|amazonaws\.com|cloudfront\.net|storage\.googleapis\.com|blob\.core\.windows\.net|jsdelivr\.net|unpkg\.com|pages\.dev|vercel\.app|netlify\.app|ngrok\.io|ngrok-free\.app)$/;

/** True for an address of the registry itself, with TLS and without user and port. */
export function isOfRegistry(address: string, ...registries: Registry[]): boolean {
  const url = parseAddress(address);
  if (url === undefined || url.protocol !== 'https:' || url.username !== '' || url.port !== '') return false;
  const place = `${url.host}${url.pathname}`;
  const ends = (prefix: string): boolean => prefix.endsWith('/') || /^([/.]|$)/.test(place.slice(prefix.length));
  return registries.some((name) => REGISTRIES[name].some((prefix) => place.startsWith(prefix) && ends(prefix)));
}

/** Returns `host:port` of each address in the text, except shared hosts. */
export function ownHosts(text: string): ReadonlySet<string> {
  const hosts = [...text.matchAll(/\bhttps?:\/\/[^\s"'<>,)}\]]{1,500}/g)].map(([address]) => hostOf(address));
  return new Set(hosts.filter((host): host is string => host !== undefined && !SHARED_HOST.test(host)));
}

export function hostOf(address: string): string | undefined {
  return parseAddress(address)?.host;
}

/** True for an address of this machine, as in a health check or a development server. */
export function isLoopback(address: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\]|0\.0\.0\.0)$/.test(parseAddress(address)?.hostname ?? '');
}

/** True if a path is absolute, or leads out of the repository from the folder of `manifest`. */
export function leavesRepository(manifest: string, target: string): boolean {
  if (/^([/~\\]|[A-Za-z]:)|\$/.test(target)) return true;
  let depth = manifest.split('/').length - 1;
  for (const part of target.split('/')) {
    if (part === '..') depth -= 1;
    else if (part !== '' && part !== '.') depth += 1;
    if (depth < 0) return true;
  }
  return false;
}

function parseAddress(address: string): URL | undefined {
  try {
    return new URL(address.replace(/^(git|sparse|registry)\+/, ''));
  } catch {
    return undefined;
  }
}

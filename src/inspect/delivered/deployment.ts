/**
 * Finds removed or altered lines in files that set up the product where it runs: images, compose files, cluster
 * manifests, systemd units, packages. No test runs these lines. Pure.
 */
import type { DeliveredFact } from '../../domain/delivered';
import { rowsOf } from './set-up/rows';
import type { DeliveredTree } from './tree';

const DEPLOYMENT_NAME =
  /(^|\/)(?:(?:Dockerfile|Containerfile)(?:\.[^/]+)?|[\w.-]*\.dockerfile|[\w.-]*compose[\w.-]*\.ya?ml|Procfile|fly\.toml|render\.yaml|vercel\.json|netlify\.toml|app\.ya?ml|serverless\.ya?ml|values[\w.-]*\.ya?ml|nginx[^/]*\.conf|Caddyfile|httpd[^/]*\.conf)$|\.(?:tf|service|socket|timer|nomad)$/i;
const CLUSTER = /^apiVersion:\s/m;
const KIND = /^kind:\s/m;
/** A section of an RPM spec file. */
const RPM_SECTION = /^%(?:files|install)\b/m;
/** Lines that docker joins with a backslash count as one line. */
const ROW_OPTIONS = { name: 'image' } as const;
const MAX_LINES_SHOWN = 3;
const MAX_LINE_CHARS = 160;

export function deploymentIn({ files, before, after }: DeliveredTree): DeliveredFact[] {
  return files.flatMap(({ path, status }): DeliveredFact[] => {
    const former = before.get(path) ?? '';
    if (status === 'added' || !isDeployment(path, former)) return [];
    if (status === 'deleted') return [fact(path, null, 'said how the product is set up where it runs, and is deleted')];
    const [old, rows] = [rowsOf(former, ROW_OPTIONS), rowsOf(after.get(path) ?? '', ROW_OPTIONS)];
    const now = rows.map(({ text }) => text);
    const known = new Set(now);
    const gone = old
      .map(({ text }) => text)
      .filter((text) => isSetUpLine(text) && !known.has(text) && !isHarmlessRemoval(text, now));
    if (gone.length === 0) return [];
    const shown = gone.slice(0, MAX_LINES_SHOWN).map((text) => JSON.stringify(text.slice(0, MAX_LINE_CHARS)));
    const more = gone.length > shown.length ? ` and ${gone.length - shown.length} more lines` : '';
    const first = rows.find(({ text }) => isSetUpLine(text) && !old.some((one) => one.text === text));
    const what = `sets up what goes live in another way than before, which no test runs: removed are ${shown.join(', ')}${more}`;
    return [fact(path, first?.line ?? null, what)];
  });
}

function fact(path: string, line: number | null, what: string): DeliveredFact {
  return { path, line, what, text: '', isWhole: true };
}

/** True for a file that sets up the product, by its name or its content. */
export function isDeployment(path: string, text: string): boolean {
  if (DEPLOYMENT_NAME.test(path)) return true;
  if (/\.ya?ml$/i.test(path)) return CLUSTER.test(text) && KIND.test(text);
  return /\.spec$/i.test(path) && RPM_SECTION.test(text);
}

/** False for labels and version lines, which do not change how the product runs. */
function isSetUpLine(text: string): boolean {
  return !/^(?:LABEL\b|MAINTAINER\b|Version:|Release:|version:|appVersion:)/i.test(text);
}

const IMAGE = /^(\s*(?:FROM\s+(?:--platform=\S+\s+)?|image:\s*["']?))([\w./-]+?):v?(\d+(?:\.\d+){0,3})([\w.-]*)(.*)$/i;

/**
 * True if a removed line was replaced by a newer version of the same image, or by a step with more files or packages.
 */
export function isHarmlessRemoval(line: string, now: readonly string[]): boolean {
  const [, start = '', image, version = '', variant, rest] = IMAGE.exec(line) ?? [];
  if (image !== undefined)
    return now.some((other) => {
      const newer = IMAGE.exec(other);
      return (
        newer !== null &&
        newer[1]?.trim().toLowerCase() === start.trim().toLowerCase() &&
        newer[2] === image &&
        newer[4] === variant &&
        newer[5] === rest &&
        /** True if version `after` is equal to or above `before`; both are numbers with dots. */
        isNewer(version, newer[3] ?? '')
      );
    });
  const words = line.trim().split(/\s+/);
  if (!/^(?:COPY|ADD)$/i.test(words[0] ?? '') && !/\b(?:apt-get|apk|npm|pip)\b/.test(line)) return false;
  return now.some((other) => {
    const all = new Set(other.trim().split(/\s+/));
    return other.trim().startsWith(words[0] ?? '') && words.every((word) => all.has(word));
  });
}

export function isNewer(before: string, after: string): boolean {
  const [old, now] = [before, after].map((text) => text.split('.').map(Number));
  for (let at = 0; at < Math.max(old?.length ?? 0, now?.length ?? 0); at += 1) {
    const difference = (now?.[at] ?? 0) - (old?.[at] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

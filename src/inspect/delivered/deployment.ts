/**
 * Files that say how the product is set up where it runs: images, compose files, manifests of clusters, units, packages. Lines that
 * were there and are gone, or read otherwise, change what goes live, and no test runs them. Pure.
 */
import type { DeliveredFact } from '../../domain/delivered';
import { rowsOf } from './set-up/rows';
import type { DeliveredTree } from './tree';

const BY_NAME =
  /(^|\/)(?:(?:Dockerfile|Containerfile)(?:\.[^/]+)?|[\w.-]*\.dockerfile|[\w.-]*compose[\w.-]*\.ya?ml|Procfile|fly\.toml|render\.yaml|vercel\.json|netlify\.toml|app\.ya?ml|serverless\.ya?ml|values[\w.-]*\.ya?ml|nginx[^/]*\.conf|Caddyfile|httpd[^/]*\.conf)$|\.(?:tf|service|socket|timer|nomad)$/i;
const CLUSTER = /^apiVersion:\s/m;
const KIND = /^kind:\s/m;
/** Of an RPM. */
const PACKAGE = /^%(?:files|install)\b/m;
/** Lines that docker and make join are one. */
const ROWS = { name: 'image' } as const;
const LINES_TOLD = 3;
const LINE_CHARS = 160;

export function deploymentIn({ files, before, after }: DeliveredTree): DeliveredFact[] {
  return files.flatMap(({ path, status }): DeliveredFact[] => {
    const former = before.get(path) ?? '';
    if (status === 'added' || !isDeployment(path, former)) return [];
    if (status === 'deleted') return [fact(path, null, 'said how the product is set up where it runs, and is deleted')];
    const [old, rows] = [rowsOf(former, ROWS), rowsOf(after.get(path) ?? '', ROWS)];
    const now = rows.map(({ text }) => text);
    const known = new Set(now);
    const gone = old
      .map(({ text }) => text)
      .filter((text) => isSaid(text) && !known.has(text) && !isGoneFine(text, now));
    if (gone.length === 0) return [];
    const told = gone.slice(0, LINES_TOLD).map((text) => JSON.stringify(text.slice(0, LINE_CHARS)));
    const more = gone.length > told.length ? ` and ${gone.length - told.length} more lines` : '';
    const first = rows.find(({ text }) => isSaid(text) && !old.some((one) => one.text === text));
    const what = `sets up what goes live in another way than before, which no test runs: gone are ${told.join(', ')}${more}`;
    return [fact(path, first?.line ?? null, what)];
  });
}

function fact(path: string, line: number | null, what: string): DeliveredFact {
  return { path, line, what, text: '', isWhole: true };
}

export function isDeployment(path: string, text: string): boolean {
  if (BY_NAME.test(path)) return true;
  if (/\.ya?ml$/i.test(path)) return CLUSTER.test(text) && KIND.test(text);
  return /\.spec$/i.test(path) && PACKAGE.test(text);
}

/** No word about the product itself. */
function isSaid(text: string): boolean {
  return !/^(?:LABEL\b|MAINTAINER\b|Version:|Release:|version:|appVersion:)/i.test(text);
}

const IMAGE = /^(\s*(?:FROM\s+(?:--platform=\S+\s+)?|image:\s*["']?))([\w./-]+?):v?(\d+(?:\.\d+){0,3})([\w.-]*)(.*)$/i;

/** The same image in a newer version, and a step that names more files or packages than before. */
export function isGoneFine(line: string, now: readonly string[]): boolean {
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

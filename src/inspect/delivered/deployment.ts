/**
 * Finds removed or altered lines in deployment files, which set up the product where it runs: images, compose files, cluster
 * manifests, systemd units, packages. No test runs these lines. Pure.
 */
import type { DeliveredFact } from '../../domain/delivered';
import { rowsOf } from './set-up/rows';
import type { DeliveredTree } from './tree';

const DEPLOYMENT_NAME =
  /(^|\/)(?:(?:Dockerfile|Containerfile)(?:\.[^/]+)?|[\w.-]*\.dockerfile|[\w.-]*compose[\w.-]*\.ya?ml|Procfile|fly\.toml|render\.yaml|vercel\.json|netlify\.toml|app\.ya?ml|serverless\.ya?ml|values[\w.-]*\.ya?ml|nginx[^/]*\.conf|Caddyfile|httpd[^/]*\.conf)$|\.(?:tf|service|socket|timer|nomad)$/i;
const API_VERSION_LINE = /^apiVersion:\s/m;
const KIND_LINE = /^kind:\s/m;
/** A section of an RPM spec file. */
const RPM_SECTION = /^%(?:files|install)\b/m;
/** Reads all these files like an image: lines that a backslash joins count as one row. */
const ROW_OPTIONS = { name: 'image' } as const;
const MAX_LINES_SHOWN = 3;
const MAX_LINE_CHARS = 160;

export function deploymentIn({ files, before, after }: DeliveredTree): DeliveredFact[] {
  return files.flatMap(({ path, status }): DeliveredFact[] => {
    const textBefore = before.get(path) ?? '';
    if (status === 'added' || !isDeployment(path, textBefore)) return [];
    if (status === 'deleted')
      return [factOf(path, null, 'said how the product is set up where it runs, and is deleted')];
    const [rowsBefore, rows] = [rowsOf(textBefore, ROW_OPTIONS), rowsOf(after.get(path) ?? '', ROW_OPTIONS)];
    const linesAfter = rows.map(({ text }) => text);
    const linesKept = new Set(linesAfter);
    const removedLines = rowsBefore
      .map(({ text }) => text)
      .filter((text) => isSetUpLine(text) && !linesKept.has(text) && !isHarmlessRemoval(text, linesAfter));
    if (removedLines.length === 0) return [];
    const shown = removedLines.slice(0, MAX_LINES_SHOWN).map((text) => JSON.stringify(text.slice(0, MAX_LINE_CHARS)));
    const more = removedLines.length > shown.length ? ` and ${removedLines.length - shown.length} more lines` : '';
    const first = rows.find(({ text }) => isSetUpLine(text) && !rowsBefore.some((one) => one.text === text));
    const what = `sets up what goes live in another way than before, which no test runs: removed are ${shown.join(', ')}${more}`;
    return [factOf(path, first?.line ?? null, what)];
  });
}

function factOf(path: string, line: number | null, what: string): DeliveredFact {
  return { path, line, what, text: '', showsWholeChange: true };
}

/** True for a file that sets up the product, by its name or its content. */
export function isDeployment(path: string, text: string): boolean {
  if (DEPLOYMENT_NAME.test(path)) return true;
  if (/\.ya?ml$/i.test(path)) return API_VERSION_LINE.test(text) && KIND_LINE.test(text);
  return /\.spec$/i.test(path) && RPM_SECTION.test(text);
}

/** False for labels and version lines, which do not change how the product runs. */
function isSetUpLine(text: string): boolean {
  return !/^(?:LABEL\b|MAINTAINER\b|Version:|Release:|version:|appVersion:)/i.test(text);
}

/** A base image. Groups: what stands before the image, the image, the version, the variant such as `-alpine`, the rest. */
const IMAGE = /^(\s*(?:FROM\s+(?:--platform=\S+\s+)?|image:\s*["']?))([\w./-]+?):v?(\d+(?:\.\d+){0,3})([\w.-]*)(.*)$/i;

/**
 * True if the change replaced a removed line by a newer version of the same image, or by a step with more files or packages.
 */
export function isHarmlessRemoval(line: string, linesAfter: readonly string[]): boolean {
  const [, start = '', image, version = '', variant, rest] = IMAGE.exec(line) ?? [];
  if (image !== undefined)
    return linesAfter.some((other) => {
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
  return linesAfter.some((other) => {
    const all = new Set(other.trim().split(/\s+/));
    return other.trim().startsWith(words[0] ?? '') && words.every((word) => all.has(word));
  });
}

/** True if version `after` is equal to or above version `before`; both are numbers with dots. */
export function isNewer(before: string, after: string): boolean {
  const [old, now] = [before, after].map((text) => text.split('.').map(Number));
  for (let at = 0; at < Math.max(old?.length ?? 0, now?.length ?? 0); at += 1) {
    const difference = (now?.[at] ?? 0) - (old?.[at] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

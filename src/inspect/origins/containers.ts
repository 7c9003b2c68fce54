/**
 * Finds in Dockerfiles, compose files, CI files and shell scripts the images, actions, and commands that fetch and run
 * code.
 */
import { sha256 } from '../digest';
import { codeLines, shorten } from './origin';
import type { Origin, OriginFile } from './origin';
import { fetchingCalls } from './shell';
import { yamlLines } from './yaml-lines';

export function dockerfileOrigins(text: string, file: OriginFile): Origin[] {
  const stages = new Set<string>();
  const buildArguments = new Map<string, string>();
  const imagesOfBase = imagesOf(file.before ?? '');
  return instructionsOf(text).flatMap(({ line, verb, rest }): Origin[] => {
    const say = (what: string): Origin[] => [{ line, what }];
    const imageOrigins = (name: string): Origin[] => {
      const image = name.replace(
        /\$\{?(\w+)(?::-([^}]*))?\}?/g,
        (whole, key: string, fallback?: string) => buildArguments.get(key) ?? fallback ?? whole,
      );
      const isStage = stages.has(image.toLowerCase()) || /^\d+$/.test(image);
      return isStage || isPlainImage(image, imagesOfBase) ? [] : say(`takes the image ${shorten(image)}`);
    };
    switch (verb) {
      case 'ARG': {
        const [name = '', value = ''] = rest.split('=', 2);
        buildArguments.set(name.trim(), value.trim().replace(/["']/g, ''));
        return [];
      }
      case 'FROM': {
        const [image = '', , stage = ''] = rest.replace(/^(--\S+\s+)+/, '').split(/\s+/);
        const found = imageOrigins(image);
        if (stage !== '') stages.add(stage.toLowerCase());
        return found;
      }
      case 'COPY': {
        const source = /--from=(\S+)/.exec(rest);
        return source === null ? [] : imageOrigins(source[1] ?? '');
      }
      case 'ADD':
        return /\b(https?|ftp):\/\/|git@|\.git\b/.test(rest) ? say(`adds ${shorten(rest)}`) : [];
      case 'RUN':
      case 'CMD':
      case 'ENTRYPOINT':
      case 'ENV':
        return fetchingCalls(rest.replace(/["[\],]/g, ' '), file.declared).flatMap((what) => say(what));
      default:
        return [];
    }
  });
}

/** Joins lines that end with a backslash to one instruction. */
function instructionsOf(text: string): Array<{ line: number; verb: string; rest: string }> {
  const found: Array<{ line: number; verb: string; rest: string }> = [];
  let continues = false;
  for (const { line, text: row } of codeLines(text, /^#/)) {
    const body = row.replace(/\\$/, '').trim();
    const last = found.at(-1);
    if (continues && last !== undefined) last.rest += ` ${body}`;
    else {
      const [, verb = '', rest = ''] = /^(\w+)\s*(.*)$/.exec(body) ?? [];
      found.push({ line, verb: verb.toUpperCase(), rest });
    }
    continues = row.endsWith('\\');
  }
  return found;
}

/** Returns the image repositories that the base uses, without tag and digest. */
function imagesOf(text: string): ReadonlySet<string> {
  const mentions = [
    ...text.matchAll(/^[ \t]*(?:FROM[ \t]+|image:[ \t]*|container:[ \t]*)(?:--platform=\S+[ \t]+)?["']?([^\s"']+)/gim),
  ];
  return new Set(mentions.map(([, image = '']) => partsOf(image).repository));
}

function partsOf(image: string): { repository: string; tag: string; digest: string } {
  const [name = '', digest = ''] = image.split('@', 2);
  const colon = name.lastIndexOf(':');
  const hasTag = colon > name.lastIndexOf('/');
  return { repository: hasTag ? name.slice(0, colon) : name, tag: hasTag ? name.slice(colon + 1) : '', digest };
}

/** Repositories of official images, and of images of well-known tools. */
const PUBLISHERS =
  /^((docker\.io\/)?(library\/)?[\w.-]+|(docker\.io\/)?(oven\/bun|denoland\/deno|nginxinc\/nginx-unprivileged|gradle|maven|bitnami\/[\w-]+|cypress\/[\w-]+)|mcr\.microsoft\.com\/[\w./-]+|gcr\.io\/distroless\/[\w./-]+|public\.ecr\.aws\/(docker\/library|lambda)\/[\w./-]+|registry\.access\.redhat\.com\/[\w./-]+|ghcr\.io\/astral-sh\/uv|cgr\.dev\/chainguard\/[\w-]+)$/;

/** True if the image is official or already used by the base, and a tag or digest identifies it. */
function isPlainImage(image: string, known: ReadonlySet<string>): boolean {
  if (image === 'scratch' || image === '') return true;
  const { repository, tag, digest } = partsOf(image);
  const isPinned = /^sha256:[0-9a-f]{64}$/.test(digest) || (tag !== '' && tag !== 'latest');
  return (PUBLISHERS.test(repository) && isPinned) || known.has(repository);
}

/** Reads the images of a compose file. */
export function composeOrigins(text: string, file: OriginFile): Origin[] {
  const known = imagesOf(file.before ?? '');
  return yamlLines(text).flatMap(({ line, keys, value }) =>
    keys.at(-1) === 'image' && !isPlainImage(value.replace(/\$\{\w+:-([^}]*)\}/g, '$1'), known)
      ? [{ line, what: `takes the image ${shorten(value)}` }]
      : [],
  );
}

/** Reads workflows of GitHub, GitLab and similar hosts: actions, images, includes, commands. */
export function ciOrigins(text: string, file: OriginFile): Origin[] {
  const known = imagesOf(file.before ?? '');
  const usesBefore = yamlLines(file.before ?? '').filter(({ keys }) => keys.at(-1) === 'uses');
  const actionsOfBase = new Set(usesBefore.map(({ value }) => value.split('@')[0] ?? ''));
  return yamlLines(text).flatMap(({ line, keys, value, text: row }): Origin[] => {
    const key = keys.at(-1) ?? '';
    const say = (what: string): Origin[] => [{ line, what }];
    if (key === 'uses')
      return isPlainAction(value) || actionsOfBase.has(value.split('@')[0] ?? '')
        ? []
        : say(`uses the action ${shorten(value)}`);
    if (/^(image|container)$/.test(key) && value !== '')
      return isPlainImage(value, known) ? [] : say(`takes the image ${shorten(value)}`);
    if (/^(remote|project)$/.test(key) && keys[0] === 'include') return say(`includes ${shorten(value)}`);
    return fetchingCalls(row, file.declared).flatMap((what) => say(what));
  });
}

/** True for an action of the repository itself, of GitHub, or pinned by commit. */
function isPlainAction(action: string): boolean {
  return (
    /^\.\//.test(action) ||
    /^(actions|github)\/[\w./-]+@v?[\w.-]+$/.test(action) ||
    /@[0-9a-f]{40}$/.test(action) ||
    /@sha256:[0-9a-f]{64}$/.test(action)
  );
}

/** Reads shell scripts, makefiles, and files of environment variables. */
export function shellOrigins(text: string, file: OriginFile): Origin[] {
  return codeLines(text, /^#/).flatMap(({ line, text: row }) =>
    fetchingCalls(row, file.declared).map((what) => ({ line, what })),
  );
}

/** Reports patches of installed packages. */
export function patchOrigins(text: string): Origin[] {
  const heads = codeLines(text, /^(?!diff --git|\+\+\+ )/).filter(
    (one) => one.text.startsWith('diff --git') || one.text.startsWith('+++ '),
  );
  return [
    {
      line: heads[0]?.line ?? 1,
      what: `patches installed packages: ${shorten(heads.map((one) => one.text).join(', '))} (${sha256(text).slice(0, 12)})`,
    },
  ];
}

/** Reports a program that replaces the package manager or that it loads. */
export function programOrigins(text: string): Origin[] {
  return [{ line: 1, what: `is a program that the package manager loads (${sha256(text).slice(0, 12)})` }];
}

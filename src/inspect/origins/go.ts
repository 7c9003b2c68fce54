/**
 * Reads go.mod and go.work. A module's path is an address, so a module whose owner is neither in the base nor well known is reported.
 */
import { leavesRepository } from './addresses';
import { shorten } from './origin';
import type { Origin, OriginFile } from './origin';
import { POPULAR_GO } from './popular-go';

interface Directive {
  line: number;
  verb: string;
  rest: string;
  isIndirect: boolean;
}

export function goModOrigins(text: string, file: OriginFile): Origin[] {
  const known = ownersOf(file.before ?? '');
  return directivesOf(text).flatMap((one): Origin[] => {
    const { line, verb, rest } = one;
    const say = (what: string): Origin[] => [{ line, what }];
    switch (verb) {
      case 'replace':
        return isInside(file, rest) ? [] : say(`puts something in the place of a module: ${shorten(rest)}`);
      case 'use':
        return leavesRepository(file.path, rest)
          ? say(`uses a folder outside of the repository: ${shorten(rest)}`)
          : [];
      case 'toolchain':
        return /^(default|local|go\d+(\.\d+)*((rc|beta)\d+)?)$/.test(rest)
          ? []
          : say(`asks for the toolchain ${shorten(rest)}`);
      case 'require':
      case 'tool': {
        const [module = ''] = rest.split(/\s+/);
        const isUsed = !one.isIndirect || file.importsModule(module);
        return isUsed && !isKnown(module, known) ? say(`asks for a module that is not known: ${shorten(rest)}`) : [];
      }
      case 'module':
      case 'go':
      case 'exclude':
      case 'retract':
      case 'godebug':
      case 'ignore':
        return [];
      default:
        return say(`says "${shorten(`${verb} ${rest}`)}"`);
    }
  });
}

/** Returns one entry for each directive, also within blocks. */
function directivesOf(text: string): Directive[] {
  let block = '';
  return text.split('\n').flatMap((raw, index): Directive[] => {
    const at = raw.indexOf('//');
    const body = (at < 0 ? raw : raw.slice(0, at)).trim();
    const isIndirect = at >= 0 && /^\/\/\s*indirect\b/.test(raw.slice(at));
    if (body === '') return [];
    if (block !== '') {
      if (body === ')') {
        block = '';
        return [];
      }
      return [{ line: index + 1, verb: block, rest: unquoted(body), isIndirect }];
    }
    const [, verb = body, rest = ''] = /^(\w+)\s*(.*)$/.exec(body) ?? [];
    if (rest === '(') {
      block = verb;
      return [];
    }
    return [{ line: index + 1, verb, rest: unquoted(rest), isIndirect }];
  });
}

function unquoted(text: string): string {
  return text.replace(/["`]/g, '');
}

function isInside({ path }: OriginFile, replacement: string): boolean {
  const target = replacement.split('=>')[1]?.trim() ?? '';
  return /^\.{1,2}\//.test(target) && !leavesRepository(path, target);
}

/** Returns the owners (`github.com/owner`) of the module itself and of each module that the base requires. */
function ownersOf(text: string): Set<string> {
  const named = directivesOf(text).filter(({ verb }) => verb === 'module' || verb === 'require');
  return new Set(named.map(({ rest }) => ownerOf(rest.split(/\s+/)[0] ?? '')));
}

function ownerOf(module: string): string {
  const parts = module.split('/');
  // On a shared host the second part is the owner; any other host has one owner.
  return parts.slice(0, SHARED.test(parts[0] ?? '') ? 2 : 1).join('/');
}

const SHARED = /^(github\.com|gitlab\.com|bitbucket\.org|codeberg\.org|gopkg\.in|git\.sr\.ht|gitee\.com)$/;
/** Hosts of well-known projects that serve their own modules. */
const HOSTS =
  /^(golang\.org\/x|google\.golang\.org|cloud\.google\.com\/go|k8s\.io|sigs\.k8s\.io|go\.uber\.org|go\.opentelemetry\.io|gorm\.io|go\.etcd\.io|modernc\.org|gotest\.tools|honnef\.co\/go|mvdan\.cc|go\.mongodb\.org|entgo\.io|gocloud\.dev|filippo\.io|rsc\.io|gonum\.org|connectrpc\.com|buf\.build|go\.temporal\.io|charm\.land|gitlab\.com\/gitlab-org|dario\.cat|go\.yaml\.in|lukechampine\.com|nhooyr\.io)(\/|$)/;

function isKnown(module: string, owners: ReadonlySet<string>): boolean {
  return HOSTS.test(module) || POPULAR_GO.has(ownerOf(module)) || owners.has(ownerOf(module));
}

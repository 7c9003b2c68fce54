/**
 * Reads go.mod and go.work. A module's path is an address, so a module whose owner is neither in the base nor well known is reported.
 */
import { leavesRepository } from './addresses';
import { shorten } from './origin';
import type { Origin, OriginFile } from './origin';
import { POPULAR_GO } from './popular-go';

interface Directive {
  line: number;
  /** The first word, or the word before the block. */
  verb: string;
  rest: string;
  isIndirect: boolean;
}

export function goModOrigins(text: string, file: OriginFile): Origin[] {
  const knownOwners = ownersOf(file.before ?? '');
  return directivesOf(text).flatMap((directive): Origin[] => {
    const { line, verb, rest } = directive;
    const say = (what: string): Origin[] => [{ line, what }];
    switch (verb) {
      case 'replace':
        return isReplacedInside(file, rest) ? [] : say(`puts something in the place of a module: ${shorten(rest)}`);
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
        const isUsed = !directive.isIndirect || file.importsModule(module);
        return isUsed && !isKnown(module, knownOwners)
          ? say(`asks for a module that is not known: ${shorten(rest)}`)
          : [];
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
    const comment = raw.indexOf('//');
    const body = (comment < 0 ? raw : raw.slice(0, comment)).trim();
    const isIndirect = comment >= 0 && /^\/\/\s*indirect\b/.test(raw.slice(comment));
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

/** True if the directive replaces a module by a folder of the repository. */
function isReplacedInside({ path }: OriginFile, replacement: string): boolean {
  const target = replacement.split('=>')[1]?.trim() ?? '';
  return /^\.{1,2}\//.test(target) && !leavesRepository(path, target);
}

/** Returns the owners (`github.com/owner`) of the module itself and of each module that the base requires. */
function ownersOf(text: string): Set<string> {
  const modules = directivesOf(text).filter(({ verb }) => verb === 'module' || verb === 'require');
  return new Set(modules.map(({ rest }) => ownerOf(rest.split(/\s+/)[0] ?? '')));
}

function ownerOf(module: string): string {
  const parts = module.split('/');
  // On a shared host the second part is the owner; any other host has one owner.
  return parts.slice(0, SHARED_HOST.test(parts[0] ?? '') ? 2 : 1).join('/');
}

const SHARED_HOST = /^(github\.com|gitlab\.com|bitbucket\.org|codeberg\.org|gopkg\.in|git\.sr\.ht|gitee\.com)$/;
/** Hosts of well-known projects that serve their own modules. */
const KNOWN_HOST =
  /^(golang\.org\/x|google\.golang\.org|cloud\.google\.com\/go|k8s\.io|sigs\.k8s\.io|go\.uber\.org|go\.opentelemetry\.io|gorm\.io|go\.etcd\.io|modernc\.org|gotest\.tools|honnef\.co\/go|mvdan\.cc|go\.mongodb\.org|entgo\.io|gocloud\.dev|filippo\.io|rsc\.io|gonum\.org|connectrpc\.com|buf\.build|go\.temporal\.io|charm\.land|gitlab\.com\/gitlab-org|dario\.cat|go\.yaml\.in|lukechampine\.com|nhooyr\.io)(\/|$)/;

function isKnown(module: string, owners: ReadonlySet<string>): boolean {
  return KNOWN_HOST.test(module) || POPULAR_GO.has(ownerOf(module)) || owners.has(ownerOf(module));
}

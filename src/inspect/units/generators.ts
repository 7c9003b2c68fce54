/**
 * Checks that a repository really generates a file that is marked as generated: a file that makes other files must mention its
 * schema, its tool or its path. Code that only uses the file does not count. Pure.
 */
import { literal } from '../../domain/literal';
import { codeKindOf, isGenerated, kindOf } from './paths';

const BUILT = /(^|\/)(?:dist|build)\/|\.min\.[cm]?js$/i;
const OF_PROTO = /^(.{1,200}?)(?:\.pb(?:\.[a-z]+)?\.(?:go|cc|h)|_grpc\.pb\.go|_pb2(?:_grpc)?\.pyi?)$/i;
const TOOL = /\bgenerated\b.{0,20}?\b(?:by|with|using|from)\s+(?:the\s+)?["'`]?(@?[\w/.-]{3,80}[\w])/i;
const MAKES =
  /(^|\/)(?:scripts?|tools?|gen|codegen|hack|build)\/|\.config\.[cm]?[jt]s$|(^|\/)(?:codegen|generate|gen)[^/]*$/i;

/** True for a file whose name or first lines say that it is generated. Build output is judged elsewhere. */
export function saysGenerated(path: string, text: string): boolean {
  if (BUILT.test(path)) return false;
  const kind = kindOf(path);
  const isNamed = kind.kind === 'none' && kind.why === 'generated';
  return (isNamed || isGenerated(text)) && codeKindOf(path).kind === 'tree';
}

/** Matches the paths of a schema with the same name; undefined where the file's name needs no schema. */
export function schemaOf(path: string): RegExp | undefined {
  const [, stem] = OF_PROTO.exec(path.slice(path.lastIndexOf('/') + 1)) ?? [];
  return stem === undefined ? undefined : new RegExp(`(^|/)${literal(stem)}\\.proto$`);
}

/** Texts of which at least one must occur in a file that makes other files. */
export function generatorNames(path: string, text: string): string[] {
  const [, tool] = TOOL.exec(text.slice(0, 2_000)) ?? [];
  const folder = path.split('/').slice(0, -1).join('/');
  const places = /generated/i.test(folder) ? [folder] : [];
  return [...(tool === undefined ? [] : [tool.replace(/\.$/, '')]), path.slice(path.lastIndexOf('/') + 1), ...places];
}

/** True for a line of a manifest, a script or a setting, and for a line that a generator reads. */
export function canMake({ path, text }: { path: string; text: string }): boolean {
  if (/\bgo:generate\b/.test(text)) return true;
  const kind = codeKindOf(path).kind;
  return (
    MAKES.test(path) ||
    ((kind === 'unknown' || /\.(?:sh|bash|ps1)$/i.test(path)) && !/\.(?:md|rst|txt|adoc)$/i.test(path))
  );
}

/**
 * What changed files say in unknown forms of where code comes from. Plain data in and out. Pure.
 */
import type { OriginFact } from '../../domain/origins';
import { readPackageJson } from '../manifests/package-json';
import { saysOrigins, unknownOrigins } from '../origins/unknown-origins';

export interface OriginTexts {
  files: ReadonlyArray<{ path: string; before: string | null; after: string | null }>;
  /** Of every package.json of the tree. */
  manifests: readonly string[];
  /** Changed sources of Go, where a manifest of Go changes. */
  sources: readonly string[];
}

/** Of each file in its order. */
export function originsIn({ files, manifests, sources }: OriginTexts): OriginFact[][] {
  const shared = {
    declared: new Set(manifests.flatMap((text) => [...(readPackageJson(text)?.declared.keys() ?? [])])),
    isRead: saysOrigins,
    importsModule: (module: string) => sources.some((text) => importsModule(text, module)),
  };
  return files.map((file) => [...unknownOrigins({ ...shared, ...file })]);
}

function importsModule(source: string, module: string): boolean {
  return source.includes(`"${module}"`) || source.includes(`"${module}/`);
}

/**
 * Finds commands of an image or a start script that write into a source of the product. Pure.
 */
import type { Overlay, Sources } from './overlays';

const PATCH_COMMAND = /(?:^|\s)patch\s{1,9}[-<]|\bgit\s{1,9}(?:apply|am)\b|\bquilt\s{1,9}push\b/;
const EDIT_COMMAND =
  /\b(?:sed|gsed)\s{1,9}(?:-\w{1,9}\s{1,9}){0,3}(?:-\w{0,5}i|--in-place)|\bperl\s{1,9}(?:-\w{1,9}\s{1,9}){0,3}-\w{0,5}i|\bed\s{1,9}-|\btruncate\b|\btee\b|\bdd\s.{0,80}\bof=/;
const COPY_COMMAND = /^(?:sudo )?(?:cp|mv|ln|install|curl|wget|rsync)\s/;
/** Builds write their version into a file: this is usual. */
const VERSION_STAMP = /version|commit|\bsha\b|revision|build[_-]?(?:id|number|date|time)|\bdate\b|\brelease\b/i;

/** Returns the source that one step overwrites, such as `RUN sed -i s/a/b/ src/price.js`. */
export function findOverwrittenSource(text: string, sources: Sources): Overlay | undefined {
  const commands = text.replace(/^RUN (?:--\S+ )*/i, '').split(/&&|\|\||[;|]/);
  for (const command of commands.map((one) => one.trim())) {
    if (PATCH_COMMAND.test(command)) {
      const patched = patchedSource(text, sources);
      if (patched !== undefined) return patched;
    }
    const outputPath = /(?:^|[^-=>0-9])>{1,2}\s?([\w./-]+)/.exec(command)?.[1];
    const replaced = outputPath === undefined ? undefined : sources.sourceAt(outputPath);
    if (replaced !== undefined && !VERSION_STAMP.test(command))
      return { replaced, replacement: 'the output of a command' };
    const words = command.split(/[\s=]+/);
    if (EDIT_COMMAND.test(command) && !VERSION_STAMP.test(command)) {
      const edited =
        words.map((word) => sources.sourceAt(word)).find((one) => one !== undefined) ??
        sourceByPattern(command, sources);
      if (edited !== undefined) return { replaced: edited, replacement: 'an edited text' };
    }
    if (COPY_COMMAND.test(command)) {
      const [to = '', from = ''] = [words.at(-1), words.at(-2)];
      const target =
        sources.sourceAt(to) ?? sources.sourceAt(`${to.replace(/\/$/, '')}/${from.slice(from.lastIndexOf('/') + 1)}`);
      if (target !== undefined && !from.endsWith(target) && words.length > 2)
        return { replaced: target, replacement: from };
    }
  }
  return undefined;
}

/** Returns the source that a patch file of the repository changes. */
function patchedSource(text: string, { tree, sourceAt }: Sources): Overlay | undefined {
  for (const [path, patch] of tree.after) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (!/\.(?:patch|diff)$/.test(path) || !(text.includes(name) || /[*]|series|quilt/.test(text))) continue;
    const replaced = patch
      .split('\n')
      .map((row) => /^\+\+\+ (?:[abiw]\/)?(\S+)/.exec(row)?.[1])
      .map((one) => (one === undefined ? undefined : sourceAt(one)))
      .find((one) => one !== undefined);
    if (replaced !== undefined) return { replaced, replacement: path };
  }
  return undefined;
}

/** Returns a source that a pattern such as `src/*.js` matches. */
function sourceByPattern(command: string, { tree, sourceAt }: Sources): string | undefined {
  const [, folder = '', ending = ''] = /(?:^|\s)([\w./-]{0,100}?)\/?\*(\.\w{1,5})(?:\s|$)/.exec(command) ?? [];
  if (ending === '') return undefined;
  const inFolder = folder.replace(/^\.?\/+/, '');
  return tree.paths.find((path) => path.startsWith(inFolder) && path.endsWith(ending) && sourceAt(path) === path);
}

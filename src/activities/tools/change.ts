/**
 * The tools that change the tree: edit, write, append, move, delete, mode. Each is one commit that no branch points to.
 *
 * Encoding, byte order mark, line ends and mode of a file stay as they are (decision 0014); what cannot be kept is refused.
 */
import { z } from 'zod';
import { loneSurrogateAt, placeIn } from '../../domain/text';
import { encodeText, usualLineEnd } from '../../inspect/text-bytes';
import type { FileChange } from '../../ports/workspace';
import { pathIn, refused, tool } from './tool-context';
import type { ToolCallContext, ToolOutcome } from './tool-context';
import { editText } from '../../inspect/tool-texts/edit-text';
import { AT_ONCE_CHARS } from '../../inspect/tool-texts/show-lines';
import { runReader } from '../run-reader';
import { entriesOf, missingFile, readText } from './entries';
import { isSeenWhole } from './seen';
import { count, counted, countLines, showsWhole } from '../../inspect/tool-texts/show';

const MAX_EDITS = 100;
/** The largest file that the workspace reads. */
const MAX_READ_BYTES = 16 * 1024 * 1024;
const path = z.string().describe('Relative to the root of the repository.');

export const edit = tool({
  description:
    'Replaces exact texts of a file: every old must stand in it once (all: at least once), as it is after the edits before. All edits are made or none. A line end in old and new stands for the one of the file.',
  input: z.object({
    path,
    edits: z
      .array(z.object({ old: z.string(), new: z.string(), all: z.boolean().nullish() }))
      .min(1)
      .max(MAX_EDITS),
  }),
  async carryOut(context, { path: given, edits }) {
    const path = pathIn(given);
    for (const { old, new: next } of edits) {
      const problem = surrogateProblem(`${path}: old`, old) ?? textProblem(`${path}: new`, next);
      if (problem !== undefined) return refused(problem);
    }
    const file = await readText(context, path);
    const isSmall = file.text.length <= AT_ONCE_CHARS;
    const order = { text: file.text, edits };
    const edited = isSmall ? editText(file.text, edits) : await runReader(context.deps, 'edits', order);
    if ('problem' in edited) return refused(`${path}: ${edited.problem}; nothing was changed`);
    if (edited.text === file.text) return refused(`${path}: the edits change nothing`);
    const more = edited.places > edited.lines.length ? ` and more` : '';
    const places = edited.places === 1 ? '1 place, at line' : `${count(edited.places)} places, at lines`;
    const says = `edited ${path}: ${places} ${edited.lines.join(', ')}${more}`;
    return putText(context, { path, text: edited.text, encoding: file.encoding, says });
  },
});

export const append = tool({
  description: 'Adds text at the end of a file, which may be new. A missing end of its last line is added first.',
  input: z.object({ path, content: z.string().min(1) }),
  async carryOut(context, { path: given, content }) {
    const path = pathIn(given);
    const problem = textProblem(path, content);
    if (problem !== undefined) return refused(problem);
    const isNew = (await missingFile(context, path)) !== undefined;
    if (isNew) return apply(context, { path, content }, `written ${path}: new file, ${sizeOf(content)}`);
    const { text, encoding } = await context.deps.workspace.readFile(context.at, path);
    const lineEnd = usualLineEnd(text);
    const lacksLineEnd = text !== '' && text !== '\ufeff' && !text.endsWith('\n');
    const added = content.includes('\r') || lineEnd === '\n' ? content : content.replaceAll('\n', lineEnd);
    const newText = text + (lacksLineEnd ? lineEnd : '') + added;
    const says = `appended ${counted(countLines(content), 'line')} to ${path}: it has ${counted(countLines(newText), 'line')} now`;
    return putText(context, { path, text: newText, encoding, says });
  },
});

export const write = tool({
  description:
    'Writes a whole file: content (text), or content null and base64 (bytes). Content null without base64 deletes it. A long file that is there must have been read whole before: change it by edit or append.',
  input: z.object({
    path,
    content: z.string().nullish(),
    base64: z.string().nullish(),
    executable: z.boolean().nullish().describe('The mode; null keeps it, and a new file is not executable.'),
  }),
  async carryOut(context, { path: given, content, base64, executable }) {
    const path = pathIn(given);
    if (content === undefined && base64 == null)
      return refused(`${path}: give content or base64; delete removes a file; nothing was written`);
    if (content == null && base64 == null)
      return executable === true
        ? refused(`${path}: it is deleted, so it cannot be executable`)
        : remove(context, path);
    const problem = textProblem(path, content ?? '');
    if (problem !== undefined) return refused(problem);
    const isNew = (await missingFile(context, path)) !== undefined;
    const currentText = isNew ? undefined : await textAt(context, path);
    const refusal =
      isNew || currentText !== undefined ? undefined : await replaceRefusal(context, path, content != null);
    if (refusal !== undefined) return refused(`${refusal}: delete it first, or use another path; nothing was written`);
    if (
      currentText !== undefined &&
      !showsWhole(currentText) &&
      !isSeenWhole(context.seen, path, countLines(currentText))
    )
      return refused(
        `${path} has ${counted(countLines(currentText), 'line')}, and not all of them were shown here: change it by edit or append, or read all of it first; nothing was written`,
      );
    const change = { path, content: content ?? null, base64, executable };
    const outcome = await apply(context, change, '');
    if (outcome.commit === undefined) return outcome;
    // The file keeps its line ends and its encoding, so its size may differ from the size of the new text.
    const at = { ...context.at, commit: outcome.commit };
    const bytes = (await entriesOf({ ...context, at })).find((one) => one.path === path)?.bytes;
    return { ...outcome, output: `written ${path}: ${isNew ? 'new file, ' : ''}${sizeOf(content, base64, bytes)}` };
  },
});

export const move = tool({
  description: 'Gives a file another path; its bytes and its mode stay. There must be nothing at the new path.',
  input: z.object({ from: path, to: path }),
  async carryOut(context, input) {
    const [from, to] = [pathIn(input.from), pathIn(input.to)];
    const missing = await missingFile(context, from);
    if (missing !== undefined) return refused(missing);
    if (from === to) return refused('from and to are the same');
    const content = (await textAt(context, from)) ?? null;
    const against = (await pathRefusal(context, from, null)) ?? (await pathRefusal(context, to, content));
    if (against !== undefined) return refused(`${against}; nothing was moved`);
    const { commit } = await context.deps.workspace.move(context.at, { from, to }, `move ${from} to ${to}`);
    return { output: `moved ${from} to ${to}`, commit, touched: [from, to] };
  },
});

export const deleteFile = tool({
  description: 'Deletes a file.',
  input: z.object({ path }),
  carryOut: (context, input) => remove(context, pathIn(input.path)),
});

export const mode = tool({
  description: 'Makes a file executable, or not.',
  input: z.object({ path, executable: z.boolean() }),
  async carryOut(context, { path: given, executable }) {
    const path = pathIn(given);
    const missing = await missingFile(context, path);
    if (missing !== undefined) return refused(missing);
    const says = `${path} is ${executable ? 'executable' : 'not executable'}`;
    const entry = (await entriesOf(context)).find((one) => one.path === path);
    if (entry?.mode === (executable ? '100755' : '100644')) return refused(`${says} already`);
    const against = await pathRefusal(context, path, (await textAt(context, path)) ?? null);
    if (against !== undefined) return refused(`${against}; nothing was changed`);
    const { commit } = await context.deps.workspace.move(
      context.at,
      { from: path, to: path, executable },
      `mode of ${path}`,
    );
    return { output: `${says} now`, commit, touched: [path] };
  },
});

async function remove(context: ToolCallContext, path: string): Promise<ToolOutcome> {
  const missing = await missingFile(context, path);
  if (missing !== undefined) return refused(missing);
  return apply(context, { path, content: null }, `deleted ${path}`);
}

/** Writes the text in the file's encoding, without a change of its line ends. */
async function putText(
  context: ToolCallContext,
  { path, text, encoding, says }: { path: string; text: string; encoding: 'utf-8' | 'latin-1'; says: string },
): Promise<ToolOutcome> {
  const encoded = encodeText(encoding, text);
  if ('problem' in encoded) return refused(`${path}: ${encoded.problem}; nothing was changed`);
  const against = await pathRefusal(context, path, text);
  if (against !== undefined) return refused(`${against}; nothing was changed`);
  const change = { path, content: null, base64: encoded.bytes.toString('base64') };
  const { commit } = await context.deps.workspace.apply(context.at, [change], `change ${path}`);
  return { output: says, commit, touched: [path] };
}

async function apply(context: ToolCallContext, change: FileChange, says: string): Promise<ToolOutcome> {
  const { path, content } = change;
  const against = await pathRefusal(context, path, content);
  if (against !== undefined) return refused(`${against}; nothing was changed`);
  const { commit } = await context.deps.workspace.apply(context.at, [change], `write ${path}`);
  return { output: says, commit, touched: [path] };
}

async function pathRefusal(
  { mayWrite, at }: ToolCallContext,
  path: string,
  content: string | null,
): Promise<string | undefined> {
  return mayWrite?.(at, path, content);
}

/** Gives the reason why `write` must not replace a file that cannot be shown; undefined where it may. Bytes may replace bytes. */
async function replaceRefusal(context: ToolCallContext, path: string, isText: boolean): Promise<string | undefined> {
  const entry = (await entriesOf(context)).find((one) => one.path === path);
  if (entry?.mode.startsWith('100') !== true) return undefined;
  if (entry.bytes > MAX_READ_BYTES) return `${path} has ${count(entry.bytes)} bytes, which is too much to read`;
  return isText ? `${path} is no text file, so it was not shown` : undefined;
}

/** Gives the text of a file; undefined where there is none. */
async function textAt(context: ToolCallContext, path: string): Promise<string | undefined> {
  return (await context.deps.workspace.contents(context.at, [path])).get(path);
}

/** Gives a message where the text holds a lone surrogate, which UTF-8 cannot encode. */
function surrogateProblem(name: string, text: string): string | undefined {
  const at = loneSurrogateAt(text);
  if (at === undefined) return undefined;
  return `${name} holds half a character (a lone surrogate) at ${placeIn(text, at)}; nothing was changed`;
}

/** Gives a message where the text holds a NUL character or a lone surrogate. */
function textProblem(name: string, text: string): string | undefined {
  const at = text.indexOf('\0');
  if (at === -1) return surrogateProblem(name, text);
  return `${name} holds the character NUL at ${placeIn(text, at)}, which no text holds; write takes bytes as base64; nothing was changed`;
}

/** Describes the size of a file. `bytes` is the size of the stored file, where it is known. */
function sizeOf(content: string | null | undefined, base64?: string | null, bytes?: number): string {
  if (content == null) return `${count(bytes ?? Buffer.byteLength(base64 ?? '', 'base64'))} bytes`;
  return `${counted(countLines(content), 'line')}, ${count(bytes ?? Buffer.byteLength(content))} bytes`;
}

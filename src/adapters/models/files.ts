/**
 * Files of a request, and the request without those that its model does not take.
 */
import type { InputFile, ModelMessage, ModelRequest } from '../../ports/model';

/** Media types, each once. */
export function kindsOf({ messages, loadFile }: ModelRequest): string[] {
  if (loadFile === undefined) return [];
  return [...new Set(messages.flatMap(filesOf).map(({ mediaType }) => mediaType))];
}

/**
 * What to leave out of a refused request, the least first: each kind, all pictures (or sounds, or the like), all files. Kinds that
 * are many are tried all at once: each try is a request.
 */
export function leavable(kinds: readonly string[]): string[][] {
  const families = [...new Set(kinds.map((kind) => kind.split('/')[0]))];
  const ofFamily = families.map((family) => kinds.filter((kind) => kind.split('/')[0] === family));
  const sets = kinds.length > MOST_KINDS ? [[...kinds]] : [...kinds.map((kind) => [kind]), ...ofFamily, [...kinds]];
  return sets.filter(
    (set, index) => set.length > 0 && sets.findIndex((other) => other.join() === set.join()) === index,
  );
}
const MOST_KINDS = 4;

/** True where the words of a refusal say that the server takes no such files; not where they are about one file. */
export function saysNoSuchFiles(words: string): boolean {
  return NAMES_FILES.test(words) && !OF_ONE_FILE.test(words);
}
/** The last one is what the SDK says of a kind that it cannot send. */
const NAMES_FILES =
  /image|\bfiles?\b|_file\b|media|vision|modalit|multimodal|content[ _-]?type|functionality not supported/i;
const OF_ONE_FILE =
  /could not (?:be )?process|unable to process|corrupt|damaged|decode|exceed|too (?:large|big|many|small|long)|\bsize\b|dimension|resolution|at most|maximum/i;

/** Where a file stood, its message says that it is not shown. */
export function withoutFiles(request: ModelRequest, refused: ReadonlySet<string>): ModelRequest {
  if (refused.size === 0) return request;
  return { ...request, messages: request.messages.map((message) => withoutRefused(message, refused)) };
}

function withoutRefused(message: ModelMessage, refused: ReadonlySet<string>): ModelMessage {
  if (message.from !== 'user') return message;
  const left = filesOf(message).filter(({ mediaType }) => !refused.has(mediaType));
  const gone = filesOf(message).filter(({ mediaType }) => refused.has(mediaType));
  if (gone.length === 0) return message;
  const notes = gone.map(
    ({ name, mediaType }) =>
      `[the file ${JSON.stringify(name)} (${mediaType}) is not shown: this model takes no such files]`,
  );
  const { files: _, ...rest } = message;
  return { ...rest, text: [message.text, ...notes].join('\n\n'), ...(left.length === 0 ? {} : { files: left }) };
}

function filesOf(message: ModelMessage): InputFile[] {
  return message.from === 'user' ? (message.files ?? []) : [];
}

/**
 * Lists the files of a model request, and removes the files that the model does not accept.
 */
import type { InputFile, ModelMessage, ModelRequest } from '../../ports/model';

/** Lists the media types of the request's files, without duplicates. */
export function kindsOf({ messages, loadFile }: ModelRequest): string[] {
  if (loadFile === undefined) return [];
  return [...new Set(messages.flatMap(filesOf).map(({ mediaType }) => mediaType))];
}

/** Counts the files of the request, each time that it is sent. */
export function countFiles({ messages, loadFile }: ModelRequest): number {
  return loadFile === undefined ? 0 : messages.flatMap(filesOf).length;
}

/**
 * Lists the sets of media types to leave out of a refused request, smallest first: each single type, each family (such as `image`),
 * all types. With more than four types only the full set is tried, because each try is a request.
 */
export function removableKinds(kinds: readonly string[]): string[][] {
  const families = [...new Set(kinds.map((kind) => kind.split('/')[0]))];
  const familySets = families.map((family) => kinds.filter((kind) => kind.split('/')[0] === family));
  const sets =
    kinds.length > MAX_SEPARATE_KINDS ? [[...kinds]] : [...kinds.map((kind) => [kind]), ...familySets, [...kinds]];
  return sets.filter(
    (set, index) => set.length > 0 && sets.findIndex((other) => other.join() === set.join()) === index,
  );
}
const MAX_SEPARATE_KINDS = 4;

/** True if the message of a refusal says that the server accepts no files of this type; false if it is about one file. */
export function saysNoSuchFiles(words: string): boolean {
  return NAMES_FILES.test(words) && !NAMES_ONE_FILE.test(words);
}
/** Matches messages about files. The last alternative is the SDK's error for a media type that it cannot send. */
const NAMES_FILES =
  /image|\bfiles?\b|_file\b|media|vision|modalit|multimodal|content[ _-]?type|functionality not supported/i;
/** Matches messages about the content or the size of a single file. */
const NAMES_ONE_FILE =
  /could not (?:be )?process|unable to process|corrupt|damaged|decode|exceed|too (?:large|big|many|small|long)|\bsize\b|dimension|resolution|at most|maximum/i;

/** Removes the files of the refused media types. The message of a removed file gets a note that the file is not shown. */
export function withoutFiles(request: ModelRequest, refused: ReadonlySet<string>): ModelRequest {
  if (refused.size === 0) return request;
  return { ...request, messages: request.messages.map((message) => withoutRefusedFiles(message, refused)) };
}

function withoutRefusedFiles(message: ModelMessage, refused: ReadonlySet<string>): ModelMessage {
  if (message.from !== 'user') return message;
  const keptFiles = filesOf(message).filter(({ mediaType }) => !refused.has(mediaType));
  const removedFiles = filesOf(message).filter(({ mediaType }) => refused.has(mediaType));
  if (removedFiles.length === 0) return message;
  const notes = removedFiles.map(
    ({ name, mediaType }) =>
      `[the file ${JSON.stringify(name)} (${mediaType}) is not shown: this model takes no such files]`,
  );
  const { files: _, ...otherMembers } = message;
  return {
    ...otherMembers,
    text: [message.text, ...notes].join('\n\n'),
    ...(keptFiles.length === 0 ? {} : { files: keptFiles }),
  };
}

function filesOf(message: ModelMessage): InputFile[] {
  return message.from === 'user' ? (message.files ?? []) : [];
}

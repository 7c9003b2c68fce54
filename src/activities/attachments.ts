/**
 * Turns the attachments of a start request into the files of a model call.
 */
import type { Phase } from '../domain/roles';
import type { InputFile, ModelRequest } from '../ports/model';
import type { StartRequest } from '../requests/start-request';
import type { Deps } from './deps';

/** Phases whose roles see the attachments. The other roles judge by the specification. */
const PHASES_WITH_ATTACHMENTS: readonly Phase[] = ['discovery', 'planning', 'implementation'];

/** Gives the files of a role's first message; an empty list for a phase that does not show them. */
export function attachmentsOf({ attachments = [] }: Pick<StartRequest, 'attachments'>, phase: Phase): InputFile[] {
  if (!PHASES_WITH_ATTACHMENTS.includes(phase)) return [];
  return attachments.map(({ name, media_type: mediaType, digest }) => ({ name, mediaType, digest }));
}

/** Gives the function for `ModelRequest.loadFile`. It throws Failure `Artifact.Missing` if the artifact store no longer has the file. */
export function fileLoader({ artifacts }: Pick<Deps, 'artifacts'>): NonNullable<ModelRequest['loadFile']> {
  return (digest) => artifacts.get(digest);
}

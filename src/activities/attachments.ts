/**
 * The attachments of a start request, as a call of a model takes them.
 */
import type { Phase } from '../domain/roles';
import type { InputFile, ModelRequest } from '../ports/model';
import type { StartRequest } from '../requests/start-request';
import type { Deps } from './deps';

/** The phases whose roles work from what was asked. */
const SHOWN: readonly Phase[] = ['discovery', 'planning', 'implementation'];

/** For the first message of a role; empty for the roles that judge by the specification alone. */
export function attachmentsOf({ attachments = [] }: Pick<StartRequest, 'attachments'>, phase: Phase): InputFile[] {
  if (!SHOWN.includes(phase)) return [];
  return attachments.map(({ name, media_type: mediaType, digest }) => ({ name, mediaType, digest }));
}

/** Gives `ModelRequest.loadFile`. Throws Failure `Artifact.Missing` where the bytes are no longer kept. */
export function fileLoader({ artifacts }: Pick<Deps, 'artifacts'>): NonNullable<ModelRequest['loadFile']> {
  return (digest) => artifacts.get(digest);
}

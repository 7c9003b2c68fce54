/**
 * What follows an answer that was paid for and cannot be used: the model is told why; then the next model of the chain is asked.
 */
import { Failure } from '../../domain/failures';
import type { ModelMessage } from '../../ports/model';
import type { Conversation } from './conversation';

/** As often in a row the last model of a chain is told; the ones before it are told once. */
const TOLD_LAST = 2;
const TOLD_BEFORE = 1;

export interface Wrong {
  /** The answer as it is shown to the model again. */
  answer: ModelMessage & { from: 'model' };
  /** The link of the chain that gave it. */
  link: number;
  /** What was wrong, for the model. */
  says: string;
  /** The same in one line for people. */
  summary: string;
}

/** True where the model, or the next one, is asked once more. */
export function mayTell({ link, unusable }: Conversation, links: number): boolean {
  return link < links - 1 || unusable < TOLD_LAST;
}

/** Throws Failure `Role.OutputInvalid`, with the number of answers that were paid for it. */
export function tell(
  conversation: Conversation,
  wrong: Wrong,
  { by, links }: { by: string; links: number },
): Conversation {
  const { unusable, sound, messages, lastLink } = conversation;
  // The link of the last answer was asked before those that come first, so that nothing is known of these.
  const wasFirst = lastLink === wrong.link && wrong.link > conversation.link;
  const link = wasFirst ? conversation.link : Math.max(conversation.link, wrong.link);
  const isLast = link >= links - 1;
  if (unusable < (isLast ? TOLD_LAST : TOLD_BEFORE)) {
    // Providers refuse an answer without any content.
    const answer = { ...wrong.answer, text: wrong.answer.text.trim() === '' ? '(no answer)' : wrong.answer.text };
    const more: ModelMessage[] = [answer, { from: 'user', text: wrong.says }];
    return { ...conversation, link, messages: [...messages, ...more], unusable: unusable + 1, lastLink: wrong.link };
  }
  if (isLast)
    throw new Failure(
      'Role.OutputInvalid',
      `${by}: ${unusable + 1} answers in a row could not be used: ${wrong.summary}`,
    );
  // The next model is not shown what another one did wrong.
  const next = wasFirst ? link : link + 1;
  return { ...conversation, messages: messages.slice(0, sound), link: next, unusable: 0, lastLink: undefined };
}

/**
 * Handles an answer that was paid for and cannot be used: first the same model gets the reason and is asked again, then the next
 * model of the fallback chain is asked.
 */
import { Failure } from '../../domain/failures';
import type { ModelMessage } from '../../ports/model';
import type { Conversation } from './conversation';

/** How many times in a row the last model of a chain is asked again. */
const RETRIES_OF_LAST = 2;
/** How many times in a row each earlier model is asked again. */
const RETRIES_OF_EARLIER = 1;

export interface UnusableAnswer {
  /** The answer as it is shown to the model again. */
  answer: ModelMessage & { from: 'model' };
  /** The index in the fallback chain of the model that gave the answer. */
  link: number;
  /** The reason, for the model. */
  says: string;
  /** The reason in one line, for people. */
  summary: string;
}

/** True if the same model or the next one of the chain can be asked again. */
export function mayAskAgain({ link, unusable }: Conversation, links: number): boolean {
  return link < links - 1 || unusable < RETRIES_OF_LAST;
}

/** Gives the conversation that asks again. Throws Failure `Role.OutputInvalid` if no model is left to ask. */
export function askAgain(
  conversation: Conversation,
  unusableAnswer: UnusableAnswer,
  { by, links }: { by: string; links: number },
): Conversation {
  const { unusable, sound: usableMessageCount, messages, lastLink } = conversation;
  // A call starts at the model that answered last. If that model fails, the earlier models of the chain were not tried in this call,
  // so they are tried next.
  const wasStartedAtLastModel = lastLink === unusableAnswer.link && unusableAnswer.link > conversation.link;
  const link = wasStartedAtLastModel ? conversation.link : Math.max(conversation.link, unusableAnswer.link);
  const isLast = link >= links - 1;
  if (unusable < (isLast ? RETRIES_OF_LAST : RETRIES_OF_EARLIER)) {
    // Providers refuse an answer without any content.
    const answer = {
      ...unusableAnswer.answer,
      text: unusableAnswer.answer.text.trim() === '' ? '(no answer)' : unusableAnswer.answer.text,
    };
    const more: ModelMessage[] = [answer, { from: 'user', text: unusableAnswer.says }];
    return {
      ...conversation,
      link,
      messages: [...messages, ...more],
      unusable: unusable + 1,
      lastLink: unusableAnswer.link,
    };
  }
  if (isLast)
    throw new Failure(
      'Role.OutputInvalid',
      `${by}: ${unusable + 1} answers in a row could not be used: ${unusableAnswer.summary}`,
    );
  // The next model does not see the unusable answers of the previous one.
  const nextLink = wasStartedAtLastModel ? link : link + 1;
  return {
    ...conversation,
    messages: messages.slice(0, usableMessageCount),
    link: nextLink,
    unusable: 0,
    lastLink: undefined,
  };
}

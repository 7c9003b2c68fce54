/**
 * The forms in which an answer can be asked for, and which of them a model's server takes.
 *
 * A server that refuses a form is asked in the next one at once: a refusal costs nothing. What it took is remembered for the
 * model in this process.
 */
import { APICallError, UnsupportedFunctionalityError } from 'ai';
import type { Failure } from '../../domain/failures';
import type { ModelMessage, ModelRequest } from '../../ports/model';
import { FORMS } from './forms-list';
import type { Form } from './forms-list';
import type { Limits } from './wire-schema';

/** One way to ask. */
export interface Attempt {
  form: Form;
  limits: Limits;
}

export interface Refused extends Attempt {
  /** `limits`: the same form may be taken with limits in words. */
  of: 'form' | 'limits';
}

/** `failure`: what was made of `error`. */
export interface Refusal {
  error: unknown;
  failure: Failure;
}

export interface FormMemory {
  /** What to try, the best first; `limits`: how the provider takes limits of schemas. */
  attemptsFor(request: ModelRequest, limits: Limits): Attempt[];
  /** What a server's refusal is about, so that another attempt may be taken; undefined: the request itself. */
  refusalOf(attempt: Attempt, refusal: Refusal, request: ModelRequest): Refused['of'] | undefined;
  /** The server has answered this attempt, after it had refused others of the same request. */
  took(attempt: Attempt, refused: Refused[], request: ModelRequest): void;
}

interface Known {
  /** `provider:id`. */
  id: string;
  /** The only form, by the settings. */
  chosen: Form | undefined;
}

/** `say` is told once where a server takes less than it was asked first. */
export function createFormMemory({ id, chosen }: Known, say: (line: string) => void): FormMemory {
  const taken = new Set<string>();
  const refusedBefore = new Set<string>();
  return {
    attemptsFor({ tools }, limits) {
      const forms = chosen === undefined ? FORMS.filter((form) => form !== 'tools' || tools !== undefined) : [chosen];
      const attempts = forms.flatMap((form): Attempt[] => {
        if (limits === 'words' || form === 'text') return [{ form, limits: 'words' }];
        return [
          { form, limits },
          { form, limits: 'words' },
        ];
      });
      return attempts.filter(
        ({ form, limits: how }) => !refusedBefore.has(form) && !refusedBefore.has(`${form}.${how}`),
      );
    },
    refusalOf(attempt, { error, failure }, { messages }) {
      if (UnsupportedFunctionalityError.isInstance(error)) return 'form';
      if (!APICallError.isInstance(error) || !OF_FORM.includes(error.statusCode ?? 0)) return undefined;
      // Another cause was found in its words: a request that is too long, an account without credit.
      if (failure.type !== 'Model.BadRequest' && error.statusCode !== 501) return undefined;
      const words = `${error.message} ${error.responseBody?.slice(0, 10_000)}`;
      if (attempt.limits === 'keywords' && NAMES_LIMITS.test(words)) return 'limits';
      // A role that has begun with tools would end half done in a form without: there the words must name the form.
      if (messages.some(({ from }) => from === 'tools')) {
        const tookTools = messages.some((message) => isOwnCall(message, id));
        return !tookTools && NAMES_FORM.test(words) && !NAMES_TURN.test(words) ? 'form' : undefined;
      }
      if (error.statusCode === 400 && !taken.has(nameOf(attempt))) return 'form';
      return NAMES_FORM.test(words) ? 'form' : undefined;
    },
    took(attempt, refused, { messages }) {
      // In a longer conversation something else may have been refused: this one goes on, and the next one asks again.
      const isFresh = messages.every(({ from }) => from === 'user');
      for (const { of, ...other } of refused) {
        if (!isFresh || taken.has(nameOf(other))) continue;
        refusedBefore.add(of === 'form' ? other.form : nameOf(other));
        const what = of === 'form' ? `the form "${other.form}"` : `limits as keywords in the form "${other.form}"`;
        say(`the server refuses ${what}; requests go out in the form "${attempt.form}" from now on`);
      }
      taken.add(nameOf(attempt));
    },
  };
}

/** The model has called tools in this conversation, so its server takes them. */
function isOwnCall(message: ModelMessage, id: string): boolean {
  return message.from === 'model' && message.toolCalls.length > 0 && message.native?.model === id;
}

function nameOf({ form, limits }: Pick<Attempt, 'form' | 'limits'>): string {
  return `${form}.${limits}`;
}

const OF_FORM = [400, 422, 501];
const NAMES_FORM = /\btools?\b|tool_choice|tool_use|function|response_format|schema|grammar|json/i;
/** A message of the conversation is refused, not the form. */
const NAMES_TURN = /\b(?:messages|input|contents)\b.{0,3}\d|tool_result|tool_call_id|call_id|arguments/i;
/** A server that cannot make a grammar of a limit may take the same form without. */
const NAMES_LIMITS =
  /grammar|repetition|keyword|(?:min|max)(?:length|items|imum)|unsupported .{0,40}schema|schema .{0,40}unsupported/i;

/**
 * Decides in which form a model is asked for an answer, and remembers which forms its server accepts.
 *
 * After a refused form the next form is tried at once, because a refusal costs nothing. The memory is kept for each model, in this
 * process only.
 */
import { APICallError, UnsupportedFunctionalityError } from 'ai';
import type { Failure } from '../../domain/failures';
import type { ModelMessage, ModelRequest } from '../../ports/model';
import { FORMS } from './forms-list';
import type { Form } from './forms-list';
import type { LimitStyle } from './wire-schema';

/** One form, with the way in which limits of the schema are sent. */
export interface Attempt {
  form: Form;
  limits: LimitStyle;
}

export interface RefusedAttempt extends Attempt {
  /** The cause of the refusal. `limits`: the server may accept the same form with limits in words. */
  cause: 'form' | 'limits';
}

/** An error of the server, and the failure that it was converted to. */
export interface Refusal {
  error: unknown;
  failure: Failure;
}

export interface FormMemory {
  /** Lists the attempts, best first. `limits`: how the provider accepts limits of schemas. */
  attemptsFor(request: ModelRequest, limits: LimitStyle): Attempt[];
  /** Finds the cause of a refusal. Returns undefined if the server refused the request itself, so that no attempt can help. */
  refusalOf(attempt: Attempt, refusal: Refusal, request: ModelRequest): RefusedAttempt['cause'] | undefined;
  /** Records that the server accepted this attempt, after it had refused others for the same request. */
  recordAccepted(attempt: Attempt, refused: RefusedAttempt[], request: ModelRequest): void;
}

interface FormMemoryOptions {
  /** `provider:id`. */
  id: string;
  /** The form that the settings fix; undefined: any. */
  fixedForm: Form | undefined;
}

/** `say` logs each form that the server refuses, once. */
export function createFormMemory(
  { id, fixedForm: chosen }: FormMemoryOptions,
  say: (line: string) => void,
): FormMemory {
  const acceptedAttempts = new Set<string>();
  const refusedNames = new Set<string>();
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
        ({ form, limits: style }) => !refusedNames.has(form) && !refusedNames.has(`${form}.${style}`),
      );
    },
    refusalOf(attempt, { error, failure }, { messages }) {
      if (UnsupportedFunctionalityError.isInstance(error)) return 'form';
      if (!APICallError.isInstance(error) || !FORM_STATUSES.includes(error.statusCode ?? 0)) return undefined;
      // The message named another cause, such as a request that is too long or an account without credit.
      if (failure.type !== 'Model.BadRequest' && error.statusCode !== 501) return undefined;
      const words = `${error.message} ${error.responseBody?.slice(0, 10_000)}`;
      if (attempt.limits === 'keywords' && NAMES_LIMITS.test(words)) return 'limits';
      // A role that has used tools could not finish its work without them, so here the message must name the form.
      if (messages.some(({ from }) => from === 'tools')) {
        const hasCalledTools = messages.some((message) => isOwnCall(message, id));
        return !hasCalledTools && NAMES_FORM.test(words) && !NAMES_TURN.test(words) ? 'form' : undefined;
      }
      if (error.statusCode === 400 && !acceptedAttempts.has(nameOf(attempt))) return 'form';
      return NAMES_FORM.test(words) ? 'form' : undefined;
    },
    recordAccepted(attempt, refused, { messages }) {
      // In a longer conversation the cause may have been another one, so the refusal counts for this request only.
      const isFirstTurn = messages.every(({ from }) => from === 'user');
      for (const { cause: of, ...other } of refused) {
        if (!isFirstTurn || acceptedAttempts.has(nameOf(other))) continue;
        refusedNames.add(of === 'form' ? other.form : nameOf(other));
        const refusedFeature =
          of === 'form' ? `the form "${other.form}"` : `limits as keywords in the form "${other.form}"`;
        say(`the server refuses ${refusedFeature}; requests go out in the form "${attempt.form}" from now on`);
      }
      acceptedAttempts.add(nameOf(attempt));
    },
  };
}

/** True for a turn in which this model called tools: its server accepts them. */
function isOwnCall(message: ModelMessage, id: string): boolean {
  return message.from === 'model' && message.toolCalls.length > 0 && message.native?.model === id;
}

function nameOf({ form, limits }: Pick<Attempt, 'form' | 'limits'>): string {
  return `${form}.${limits}`;
}

const FORM_STATUSES = [400, 422, 501];
const NAMES_FORM = /\btools?\b|tool_choice|tool_use|function|response_format|schema|grammar|json/i;
/** Matches refusals of a message of the conversation, not of the form. */
const NAMES_TURN = /\b(?:messages|input|contents)\b.{0,3}\d|tool_result|tool_call_id|call_id|arguments/i;
/** Matches refusals of limits. A server that cannot turn a limit into a grammar may accept the same form without limits. */
const NAMES_LIMITS =
  /grammar|repetition|keyword|(?:min|max)(?:length|items|imum)|unsupported .{0,40}schema|schema .{0,40}unsupported/i;

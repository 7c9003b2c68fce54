/**
 * The forms in which an answer can be asked for, and which of them a model's server takes.
 *
 * A server that refuses a form is asked in the next one at once: a refusal costs nothing. What it took is remembered for the
 * model in this process.
 */
import { APICallError, UnsupportedFunctionalityError } from 'ai';
import type { Failure } from '../../domain/failures';
import type { ModelRequest } from '../../ports/model';
import { FORMS } from './forms-list';
import type { Form } from './forms-list';

export interface FormMemory {
  /** The forms to try, the best first. */
  formsFor(request: ModelRequest): Form[];
  /** True where a server's refusal is one of the form, so that the next may be tried. */
  isRefused(form: Form, error: unknown, failure: Failure): boolean;
  /** The server has answered in this form, after it had refused `refused`. */
  took(form: Form, refused: Form[]): void;
}

/** `chosen`: the only form, by the settings. `say` is told once where a server takes less than it was asked first. */
export function createFormMemory(chosen: Form | undefined, say: (line: string) => void): FormMemory {
  const taken = new Set<Form>();
  const refusedBefore = new Set<Form>();
  return {
    formsFor({ tools }) {
      if (chosen !== undefined) return [chosen];
      return FORMS.filter((form) => (form !== 'tools' || tools !== undefined) && !refusedBefore.has(form));
    },
    isRefused(form, error, failure) {
      if (UnsupportedFunctionalityError.isInstance(error)) return true;
      if (!APICallError.isInstance(error) || !OF_FORM.includes(error.statusCode ?? 0)) return false;
      // Another cause was found in its words: a request that is too long, an account without credit.
      if (failure.type !== 'Model.BadRequest' && error.statusCode !== 501) return false;
      if (error.statusCode === 400 && !taken.has(form)) return true;
      return NAMES_FORM.test(`${error.message} ${error.responseBody?.slice(0, 10_000)}`);
    },
    took(form, refused) {
      for (const other of refused) {
        // It was taken before, so this one request had something in it that was refused.
        if (taken.has(other) || refusedBefore.has(other)) continue;
        refusedBefore.add(other);
        say(`the server refuses requests in the form "${other}"; they go out in the form "${form}" from now on`);
      }
      taken.add(form);
    },
  };
}

const OF_FORM = [400, 422, 501];
const NAMES_FORM = /\btools?\b|tool_choice|tool_use|function|response_format|schema|grammar|json/i;

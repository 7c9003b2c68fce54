/**
 * Builds the replies for answers that were paid for and cannot be used: `says` is sent to the model, `summary` is for people.
 *
 * `summary` never quotes the answer. `says` quotes it only within a data block.
 */
import type { UnusableAnswer } from '../../ports/model';
import type { Misfit } from './judge-value';
import { FINISH } from './offer';
import { dataBlock } from '../../domain/context-blocks';
import { cutText } from '../../domain/text';

/** The length to which an answer is cut before it is shown to the model again. */
const MAX_SHOWN_CHARS = 60_000;

/** `finish`: the model was to call the tool `finish`. `json`: it was to answer with a JSON object. */
export type AnswerVia = 'finish' | 'json';

const REPEAT: Record<AnswerVia, string> = {
  finish: `Do not write the answer as text: call the tool \`${FINISH}\` alone, with the whole output as its input.`,
  json: 'Answer with exactly one JSON object that fits the schema, with no text before or behind it.',
};

const SHORTEN: Record<AnswerVia, string> = {
  finish:
    'Nothing of it was kept or carried out, none of its tool calls either. Do it in smaller turns: change a file with `edit` where it exists, write a large one in pieces with `append`, and name fewer files a turn. Think and explain less. If it was the final output, make it shorter.',
  json: 'Nothing of it was kept. Think and explain less, and give a shorter answer.',
};

export function emptyAnswer(way: AnswerVia): UnusableAnswer {
  return unusable('empty', {
    text: '',
    says: `Your last turn held no answer: only thinking, or nothing at all. ${continueOrAnswer(way)}`,
    summary: 'the answer was empty',
  });
}

export function cutAnswer(limitTokens: number | undefined, way: AnswerVia): UnusableAnswer {
  const limit = limitTokens === undefined ? 'the limit of output tokens' : `the limit of ${limitTokens} output tokens`;
  return unusable('cut', {
    text: '',
    says: `Your last turn reached ${limit} and broke off. ${SHORTEN[way]}`,
    summary: `the answer reached ${limit}`,
  });
}

export function callsInText(text: string, tools: string[]): UnusableAnswer {
  return unusable('calls_in_text', {
    text,
    says: `You wrote a tool call as text. Text calls nothing, so nothing was carried out. Call the tools by the interface for tool calls; they are: ${tools.join(', ')}.`,
    summary: 'tools were called in words',
  });
}

/** `several`: the answer contains more than one object. */
export function notJson(text: string, problem: 'none' | 'broken' | 'several', way: AnswerVia): UnusableAnswer {
  const complaint = {
    none: 'Your last answer holds no JSON object.',
    broken: 'The JSON of your last answer cannot be read: it breaks off, or a quote, comma or bracket is wrong in it.',
    several: 'Your last answer holds several different JSON objects, so that it is not clear which one is meant.',
  };
  const summary = {
    none: 'the answer holds no JSON',
    broken: 'the JSON of the answer cannot be read',
    several: 'the answer holds several JSON objects',
  };
  return unusable('not_json', {
    text,
    says: `${complaint[problem]} ${continueOrAnswer(way)}`,
    summary: summary[problem],
  });
}

export function misfit(text: string, misfits: Misfit[], way: AnswerVia): UnusableAnswer {
  const shownMisfits = misfits.slice(0, 5).map(({ path, code }) => `${path} (${code})`);
  return unusable('misfit', {
    text,
    says: [
      'Your last answer does not fit the schema. What follows is data: a list of what is wrong and where.',
      dataBlock('schema_issues', JSON.stringify(misfits, null, 1)),
      `Give the whole answer again, corrected. Change only what the list names. ${REPEAT[way]}`,
    ].join('\n\n'),
    summary: `the answer does not fit its schema: ${shownMisfits.join(', ')}`,
  });
}

/** The model called `finish` more than once in one turn, with different outputs. */
export function finishedTwice(text: string): UnusableAnswer {
  return unusable('misfit', {
    text,
    says: `You called \`${FINISH}\` several times with different inputs, so that it is not clear which one is meant. Call it once.`,
    summary: 'the answer was handed over several times',
  });
}

function continueOrAnswer(way: AnswerVia): string {
  return way === 'finish' ? `If there is more to do, call a tool. If you are done: ${REPEAT.finish}` : REPEAT.json;
}

function unusable(
  reason: UnusableAnswer['reason'],
  { text, says, summary }: Omit<UnusableAnswer, 'kind' | 'reason'>,
): UnusableAnswer {
  return { kind: 'unusable', reason, text: cutText(text, MAX_SHOWN_CHARS), says, summary };
}

/**
 * Parses the command line of the demonstration.
 */
import { parseArgs } from 'node:util';
import { MODEL_FORMS } from '../../adapters/models/model-spec';

export interface Arguments {
  sentence: string;
  /** A value as for the setting MODEL; null: the scripted answers. */
  model: string | null;
  external: boolean;
  keep: boolean;
  help: boolean;
}

const SENTENCE = 'Build me a dark mode feature';

export const HELP = `npm run demo -- [options] [sentence]

From one sentence ("${SENTENCE}") to a tested, released change of a small web page,
on a Temporal server, worker and API of its own. The answers of the five roles are scripted;
git, sandbox, tests, evidence and release are real.

  --model <spec>   a model for every role: ${MODEL_FORMS}
  --external       no model: the build waits for you; prints the curl lines that drive it
  --keep           stays up after the end, so that the Temporal Web UI can be looked at
  --help           this text

PORT (default here: a free one), DATA_DIR and the other settings hold as for npm start.`;

/** Parses the arguments. Throws an Error with a message of one line. */
export function readArguments(argv: string[]): Arguments {
  const { values, positionals } = parse(argv);
  if (values.external && values.model !== undefined) throw new Error('--external takes no --model: you are the model');
  const words = positionals.join(' ').trim();
  return {
    sentence: words === '' ? SENTENCE : words,
    model: values.model ?? null,
    external: values.external,
    keep: values.keep,
    help: values.help,
  };
}

function parse(args: string[]) {
  const flag = { type: 'boolean', default: false } as const;
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: { model: { type: 'string' }, external: flag, keep: flag, help: { ...flag, short: 'h' } },
    });
  } catch (error) {
    const [sentence] = (error instanceof Error ? error.message : String(error)).split(/\.\s|\n/);
    throw new Error(`${sentence}; npm run demo -- --help lists the options`);
  }
}

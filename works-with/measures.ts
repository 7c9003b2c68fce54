/**
 * The other measurements of `npm run works-with`: mock engineers, intents, models with malformed answers, and a small real model.
 */
import startTestServer from '../test/server';
import stopTestServer from '../test/server-stop';
import { runEngineers } from './engineer/run-engineers';
import { isAtMostHalf, runIntents } from './intents/run-intents';
import { runLlama } from './llama/run-llama';
import { checkModels, failuresIn } from './models/check-models';
import { isBounded, runMalformedBuilds } from './models/run-malformed';
import { buildsText, engineersText, intentsText, modelsText, writeSection } from './sections';

interface MeasureOptions {
  /** Names of engineers or intents, or rows such as M5; empty: all. */
  only: readonly string[];
  /** True to write the results to docs/works-with.md, or for a real model to docs/llama.md. */
  write: boolean;
}

export const MEASURES = ['engineers', 'intents', 'models', 'llama'] as const;

/** The measurements. Each of them gives the exit code. */
export const MEASURE: Record<(typeof MEASURES)[number], (options: MeasureOptions) => Promise<number>> = {
  engineers: ({ only, write }) =>
    onServer(async () => {
      const { rows, isGood } = await runEngineers(only);
      if (write) writeSection('engineers', engineersText(rows));
      return isGood ? 0 : 1;
    }),
  intents: async ({ only, write }) => {
    const rows = await runIntents(only);
    if (write) writeSection('intents', intentsText(rows));
    else process.stdout.write(`${intentsText(rows)}\n`);
    return isAtMostHalf(rows) ? 0 : 1;
  },
  models: async ({ only, write }) => {
    const rows = await checkModels();
    if (write) writeSection('models', modelsText(rows));
    return onServer(async () => {
      const builds = await runMalformedBuilds(only);
      if (write) writeSection('builds', buildsText(builds));
      return failuresIn(rows).length === 0 && builds.every(isBounded) ? 0 : 1;
    });
  },
  llama: async ({ only, write }) => {
    if (only.length > 0) throw new Error('--llama has no parts to choose from; leave out --only');
    return onServer(async () => ((await runLlama({ write })) ? 0 : 1));
  },
};

async function onServer(measure: () => Promise<number>): Promise<number> {
  await startTestServer();
  try {
    return await measure();
  } finally {
    await stopTestServer();
  }
}

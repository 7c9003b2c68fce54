/** Tests that many files are decoded in batches, so that the main thread stays responsive: real git. */
import { longestStopMs } from '../../main-thread';
import { makePlace } from './git-fixture';

/** Decoding all files without a pause blocks the thread for 316 ms: text that is not ASCII takes ten times as long as ASCII. */
const MAX_BLOCK_MS = 150;
const FILES = 40;

const place = makePlace();
afterAll(() => place.remove());

test('S1: 40 files of 900 KB are decoded in several rounds of the event loop, and none is missing', async () => {
  const { workspace } = place;
  const repo = { projectId: 'shop', buildId: 'many' };
  let at = { ...repo, ...(await workspace.prepare(repo)) };
  const content = 'é€ '.repeat(150_000);
  const paths = Array.from({ length: FILES }, (_, n) => `src/words-${n}.txt`);
  for (let begin = 0; begin < FILES; begin += 10) {
    const files = paths.slice(begin, begin + 10).map((path) => ({ path, content: content + path }));
    const { commit } = await workspace.apply(at, files, 'words');
    at = { ...at, commit };
  }
  let texts = new Map<string, string>();
  const stopMs = await longestStopMs(async () => (texts = await workspace.contents(at, paths)));
  expect([...texts.keys()].sort()).toEqual([...paths].sort());
  expect(texts.get('src/words-7.txt')).toBe(`${content}src/words-7.txt`);
  expect(stopMs).toBeLessThan(MAX_BLOCK_MS);
});

/** Reclaims in its own process, which the test kills. Argument: the data folder. */
import { createFileDocuments } from '../../../src/adapters/artifacts/documents';
import { reclaim } from '../../../src/adapters/reclaim/run';
import { dataFolders } from '../../../src/programs/data-folders';
import { DAY_MS, RULES } from './place';

const dataDir = process.argv[2] ?? '';
const folders = dataFolders(dataDir);
const documents = createFileDocuments(folders.documents);
const rules = { ...RULES, now: Date.now() + 31 * DAY_MS };
const listOpen = async () => {
  process.stdout.write('began\n');
  return [];
};
void reclaim({ dataDir, folders, documents, isDryRun: false, listOpenWork: listOpen, rules }).then(
  () => process.stdout.write('ended\n'),
  (error: unknown) => {
    process.stderr.write(String(error));
    process.exit(1);
  },
);

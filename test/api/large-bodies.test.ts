/**
 * Tests bodies of an allowed size with too many members: each is refused with the name of the member, before other code reads it.
 */
import { NODES_LIMIT } from '../../src/domain/canonical';
import { processorMs } from '../processor-time';
import { serveApi } from './served';
import type { Api, Answer } from './served';

let api: Api;
let project: string;
beforeAll(async () => {
  api = await serveApi({ worker: false });
  project = api.newProject();
});
afterAll(() => api?.stop());

const listOf = <T>(count: number, make: (n: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n));
const startBody = (more: object) => ({ user_id: 'u', requirements: 'x', ...more });

const ROWS: Array<[string, string, string, object]> = [
  ['60,000 answers', 'p.b/answer', 'answers', { answers: Object.fromEntries(listOf(60_000, (n) => [`Q${n}`, 'yes'])) }],
  [
    '500,000 numbers in metadata',
    ':project/start',
    'metadata',
    startBody({ metadata: { numbers: listOf(500_000, () => 1) } }),
  ],
  ['100,000 empty lists', ':project/start', 'metadata', startBody({ metadata: { lists: listOf(100_000, () => []) } })],
  ['60,000 names of the body', ':project/start', '', Object.fromEntries(listOf(60_000, (n) => [`m${n}`, 1]))],
  [
    'too many members of a result',
    'p.b/advance',
    'phase_result',
    { phase_result: { a: listOf(12_000, (n) => ({ n })) } },
  ],
];

test.each(ROWS)(
  'S12: %s are refused with the name of the member, and take little processor time',
  async (_what, path, field, body) => {
    const address = `/api/workflows/${path.replace(':project', project)}`;
    const text = JSON.stringify(body);
    expect(text.length).toBeLessThan(1_048_576);
    let answer: Answer | undefined;
    const ms = await processorMs(async () => (answer = await api.post(address, text)));
    expect(answer).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining('too many members and elements') },
    });
    expect(answer?.body.field).toMatch(field === '' ? /^m\d+$/ : RegExp(`^${field}$`));
    // This includes the time of the client. Without the limit on members it was 2,500 ms.
    expect(ms).toBeLessThan(500);
  },
);

test('S12: a body with the largest allowed number of members is read', async () => {
  const body = startBody({ metadata: { numbers: listOf(NODES_LIMIT - 200, () => 1) } });
  const answer = await api.post(`/api/workflows/${project}/start`, body);
  expect(answer.body.detail ?? '').not.toContain('too many members');
});

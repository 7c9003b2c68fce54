/**
 * Bodies of a legal size with too many members: refused by the name of the member, before other code walks through them.
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

const many = <T>(count: number, make: (n: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n));
const START = (more: object) => ({ user_id: 'u', requirements: 'x', ...more });

const ROWS: Array<[string, string, string, object]> = [
  ['60,000 answers', 'p.b/answer', 'answers', { answers: Object.fromEntries(many(60_000, (n) => [`Q${n}`, 'yes'])) }],
  [
    '500,000 numbers in metadata',
    ':project/start',
    'metadata',
    START({ metadata: { numbers: many(500_000, () => 1) } }),
  ],
  ['100,000 empty lists', ':project/start', 'metadata', START({ metadata: { lists: many(100_000, () => []) } })],
  ['60,000 names of the body', ':project/start', '', Object.fromEntries(many(60_000, (n) => [`m${n}`, 1]))],
  [
    'too many members of a result',
    'p.b/advance',
    'phase_result',
    { phase_result: { a: many(12_000, (n) => ({ n })) } },
  ],
];

test.each(ROWS)('S12: %s are refused by name, and take little of the processor', async (_what, path, field, body) => {
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
  // With the client's part of it; 2,500 ms before there was a bound.
  expect(ms).toBeLessThan(500);
});

test('S12: a body of just as many members as may be sent is read', async () => {
  const body = START({ metadata: { numbers: many(NODES_LIMIT - 200, () => 1) } });
  const answer = await api.post(`/api/workflows/${project}/start`, body);
  expect(answer.body.detail ?? '').not.toContain('too many members');
});

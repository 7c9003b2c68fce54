/** Combines the downloads of several install steps; lists are limited and count what is left out. */
import { combineFetched, FETCHED_LIMIT, fetchedText } from '../../src/domain/fetched';
import type { Downloads } from '../../src/domain/fetched';

const step = (servers: string[], refused: string[] = [], omitted = { servers: 0, refused: 0 }): Downloads => ({
  servers: servers.map((server, at) => ({
    ...{ server, connections: 1, received_bytes: 10, sent_bytes: 1 },
    ...{ first_at: `2026-11-27T00:00:0${at % 10}.000Z`, last_at: `2026-11-27T00:01:0${at % 10}.000Z` },
  })),
  refused,
  omitted,
});

test('S2: a server used by several steps is one entry with the sum of bytes', () => {
  const all = combineFetched([step(['a:443', 'b:443'], ['x:80']), undefined, step(['b:443'], ['x:80', 'y:80'])]);
  expect(all?.servers.map(({ server, connections, received_bytes }) => [server, connections, received_bytes])).toEqual([
    ['a:443', 1, 10],
    ['b:443', 2, 20],
  ]);
  expect(all?.servers[1]).toMatchObject({ first_at: '2026-11-27T00:00:00.000Z', last_at: '2026-11-27T00:01:01.000Z' });
  expect(all?.refused).toEqual(['x:80', 'y:80']);
  expect(fetchedText(all as Downloads)).toBe('set-up fetched 30 bytes from a:443, b:443; refused: x:80, y:80');
});

test('S2: entries that are cut are counted, including those already cut in the steps', () => {
  const many = Array.from({ length: FETCHED_LIMIT + 7 }, (_, at) => `s${at}:443`);
  const all = combineFetched([step(many, many, { servers: 2, refused: 3 })]);
  expect([all?.servers.length, all?.refused.length]).toEqual([FETCHED_LIMIT, FETCHED_LIMIT]);
  expect(all?.omitted).toEqual({ servers: 9, refused: 10 });
  expect(fetchedText(all as Downloads)).toMatch(/s2:443 and 56 more; refused: s0:443, s1:443, s2:443 and 57 more$/);
});

test('S2: without a proxied step nothing is known, and a proxied step without downloads says so', () => {
  expect(combineFetched([undefined])).toBeUndefined();
  expect(fetchedText(step([]))).toBe('set-up fetched nothing');
});

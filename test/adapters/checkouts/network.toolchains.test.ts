/** S2: tests that the real package managers install through the proxy of setup, and that their network traffic is recorded. */
import { createPlace } from './place';

let place: ReturnType<typeof createPlace>;
beforeAll(() => (place = createPlace()));
afterAll(() => place.stop());

test.each([
  [
    'npm ci',
    'echo \'{"name":"a","dependencies":{"is-odd":"3.0.1"}}\' > package.json && npm install --package-lock-only && npm ci',
  ],
  ['pip install', 'python3 -m venv v && v/bin/python -m pip install six==1.16.0'],
  ['go mod download', 'go mod init a && go mod edit -require golang.org/x/text@v0.14.0 && go mod download'],
  ['cargo fetch', 'cargo init --name a . && cargo add itoa && cargo fetch'],
  ['mvn', 'mvn -q -B dependency:get -Dartifact=junit:junit:4.13.2'],
])(
  'S2: %s works through the proxy',
  async (name, script) => {
    const at = await place.commit({ 'a.txt': name });
    const fetched = await place.use(at, (checkout) => Promise.resolve(checkout.fetched), {
      overrides: { setup: ['sh', '-c', script] },
    });
    expect(fetched?.refused).toEqual([]);
    expect(fetched?.servers.reduce((sum, one) => sum + one.received_bytes, 0)).toBeGreaterThan(10_000);
  },
  400_000,
);

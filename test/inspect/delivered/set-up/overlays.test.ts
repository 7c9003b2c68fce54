/**
 * Files that replace a tested source in production are found, even if the plan mentions the step.
 */
import { CLUSTER, COMPOSE, IMAGE, findingsIn } from './set-up-trees';

const PLAN = { text: 'The image, the compose file, the cluster, the page, systemd and the proxy.', paths: [] };
const PATCH = '--- a/src/price.js\n+++ b/src/price.js\n@@ -1 +1 @@\n-1\n+2\n';
const image = (step: string) => ({ Dockerfile: IMAGE.replace('CMD', `${step}\nCMD`) });
const PYTHON = {
  'till/a.py': 'x = 1\n',
  Dockerfile: 'FROM python:3.12\nCOPY till ./till\nCMD ["python", "-OO", "-m", "till"]\n',
};
const page = (map: string) => `<title>Till</title>\n<script type="importmap">${map}</script>\n`;

test.each<[string, Record<string, string>, Record<string, string>]>([
  [
    'a patch',
    { Dockerfile: IMAGE },
    { ...image('COPY live.patch ./\nRUN patch -p1 < live.patch'), 'live.patch': PATCH },
  ],
  ['a patch by git', { Dockerfile: IMAGE }, { ...image('RUN git apply live.diff'), 'live.diff': PATCH }],
  ['an edited line', { Dockerfile: IMAGE }, image("RUN sed -i 's/1/2/' src/price.js")],
  ['edited lines of all files', { Dockerfile: IMAGE }, image("RUN sed -i 's/1/2/' src/*.js")],
  ['a printed text', { Dockerfile: IMAGE }, image('RUN echo "export const total = 2;" > src/price.js')],
  ['a copied file', { Dockerfile: IMAGE, 'deploy/price.js': '' }, image('COPY deploy/price.js ./src/price.js')],
  ['a copied file in its folder', { Dockerfile: IMAGE, 'deploy/price.js': '' }, image('COPY deploy/price.js ./src/')],
  ['a copied folder', { Dockerfile: IMAGE, 'deploy/src/price.js': '' }, image('COPY deploy/ ./')],
  ['a text in the image', { Dockerfile: IMAGE }, image('COPY <<EOF src/price.js\nexport const total = 2;\nEOF')],
  ['a file moved', { Dockerfile: IMAGE, 'deploy/live.js': '' }, image('RUN mv deploy/live.js src/price.js')],
  [
    'a mount of a cluster',
    { 'a.yaml': CLUSTER },
    {
      'a.yaml': `${CLUSTER}          volumeMounts:\n            - name: rules\n              mountPath: /app/src/price.js\n              subPath: price.js\n`,
    },
  ],
  [
    'a mount over a folder',
    { 'a.yaml': CLUSTER },
    { 'a.yaml': `${CLUSTER}          volumeMounts:\n            - name: rules\n              mountPath: /app/src\n` },
  ],
  [
    'a volume',
    { 'compose.yaml': COMPOSE },
    { 'compose.yaml': `${COMPOSE}    volumes:\n      - ./live/price.js:/app/src/price.js:ro\n` },
  ],
  [
    'a config',
    { 'compose.yaml': COMPOSE },
    { 'compose.yaml': `${COMPOSE}    configs:\n      - source: rules\n        target: /app/src/price.js\n` },
  ],
  [
    'an option of node with code in it',
    { Dockerfile: IMAGE },
    image('ENV NODE_OPTIONS="--import=data:text/javascript,Math.floor=Math.ceil"'),
  ],
  [
    'an option of node in the start command',
    { Dockerfile: IMAGE },
    image('CMD ["node", "--import", "data:text/javascript,1", "a.js"]'),
  ],
  [
    'a preloaded library',
    { 'till.service': '[Service]\n' },
    { 'till.service': '[Service]\nEnvironment=LD_PRELOAD=/opt/round.so\n' },
  ],
  ['a Java agent', { Dockerfile: IMAGE }, image('ENV JAVA_TOOL_OPTIONS=-javaagent:/app/round.jar')],
  ['a docstring that python -OO removes', PYTHON, { 'till/a.py': 'x = 1\nrule = to_pay.__doc__ or ""\n' }],
  [
    'an import map',
    { 'index.html': '<title>Till</title>\n' },
    { 'index.html': page('{ "imports": { "/src/price.js": "/src/old.js" } }') },
  ],
  [
    'an import map with a scope',
    { 'index.html': '' },
    { 'index.html': page('{ "scopes": { "/": { "./src/price.js": "./src/old.js" } } }') },
  ],
  [
    'an alias',
    { 'vite.config.js': '' },
    { 'vite.config.js': "export default { resolve: { alias: { './src/price.js': '/src/old.js' } } };\n" },
  ],
  [
    'an alias in a list',
    { 'vite.config.js': '' },
    { 'vite.config.js': "const alias = [{ find: './src/price.js', replacement: '/src/old.js' }];\n" },
  ],
])('%s is found', (_, base, files) => {
  expect(findingsIn({ base, files, asked: PLAN })).toEqual([
    expect.stringMatching(/is not what was tested|no test has run|gets the other one|in production there is none/),
  ]);
});

test.each<[string, Record<string, string>, Record<string, string>]>([
  ['a new file of the source folder', { Dockerfile: IMAGE, 'src/a.js': '' }, image('COPY src/a.js ./src/a.js')],
  ['the built file', { Dockerfile: IMAGE }, image('COPY --from=build /app/dist ./dist')],
  [
    'the same file of an earlier stage',
    { Dockerfile: IMAGE },
    image('COPY --from=build /app/src/price.js ./src/price.js'),
  ],
  [
    'settings beside sources',
    { Dockerfile: IMAGE, 'deploy/live.json': '' },
    image('COPY deploy/live.json ./src/live.json'),
  ],
  [
    'a patch of another program',
    { Dockerfile: IMAGE },
    { ...image('RUN patch -p1 < zlib.patch'), 'zlib.patch': '+++ b/zlib/inflate.c\n' },
  ],
  ['a number that the build writes', { Dockerfile: IMAGE }, image('RUN sed -i "s/__VERSION__/$VERSION/" src/price.js')],
  [
    'a changed setting of the system',
    { Dockerfile: IMAGE },
    image("RUN sed -i 's/a/b/' /etc/apt/sources.list && echo a > /etc/till.conf"),
  ],
  [
    'a volume for data',
    { 'compose.yaml': COMPOSE },
    { 'compose.yaml': `${COMPOSE}    volumes:\n      - data:/var/lib/till\n      - ./src:/app/src\n` },
  ],
  [
    'a setting that is mounted',
    { 'a.yaml': CLUSTER, 'config/a.js': '' },
    {
      'a.yaml': `${CLUSTER}          volumeMounts:\n            - name: config\n              mountPath: /etc/config\n`,
    },
  ],
  ['more memory', { Dockerfile: IMAGE }, image('ENV NODE_OPTIONS="--max-old-space-size=512 --enable-source-maps"')],
  ['another allocator', { Dockerfile: IMAGE }, image('ENV LD_PRELOAD=/usr/lib/libjemalloc.so.2')],
  [
    'a Java agent that measures',
    { Dockerfile: IMAGE },
    image('ENV JAVA_TOOL_OPTIONS=-javaagent:/otel/opentelemetry-javaagent.jar'),
  ],
  ['a docstring for help', PYTHON, { 'till/a.py': 'x = 1\nparser = ArgumentParser(description=to_pay.__doc__)\n' }],
  [
    'an import map of packages',
    { 'index.html': '' },
    { 'index.html': page('{ "imports": { "vue": "/lib/vue.js", "/src/price.js": "/dist/price.3f.js" } }') },
  ],
  [
    'an alias of a folder',
    { 'vite.config.js': '' },
    { 'vite.config.js': "export default { resolve: { alias: { '@': '/src', react: 'preact/compat' } } };\n" },
  ],
])('%s is not found', (_, base, files) => {
  expect(findingsIn({ base, files, asked: PLAN })).toEqual([]);
});

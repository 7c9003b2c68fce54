/**
 * Ways in which a page tries to read from the API, the Web UI and Temporal's own ports, or to change a build by them.
 *
 * Each is the code of a function that runs in the page. It is given `at` (addresses) and gives, in words, what it could read.
 */

/** Addresses that the code of a way is given. */
export interface Targets {
  /** `http://127.0.0.1:<port>` of the API, and its port. */
  api: string;
  port: number;
  /** `/api/workflows/<id>` of the build. */
  build: string;
  /** The same for the Web UI's known address. */
  ui: string;
  uiPort: number;
  grpcPort: number;
  httpPort: number;
  metricsPort: number;
  /** Of the attacker. */
  site: string;
}

export interface Way {
  name: string;
  code: string;
  /** Nothing in the page tells when the request is over: wait until the API has logged that many. */
  arrives?: number;
}

/** Before each: what the code of ways uses. */
export const HELPERS = `
  const read = async (url, init) => {
    try { const answer = await fetch(url, init); return answer.type + ' ' + answer.status + ' ' + (await answer.text()); }
    catch (error) { return String(error); }
  };
  const ended = (element, parent = document.body) => new Promise((resolve) => {
    for (const name of ['load', 'error', 'loadeddata']) element.addEventListener(name, () => resolve(name), { once: true });
    parent.append(element);
  });
  const make = (tag, members) => Object.assign(document.createElement(tag), members);
  const framed = async (url) => {
    const frame = make('iframe', { src: url });
    await ended(frame);
    try { return frame.contentDocument.documentElement.outerHTML; } catch (error) { return String(error); }
  };
  const send = async (action, fields, more = {}) => {
    const frame = make('iframe', { name: 'answer' });
    document.body.append(frame);
    const form = make('form', { action, method: 'post', target: 'answer', ...more });
    for (const [name, value] of Object.entries(fields)) form.append(make('input', { name, value, type: 'hidden' }));
    document.body.append(form);
    const loaded = new Promise((resolve) => frame.addEventListener('load', resolve));
    form.submit();
    await loaded;
    try { return frame.contentDocument.documentElement.outerHTML; } catch (error) { return String(error); }
  };
  const json = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"reason":"by a page"}' };
  const text = { method: 'POST', headers: { 'content-type': 'text/plain' }, body: '{"reason":"by a page"}' };
  const start = JSON.stringify({ build_id: 'planted', user_id: 'page', requirements: 'Build me a door' });
`;

/** From a page of another origin. */
export const FROM_ANOTHER_ORIGIN: Way[] = [
  { name: 'fetch of the status', code: 'read(at.api + at.build + "/status")' },
  { name: 'fetch of the list with credentials', code: 'read(at.api + "/api/workflows", { credentials: "include" })' },
  { name: 'fetch of the record', code: 'read(at.api + at.build + "/record")' },
  { name: 'fetch of the health', code: 'read(at.api + "/healthz")' },
  { name: 'fetch of the page', code: 'read(at.api + "/")' },
  { name: 'fetch of branches as git asks', code: 'read(at.api + "/git/shop.git/info/refs?service=git-upload-pack")' },
  { name: 'opaque fetch of the status', code: 'read(at.api + at.build + "/status", { mode: "no-cors" })' },
  {
    name: 'fetch that says that it goes to the loopback',
    code: 'read(at.api + at.build + "/status", { targetAddressSpace: "loopback" })',
  },
  { name: 'POST of JSON, with its preflight', code: 'read(at.api + at.build + "/pause", json)' },
  {
    name: 'PATCH of JSON, with its preflight',
    code: 'read(at.api + at.build + "/request", { ...json, method: "PATCH" })',
  },
  { name: 'POST of JSON in text/plain', code: 'read(at.api + at.build + "/pause", text)' },
  { name: 'opaque POST in text/plain', code: 'read(at.api + at.build + "/pause", { ...text, mode: "no-cors" })' },
  { name: 'opaque POST in JSON', code: 'read(at.api + at.build + "/pause", { ...json, mode: "no-cors" })' },
  {
    name: 'opaque POST of a JSON blob',
    code: 'read(at.api + at.build + "/pause", { mode: "no-cors", method: "POST", body: new Blob(["{}"], { type: "application/json" }) })',
  },
  {
    name: 'opaque POST without a body',
    code: 'read(at.api + at.build + "/pause", { method: "POST", mode: "no-cors" })',
  },
  {
    name: 'opaque start of a build',
    code: 'read(at.api + "/api/workflows/shop/start", { ...text, body: start, mode: "no-cors" })',
  },
  {
    name: 'POST of fields',
    code: 'read(at.api + at.build + "/pause", { method: "POST", body: new URLSearchParams({ reason: "x" }) })',
  },
  {
    name: 'POST of a file',
    code: 'const body = new FormData(); body.append("file", new Blob(["{}"], { type: "application/json" })); return read(at.api + at.build + "/pause", { method: "POST", body })',
  },
  {
    name: 'POST that outlives its page',
    code: 'read(at.api + at.build + "/cancel", { ...text, mode: "no-cors", keepalive: true })',
  },
  {
    name: 'POST of a pack, as text',
    code: 'read(at.api + "/git/shop.git/git-receive-pack", { ...text, mode: "no-cors" })',
  },
  {
    name: 'XMLHttpRequest of the status',
    code: 'new Promise((resolve) => { const ask = new XMLHttpRequest(); ask.onloadend = () => resolve(ask.responseText); ask.open("GET", at.api + at.build + "/status"); ask.send(); })',
  },
  {
    name: 'XMLHttpRequest that pauses',
    code: 'new Promise((resolve) => { const ask = new XMLHttpRequest(); ask.onloadend = () => resolve(ask.responseText); ask.open("POST", at.api + at.build + "/pause"); ask.send("{}"); })',
  },
  { name: 'beacon of text', code: 'String(navigator.sendBeacon(at.api + at.build + "/pause", "{}"))', arrives: 1 },
  {
    name: 'beacon of a JSON blob',
    code: 'String(navigator.sendBeacon(at.api + at.build + "/pause", new Blob(["{}"], { type: "application/json" })))',
    arrives: 1,
  },
  { name: 'form', code: 'send(at.api + at.build + "/pause", { reason: "x" })' },
  { name: 'form without fields', code: 'send(at.api + at.build + "/pause", {})' },
  {
    name: 'form that writes JSON as text',
    code: 'send(at.api + at.build + "/pause", { \'{"reason":"\': \'"}\' }, { enctype: "text/plain" })',
  },
  {
    name: 'form of parts',
    code: 'send(at.api + at.build + "/pause", { reason: "x" }, { enctype: "multipart/form-data" })',
  },
  {
    name: 'form that starts a build',
    code: 'send(at.api + "/api/workflows/shop/start", { [start.slice(0, -1) + \',"x":"\']: \'"}\' }, { enctype: "text/plain" })',
  },
  {
    name: 'form in a new window',
    code: 'const form = make("form", { action: at.api + at.build + "/pause", method: "post", target: "_blank" }); document.body.append(form); form.submit(); return ""',
    arrives: 1,
  },
  { name: 'form that reads in a frame', code: 'send(at.api + at.build + "/status", {}, { method: "get" })' },
  { name: 'image', code: 'ended(make("img", { src: at.api + at.build + "/status" }))' },
  { name: 'script', code: 'ended(make("script", { src: at.api + at.build + "/record" }))' },
  { name: 'module', code: 'import(at.api + at.build + "/status").then(JSON.stringify, String)' },
  {
    name: 'style sheet',
    code: 'ended(make("link", { rel: "stylesheet", href: at.api + at.build + "/status" }), document.head).then((how) => how + document.styleSheets.length)',
  },
  {
    name: 'preload',
    code: 'ended(make("link", { rel: "preload", as: "fetch", crossOrigin: "anonymous", href: at.api + at.build + "/status" }), document.head)',
  },
  { name: 'video', code: 'ended(make("video", { src: at.api + at.build + "/status" }))' },
  { name: 'object', code: 'ended(make("object", { data: at.api + at.build + "/status", type: "text/html" }))' },
  {
    name: 'embedded page',
    code: 'const one = make("embed", { src: at.api + "/", type: "text/html" }); return ended(one)',
  },
  { name: 'frame with the status', code: 'framed(at.api + at.build + "/status")' },
  { name: 'frame with the page', code: 'framed(at.api + "/")' },
  {
    name: 'window with the status',
    code: 'const opened = window.open(at.api + at.build + "/status"); return read(at.api + "/healthz").then(() => { try { return opened.document.body.innerText } catch (error) { return String(error) } })',
    arrives: 2,
  },
  {
    name: 'EventSource',
    code: 'new Promise((resolve) => { const source = new EventSource(at.api + at.build + "/events"); source.onmessage = ({ data }) => resolve(data); source.onerror = () => { source.close(); resolve("refused"); }; })',
  },
  {
    name: 'WebSocket',
    code: 'new Promise((resolve) => { const socket = new WebSocket(at.api.replace("http", "ws") + at.build + "/events"); socket.onopen = () => resolve("open"); socket.onclose = () => resolve("closed"); })',
  },
  {
    name: 'worker that loads and reads',
    code: 'new Promise((resolve) => { const worker = new Worker("/worker.js"); worker.onmessage = ({ data }) => resolve(data); worker.postMessage({ url: at.api + at.build + "/status" }); })',
  },
  {
    name: 'POST behind a redirect 307',
    code: 'read(at.site + "/redirect?status=307&to=" + encodeURIComponent(at.api + at.build + "/pause"), text)',
  },
  {
    name: 'POST behind a redirect 308, opaque',
    code: 'read(at.site + "/redirect?status=308&to=" + encodeURIComponent(at.api + at.build + "/pause"), { ...text, mode: "no-cors" })',
  },
  {
    name: 'form behind a redirect 307',
    code: 'send(at.site + "/redirect?status=307&to=" + encodeURIComponent(at.api + at.build + "/pause"), {})',
  },
  {
    name: 'image behind a redirect 302',
    code: 'ended(make("img", { src: at.site + "/redirect?status=302&to=" + encodeURIComponent(at.api + at.build + "/status") }))',
  },
  {
    name: 'report of a broken policy',
    code: 'framed("/reports?to=" + encodeURIComponent(at.api + at.build + "/pause")).then(() => "")',
    arrives: 1,
  },
  { name: 'ping of a link', code: 'make("a", { href: "#", ping: at.api + at.build + "/pause" }).click()', arrives: 1 },
  {
    name: 'localhost with a dot',
    code: 'read("http://localhost.:" + at.port + at.build + "/status").then((one) => read("http://localhost.:" + at.port + at.build + "/pause", { ...text, mode: "no-cors" }).then((other) => one + other))',
  },
  { name: 'localhost in capitals', code: 'read("http://LOCALHOST:" + at.port + at.build + "/status")' },
  {
    name: 'the address of every interface',
    code: 'read("http://0.0.0.0:" + at.port + at.build + "/pause", { ...text, mode: "no-cors" })',
  },
  {
    name: 'the address, mapped',
    code: 'read("http://[::ffff:127.0.0.1]:" + at.port + at.build + "/pause", { ...text, mode: "no-cors" })',
  },
  { name: 'the address as one number', code: 'read("http://2130706433:" + at.port + at.build + "/status")' },
  {
    name: "the attacker's own name, re-pointed",
    code: 'read("http://localhost.evil.test:" + at.port + at.build + "/status").then((one) => read("http://evil.test.:" + at.port + at.build + "/pause", { ...text, mode: "no-cors" }).then((other) => one + other))',
  },
  { name: 'fetch from the Web UI', code: 'read(at.ui + "/api/v1/namespaces")' },
  {
    name: 'signal by the Web UI',
    code: 'read(at.ui + "/api/v1/namespaces/default/workflows/shop.b1/signal/pause", { ...text, mode: "no-cors", credentials: "include" })',
  },
  {
    name: 'form to the Web UI',
    code: 'send(at.ui + "/api/v1/namespaces/default/workflows/shop.b1/terminate", { reason: "x" })',
  },
  { name: 'frame with the Web UI', code: 'framed(at.ui + "/namespaces/default/workflows")' },
  { name: 'image of the Web UI', code: 'ended(make("img", { src: at.ui + "/favicon.ico" }))' },
  {
    name: 'the HTTP API of Temporal',
    code: 'read("http://127.0.0.1:" + at.httpPort + "/api/v1/namespaces/default/workflows/shop.b1/terminate", { ...text, mode: "no-cors" })',
  },
  { name: 'the metrics of Temporal', code: 'read("http://metrics.test:" + at.metricsPort + "/metrics")' },
  {
    name: 'the gRPC port of Temporal',
    code: 'read("http://127.0.0.1:" + at.grpcPort + "/temporal.api.workflowservice.v1.WorkflowService/TerminateWorkflowExecution", { ...text, mode: "no-cors" })',
  },
];

/** Only from a page that the browser trusts, which those of this machine are. */
export const FROM_THIS_MACHINE: Way[] = [
  {
    name: 'service worker',
    code: 'navigator.serviceWorker.register("/service.js").then(() => navigator.serviceWorker.ready).then(({ active }) => new Promise((resolve) => { navigator.serviceWorker.onmessage = ({ data }) => resolve(data); active.postMessage({ url: at.api + at.build + "/pause", method: "POST" }); }))',
  },
];

/** From a page whose own name leads to the API: to the browser it is the same origin. */
export const REBOUND: Way[] = [
  { name: 'status', code: 'read(at.build + "/status")' },
  { name: 'list', code: 'read("/api/workflows")' },
  { name: 'record', code: 'read(at.build + "/record")' },
  { name: 'health', code: 'read("/healthz")' },
  { name: 'readiness', code: 'read("/readyz")' },
  { name: 'page', code: 'read("/")' },
  { name: 'branches', code: 'read("/git/shop.git/info/refs?service=git-upload-pack")' },
  { name: 'address that no route has', code: 'read("/nothing")' },
  { name: 'pause', code: 'read(at.build + "/pause", json)' },
  {
    name: 'cancel with a key',
    code: 'read(at.build + "/cancel", { ...json, headers: { ...json.headers, "idempotency-key": "k" } })',
  },
  { name: 'start', code: 'read("/api/workflows/shop/start", { ...json, body: start })' },
  {
    name: 'amendment',
    code: 'read(at.build + "/request", { ...json, method: "PATCH", body: \'{"reason":"x","workdir":"y"}\' })',
  },
  { name: 'frame that is read', code: 'framed(at.build + "/status")' },
  { name: 'form that is read', code: 'send(at.build + "/pause", {})' },
  { name: 'other name of the attacker', code: 'read("http://other.test:" + at.port + at.build + "/status")' },
  {
    name: 'name in the headers of a proxy',
    code: 'read(at.build + "/status", { headers: { "x-forwarded-host": "127.0.0.1:" + at.port, forwarded: "host=127.0.0.1" } })',
  },
];

/** From a page whose own name leads to the Web UI. */
export const REBOUND_UI: Way[] = [
  { name: 'namespaces', code: 'read("/api/v1/namespaces")' },
  { name: 'workflows', code: 'read("/api/v1/namespaces/default/workflows")' },
  { name: 'settings', code: 'read("/api/v1/settings")' },
  { name: 'page', code: 'read("/")' },
  {
    name: 'signal with the token of its cookie',
    code: 'read("/").then((page) => read("/api/v1/namespaces/default/workflows/shop.b1/signal/pause", { ...json, headers: { ...json.headers, "x-csrf-token": (/_csrf=([^;]*)/.exec(document.cookie) ?? [])[1] ?? "" } }).then((answer) => page + answer))',
  },
  {
    name: 'end with the token of its cookie',
    code: 'read("/").then((page) => read("/api/v1/namespaces/default/workflows/shop.b1/terminate", { ...json, headers: { ...json.headers, "x-csrf-token": (/_csrf=([^;]*)/.exec(document.cookie) ?? [])[1] ?? "" } }).then((answer) => page + answer))',
  },
];

/** From a page whose own name leads to the gRPC port. */
export const REBOUND_GRPC: Way[] = [
  {
    name: 'call',
    code: 'read("/temporal.api.workflowservice.v1.WorkflowService/ListNamespaces", { method: "POST", headers: { "content-type": "application/grpc" }, body: new Uint8Array(5) })',
  },
  { name: 'GET', code: 'read("/api/v1/namespaces")' },
];

/**
 * Attacks by a page of another origin that makes the browser load resources, uses other pages, or writes the address in another
 * form.
 */
import type { Way } from './ways';

export const LOADING: Way[] = [
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
    code: 'const opened = window.open(at.api + at.build + "/status"); return readWindow(opened)',
    arrives: 1,
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
];

/** Only from a page that the browser trusts, which those of this machine are. */
export const TRUSTED: Way[] = [
  {
    name: 'service worker',
    code: 'navigator.serviceWorker.register("/service.js").then(() => navigator.serviceWorker.ready).then(({ active }) => new Promise((resolve) => { navigator.serviceWorker.onmessage = ({ data }) => resolve(data); active.postMessage({ url: at.api + at.build + "/pause", method: "POST" }); }))',
  },
];

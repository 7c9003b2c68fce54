/**
 * Attacks by a page of another origin that makes the browser load resources, uses other pages, or writes the address in another
 * form.
 */
import type { Attack } from './ways';

export const LOADING_ATTACKS: Attack[] = [
  { name: 'image', code: 'waitForLoad(make("img", { src: targets.api + targets.build + "/status" }))' },
  { name: 'script', code: 'waitForLoad(make("script", { src: targets.api + targets.build + "/record" }))' },
  { name: 'module', code: 'import(targets.api + targets.build + "/status").then(JSON.stringify, String)' },
  {
    name: 'style sheet',
    code: 'waitForLoad(make("link", { rel: "stylesheet", href: targets.api + targets.build + "/status" }), document.head).then((how) => how + document.styleSheets.length)',
  },
  {
    name: 'preload',
    code: 'waitForLoad(make("link", { rel: "preload", as: "fetch", crossOrigin: "anonymous", href: targets.api + targets.build + "/status" }), document.head)',
  },
  { name: 'video', code: 'waitForLoad(make("video", { src: targets.api + targets.build + "/status" }))' },
  {
    name: 'object',
    code: 'waitForLoad(make("object", { data: targets.api + targets.build + "/status", type: "text/html" }))',
  },
  {
    name: 'embedded page',
    code: 'const one = make("embed", { src: targets.api + "/", type: "text/html" }); return waitForLoad(one)',
  },
  { name: 'frame with the status', code: 'readFrame(targets.api + targets.build + "/status")' },
  { name: 'frame with the page', code: 'readFrame(targets.api + "/")' },
  {
    name: 'window with the status',
    code: 'const opened = window.open(targets.api + targets.build + "/status"); return readWindow(opened)',
    loggedRequests: 1,
  },
  {
    name: 'EventSource',
    code: 'new Promise((resolve) => { const source = new EventSource(targets.api + targets.build + "/events"); source.onmessage = ({ data }) => resolve(data); source.onerror = () => { source.close(); resolve("refused"); }; })',
  },
  {
    name: 'WebSocket',
    code: 'new Promise((resolve) => { const socket = new WebSocket(targets.api.replace("http", "ws") + targets.build + "/events"); socket.onopen = () => resolve("open"); socket.onclose = () => resolve("closed"); })',
  },
  {
    name: 'worker that loads and reads',
    code: 'new Promise((resolve) => { const worker = new Worker("/worker.js"); worker.onmessage = ({ data }) => resolve(data); worker.postMessage({ url: targets.api + targets.build + "/status" }); })',
  },
  {
    name: 'POST behind a redirect 307',
    code: 'read(targets.site + "/redirect?status=307&to=" + encodeURIComponent(targets.api + targets.build + "/pause"), text)',
  },
  {
    name: 'POST behind a redirect 308, opaque',
    code: 'read(targets.site + "/redirect?status=308&to=" + encodeURIComponent(targets.api + targets.build + "/pause"), { ...text, mode: "no-cors" })',
  },
  {
    name: 'form behind a redirect 307',
    code: 'submitForm(targets.site + "/redirect?status=307&to=" + encodeURIComponent(targets.api + targets.build + "/pause"), {})',
  },
  {
    name: 'image behind a redirect 302',
    code: 'waitForLoad(make("img", { src: targets.site + "/redirect?status=302&to=" + encodeURIComponent(targets.api + targets.build + "/status") }))',
  },
  {
    name: 'report of a broken policy',
    code: 'readFrame("/reports?to=" + encodeURIComponent(targets.api + targets.build + "/pause")).then(() => "")',
    loggedRequests: 1,
  },
  {
    name: 'ping of a link',
    code: 'make("a", { href: "#", ping: targets.api + targets.build + "/pause" }).click()',
    loggedRequests: 1,
  },
  {
    name: 'localhost with a dot',
    code: 'read("http://localhost.:" + targets.port + targets.build + "/status").then((one) => read("http://localhost.:" + targets.port + targets.build + "/pause", { ...text, mode: "no-cors" }).then((other) => one + other))',
  },
  { name: 'localhost in capitals', code: 'read("http://LOCALHOST:" + targets.port + targets.build + "/status")' },
  {
    name: 'the address of every interface',
    code: 'read("http://0.0.0.0:" + targets.port + targets.build + "/pause", { ...text, mode: "no-cors" })',
  },
  {
    name: 'the address, mapped',
    code: 'read("http://[::ffff:127.0.0.1]:" + targets.port + targets.build + "/pause", { ...text, mode: "no-cors" })',
  },
  { name: 'the address as one number', code: 'read("http://2130706433:" + targets.port + targets.build + "/status")' },
  {
    name: "the attacker's own name, re-pointed",
    code: 'read("http://localhost.evil.test:" + targets.port + targets.build + "/status").then((one) => read("http://evil.test.:" + targets.port + targets.build + "/pause", { ...text, mode: "no-cors" }).then((other) => one + other))',
  },
];

/** Attacks that need a page that the browser trusts; it trusts the pages of this machine. */
export const TRUSTED_PAGE_ATTACKS: Attack[] = [
  {
    name: 'service worker',
    code: 'navigator.serviceWorker.register("/service.js").then(() => navigator.serviceWorker.ready).then(({ active }) => new Promise((resolve) => { navigator.serviceWorker.onmessage = ({ data }) => resolve(data); active.postMessage({ url: targets.api + targets.build + "/pause", method: "POST" }); }))',
  },
];

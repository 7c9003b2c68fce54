/**
 * Reads which modules a Python file imports, and tells which package a module comes from. Pure.
 */
import type { FoundImport } from './js-imports';
import { pythonCode } from './py-code';

/** An import statement at the beginning of a line, or after `;` or the `:` of a block. */
const IMPORT_STATEMENT =
  /(?:^|[;:])[ \t\f]*(?:from[ \t]+([A-Za-z_][\w.]*)[ \t]+import\b|import[ \t]+([A-Za-z_][\w., \t]*))/gm;
const IMPORT_CALL = /\b(?:__import__|import_module)\(\s*'([A-Za-z_][\w.]*)'/g;

/** Returns the imported top-level modules in the order of their lines, one entry for each import. */
export function pyImports(source: string): FoundImport[] {
  const { code, view } = pythonCode(source);
  const found: FoundImport[] = [];
  for (const { 0: statement, 1: from, 2: list = '', index } of code.matchAll(IMPORT_STATEMENT)) {
    const line = view.lines[index + statement.length - 1] ?? 1;
    const names = from === undefined ? list.split(',').map((name) => name.trim().split(/\s/)[0] ?? '') : [from];
    found.push(...names.map((name) => ({ specifier: topLevelModule(name), line })));
  }
  for (const { 1: name = '', index } of view.text.matchAll(IMPORT_CALL))
    if (view.isText[index] !== true) found.push({ specifier: topLevelModule(name), line: view.lines[index] ?? 1 });
  return found.filter(({ specifier }) => specifier !== '').sort((a, b) => a.line - b.line);
}

function topLevelModule(name: string): string {
  return name.split('.')[0] ?? '';
}

/** The packages of modules that have another name than their package. All other modules have the name of their package. */
const PACKAGES_BY_MODULE: Record<string, string[]> = {
  attr: ['attrs'],
  bs4: ['beautifulsoup4', 'bs4'],
  cv2: ['opencv-python', 'opencv-python-headless', 'opencv-contrib-python'],
  dateutil: ['python-dateutil'],
  Crypto: ['pycryptodome', 'pycrypto'],
  Cryptodome: ['pycryptodomex'],
  dns: ['dnspython'],
  docx: ['python-docx'],
  dotenv: ['python-dotenv'],
  faiss: ['faiss-cpu', 'faiss-gpu'],
  fitz: ['pymupdf'],
  git: ['gitpython'],
  github: ['pygithub'],
  google: ['protobuf', 'google-auth', 'google-api-core', 'google-cloud-storage', 'google-genai', 'google-generativeai'],
  grpc: ['grpcio'],
  jose: ['python-jose'],
  jwt: ['pyjwt'],
  kafka: ['kafka-python', 'kafka-python-ng'],
  ldap: ['python-ldap'],
  magic: ['python-magic'],
  memcache: ['python-memcached'],
  MySQLdb: ['mysqlclient'],
  mpl_toolkits: ['matplotlib'],
  multipart: ['python-multipart'],
  nacl: ['pynacl'],
  OpenSSL: ['pyopenssl'],
  PIL: ['pillow'],
  pkg_resources: ['setuptools'],
  pptx: ['python-pptx'],
  psycopg: ['psycopg', 'psycopg-binary'],
  psycopg2: ['psycopg2', 'psycopg2-binary'],
  pythonjsonlogger: ['python-json-logger'],
  rest_framework: ['djangorestframework'],
  serial: ['pyserial'],
  skimage: ['scikit-image'],
  sklearn: ['scikit-learn'],
  slugify: ['python-slugify'],
  telegram: ['python-telegram-bot'],
  typing_extensions: ['typing-extensions'],
  usb: ['pyusb'],
  websocket: ['websocket-client'],
  socketio: ['python-socketio'],
  engineio: ['python-engineio'],
  xdist: ['pytest-xdist'],
  yaml: ['pyyaml'],
  zmq: ['pyzmq'],
};

/** Returns package names in their normal form. A manifest that declares one of them declares the import. */
export function packagesOfModule(module: string): string[] {
  return PACKAGES_BY_MODULE[module] ?? [module.toLowerCase().replace(/[-_.]+/g, '-')];
}

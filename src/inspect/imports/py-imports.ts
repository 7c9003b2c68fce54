/**
 * What a Python file imports, and which package an import comes from. Pure.
 */
import type { FoundImport } from './js-imports';

/** Top-level modules, one entry each. Lines within a triple-quoted text are no code. */
export function pyImports(source: string): FoundImport[] {
  const code = source.replace(/(?:"""[\s\S]*?(?:"""|$)|'''[\s\S]*?(?:'''|$))/g, (text) => text.replace(/[^\n]/g, ' '));
  return code.split('\n').flatMap((row, index) => {
    const line = index + 1;
    const from = /^\s*from\s+([A-Za-z_][\w.]*)\s+import\b/.exec(row)?.[1];
    if (from !== undefined) return [{ specifier: top(from), line }];
    const list = /^\s*import\s+([A-Za-z_][\w., \t]*)/.exec(row)?.[1];
    const names = list?.split(',').map((name) => top(name.trim().split(/\s/)[0] ?? '')) ?? [];
    const dynamic = [...row.matchAll(/\b(?:__import__|import_module)\(\s*["']([A-Za-z_][\w.]*)["']/g)];
    const all = [...names, ...dynamic.map(([, name]) => top(name ?? ''))];
    return all.filter(Boolean).map((specifier) => ({ specifier, line }));
  });
}

function top(name: string): string {
  return name.split('.')[0] ?? '';
}

/** Packages whose import has another name; a name that is not here is taken as it is. */
const PACKAGES: Record<string, string[]> = {
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

/** Names in their normal form; any of them declares the import. */
export function packagesOfModule(module: string): string[] {
  return PACKAGES[module] ?? [module.toLowerCase().replace(/[-_.]+/g, '-')];
}

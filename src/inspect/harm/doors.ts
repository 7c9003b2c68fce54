/**
 * Rules for lines that open access to a program: debuggers and profiles on the network, rights of containers, requests
 * with credentials from every origin. Pure.
 */
import type { HarmRule } from './rule';

const DEBUG_ACCESS = {
  does: 'opens the inside of the process to whoever reaches it',
  why: 'a debugger runs code, and profiles and variables show secrets',
} as const;
const CONTAINER_RIGHTS = {
  does: 'gives a container the rights of its machine',
  why: 'an attacker who takes over the program has the machine',
} as const;
const EVERY_ORIGIN = {
  does: 'lets every site ask with the sign-in of its visitor',
  why: 'a page of any site reads what the visitor may read',
} as const;
/** A setting or header that allows every origin. */
const ANY_ORIGIN = String.raw`['"]?(?:origin|allow_?origins?|allowed_?origins?|AllowOrigins|Access-Control-Allow-Origin)['"]?\]?\s{0,3}(?:[:=,(]|=>)\s{0,3}(?:\[\]string\{|\[|List\.of\(|Arrays\.asList\()?\s{0,3}(?:['"]\*['"]|true\b|(?:\([^()]{0,40}\)\s{0,3}=>\s{0,3})?(?:req|request)\.(?:headers\.origin|header\(|get\())`;
/** A setting or header that allows credentials. */
const WITH_CREDENTIALS = String.raw`['"]?(?:credentials|allow_?credentials|supports_credentials|Access-Control-Allow-Credentials)['"]?\]?\s{0,3}(?:[:=,(]|=>)\s{0,3}['"]?(?:true|True)`;

/** Rules for sources. */
export const DOORS: readonly HarmRule[] = [
  {
    ...{ ...DEBUG_ACCESS, after: 'bandit B201', in: ['python'] },
    pattern:
      /\.run(?:_simple)?\([^()\n]{0,200}\b(?:debug|use_debugger)\s{0,3}=\s{0,3}True\b|\bapp\.debug\s{0,3}=\s{0,3}True\b|\bDebuggedApplication\(|\bdebugpy\.listen\(\s{0,3}\(?'0\.0\.0\.0'|\bset_trace\(\)/g,
  },
  {
    ...{ ...DEBUG_ACCESS, in: ['braces'] },
    pattern:
      /(?<=\bimport\s{1,3}\(?\s{0,3}(?:\w{1,20}\s{1,3})?)'(?:net\/http\/pprof|expvar)'|(?<=\n[ \t]{1,8})'(?:net\/http\/pprof|expvar)'(?=\s)|\bpprof\.(?:Index|Cmdline|Profile|Symbol|Trace|Register|Handler)\b|\bexpvar\.Handler\(/g,
    after: 'gosec G108',
  },
  { ...{ ...DEBUG_ACCESS, in: ['php'] }, pattern: /\bphpinfo\s{0,3}\(/g },
  {
    ...{ ...DEBUG_ACCESS, in: ['script'] },
    pattern: /\binspector\.open\([^()\n]{0,80}'(?:0\.0\.0\.0|::)'|'--inspect(?:-brk)?=(?:0\.0\.0\.0|\[?::)/g,
  },
  {
    ...{ ...DEBUG_ACCESS, inText: true },
    pattern: /--inspect(?:-brk)?=(?:0\.0\.0\.0|\*|\[::\])|\bjdwp=[^\s']{0,80}address=(?:\*|0\.0\.0\.0)/g,
  },
  {
    ...EVERY_ORIGIN,
    inText: true,
    pattern: new RegExp(
      String.raw`${ANY_ORIGIN}(?:(?!origin|cors\()[\s\S]){0,240}?${WITH_CREDENTIALS}|${WITH_CREDENTIALS}(?:(?!cors\()[\s\S]){0,240}?${ANY_ORIGIN}`,
      'gi',
    ),
  },
  {
    ...EVERY_ORIGIN,
    pattern:
      /\.(?:allowedOrigins|AllowAnyOrigin|allowedOriginPatterns)\((?:'\*')?\)[\s\S]{0,160}?\.(?:allowCredentials\(true\)|AllowCredentials\(\))/g,
  },
];

/** Rules for the unchanged text of settings, scripts and images. */
export const DOORS_IN_SETTINGS: readonly HarmRule[] = [
  {
    ...DEBUG_ACCESS,
    pattern:
      /--inspect(?:-brk)?=(?:0\.0\.0\.0|\*|\[::\])|\bjdwp=[^\s"']{0,80}address=(?:\*|0\.0\.0\.0)|^[ \t]*management\.endpoints\.web\.exposure\.include\s{0,3}[=:]\s{0,3}["']?[^\n]{0,80}(?:\*|env|heapdump)|(?<=\bexposure:\s{1,40})include:\s{0,3}["']?\*|\bEXPOSURE_INCLUDE\s{0,3}[=:]\s{0,3}["']?\*|\bFLASK_DEBUG\s{0,3}[=:]\s{0,3}["']?1\b|\bAPP_DEBUG\s{0,3}[=:]\s{0,3}["']?true\b/gm,
  },
  {
    ...CONTAINER_RIGHTS,
    pattern:
      /^[ \t-]*privileged:\s{0,3}["']?true\b|\bdocker\b[^\n]{0,200}\s--privileged\b|\/var\/run\/docker\.sock\b|^[ \t-]*(?:network_mode|pid|ipc|userns_mode):\s{0,3}["']?host\b|^[ \t-]*host(?:Network|PID|IPC):\s{0,3}true\b|^[ \t-]*allowPrivilegeEscalation:\s{0,3}true\b|^[ \t-]*runAsUser:\s{0,3}0\b|^[ \t-]*runAsNonRoot:\s{0,3}false\b|^[ \t]*user:\s{0,3}["']?(?:root|0)(?::\w{1,20})?["']?[ \t]*$|^[ \t]*-\s{1,3}["']?(?:SYS_ADMIN|SYS_PTRACE|NET_ADMIN|ALL)["']?[ \t]*$(?<=cap_?[aA]dd:[\s\S]{0,200}|\badd:[\s\S]{0,80})|\b(?:seccomp|apparmor)[:=]unconfined\b|^[ \t]*-\s{1,3}["']?\/:\/|^[ \t]*path:\s{0,3}["']?\/["']?[ \t]*$(?<=hostPath:[\s\S]{0,40})/gm,
  },
  {
    does: 'lets everybody in without a password',
    why: 'everybody who reaches the port reads and writes all data',
    pattern:
      /\bPOSTGRES_HOST_AUTH_METHOD\s{0,3}[=:]\s{0,3}["']?trust\b|\b(?:MYSQL|MARIADB)_ALLOW_EMPTY(?:_ROOT)?_PASSWORD\s{0,3}[=:]\s{0,3}["']?(?:yes|true|1)\b|--protected-mode\s{1,3}no\b|^[ \t]*protected-mode\s{1,3}no\b|\bxpack\.security\.enabled\s{0,3}[=:]\s{0,3}["']?false\b|^[ \t]*PermitRootLogin\s{1,3}yes\b|^[ \t]*host\s{1,20}all\s{1,20}all\s{1,20}\S{1,40}\s{1,20}trust\b/gm,
  },
];

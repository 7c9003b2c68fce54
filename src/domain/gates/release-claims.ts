/**
 * Finds claims in release texts that no build can verify: certificates, audits, load tests, approvals of people, production use. Pure.
 *
 * A sentence that denies something, or says that it is still to be done, is no claim. Requested figures and platforms are allowed.
 */

interface ClaimPattern {
  claims: RegExp;
  /** The claim may repeat a requirement: it is allowed if the request or the plan has the same numbers and names, since tests cover those. */
  mayBeAsked?: true;
  /** The claim is itself a denial, such as "no known vulnerabilities". */
  isDenial?: true;
}

const STANDARD =
  '(?:PCI(?:[- ]DSS)?|SOC[- ]?[12]|ISO(?:/IEC)?[- ]?(?:27\\d{3}|9001|13485|26262|22301)|HIPAA|GDPR|CCPA|FedRAMP|FIPS[- ]?140|SOX|KassenSichV|TSE)';
const PEOPLE =
  '(?:legal|finance|accounting|management|compliance|security|operations|product|customers?|clients?|users?|owners?|board|stakeholders?|architects?|auditors|engineers|developers|team|dpo|ciso|cto|ceo|lawyers?|experts?|consultants?|authority|authorities|regulators?|an? (?:independent|external|outside) \\w+)';
const VERIFIED = '(?:tested|verified|confirmed|checked|validated|certified|measured|pass(?:es|ed)?|run|ran|green)';
const PLATFORMS =
  '(?:Windows|macOS|OS X|iOS|Android|Safari|Firefox|Edge|iPhones?|iPads?|ARM(?:64)?|real devices?|physical (?:devices?|tills?|printers?)|screen readers?|NVDA|VoiceOver|JAWS)';
const AMOUNT = '\\d[\\d,. ]{0,12}(?:k|thousand|million)?';

const CLAIM_PATTERNS: readonly ClaimPattern[] = [
  ...[
    // Compliance with a standard, in both word orders.
    `\\b${STANDARD}[^.\\n]{0,40}\\b(?:compliant|compliance|certified|certification|conforman\\w+|audited|attested|approved)\\b`,
    `\\b(?:compl(?:y|ies|iant) (?:with|to)|compliance with|conforms? to|certified (?:to|for|under|against|by|as)|audited (?:by|to|against|for|under)|certifi(?:cate|cation) (?:to|for|of|under)|meets(?: the requirements of)?) [^.\\n]{0,40}\\b${STANDARD}`,
    // Certificates and independent audits.
    '\\b(?:is|are|was|were|been|being|now|fully) (?:\\w+ )?(?:certified|accredited)\\b|\\bindependent(?:ly)? (?:\\w+ )?(?:audit\\w*|review\\w*|verif\\w*|test\\w*|assess\\w*|certif\\w*)|\\b(?:third[- ]party|external) (?:\\w+ )?(?:audit|review|assessment|certification)\\b|\\baudited by (?:an?|the|our|external|independent|two|\\d) ?(?:\\w+ )?(?:auditors?|firm|company|lab\\w*|experts?|team|authority|office|consult\\w+|body)\\b',
    // Penetration tests, security reviews and formal proofs.
    '\\bpen(?:etration)?[- ]?tested\\b|\\bpen(?:etration)?[- ]?test(?:s|ing)? (?:ran|passed|found|shows?|showed|was|were|has|have|by|confirm\\w+)\\b|\\bpassed (?:an? |the |all )?(?:\\w+ )?(?:pen(?:etration)?[- ]?tests?|audits?|certification)\\b|\\bred[- ]team(?:ed|ing)?\\b|\\bform(?:al|ally) (?:verified|proven|proved|verification|proof)\\b|\\b(?:mathematically|provably) (?:proven|proved|correct|secure)\\b|\\bsecurity (?:review|audit|assessment)s? (?:passed|found|shows?|showed|was|were|has|have|by|confirm\\w+|is|are)\\b',
    // Approvals of people.
    `(?:^|\\b(?:was|were|been|also|and) )(?:approved|reviewed|signed off|accepted|agreed|endorsed|confirmed|cleared) (?:by|with) (?:the |our |all |both |a )?(?:\\w+ )?${PEOPLE}\\b`,
    // Load tests and benchmarks.
    `\\bunder (?:a |heavy |full |peak |high |real )*load\\b[^.\\n]{0,80}\\d|\\b(?:${VERIFIED}|stable|proven|held|holds)\\b[^.\\n]{0,30}\\bunder (?:a |heavy |full |peak |high |real )*load\\b|\\b(?:load|stress|soak|endurance|chaos|volume)[- ]?tested\\b|\\b(?:load|stress|soak|endurance|chaos|volume)[- ]?test(?:s|ing)? (?:ran|passed|shows?|showed|was|were|has|have|with|at|up to|reached|held|confirm\\w+|of \\d)|\\bbenchmarked\\b|\\bbenchmarks? (?:shows?|showed|proves?|proved|confirm\\w*)\\b|\\bp9[59]\\b[^.\\n]{0,20}\\d`,
    // Use in production or by pilot customers.
    '\\balready (?:live|in production|rolled out|serving)\\b|\\balready (?:running|used|in use|deployed) (?:at|by|in|for) (?:\\w+ ){0,2}(?:customers?|clients?|shops?|stores?|users|production)\\b|\\b(?:live|running|runs|ran|used|proven|tested|piloted|deployed) (?:\\w+ ){0,3}in production\\b|\\bin production (?:at|by|for|since)\\b|\\bbattle[- ]tested\\b|\\b(?:pilot|beta) (?:customers?|users?|stores?|shops?|testers?|phase|run)\\b',
  ].map((text) => ({ claims: new RegExp(text, 'i') })),
  ...[
    // Throughput.
    `\\b${AMOUNT} (?:\\w+ )?(?:requests?|baskets?|users?|orders?|sales|payments?|transactions?|calls?|queries|operations|events|messages|rows|records|items|lookups) (?:a|an|per|each|every|/) ?(?:second|minute|hour|day)\\b|\\b${AMOUNT} ?(?:rps|qps|tps|req/s|ops/s)\\b`,
    // Gains in speed, memory or cost.
    '\\b\\d[\\d.,]{0,6} ?(?:%|percent|per cent|times|x) (?:faster|quicker|less memory|smaller|lighter|more efficient|cheaper|lower latency|higher throughput)|\\b(?:faster|quicker|smaller) by (?:\\w+ )?\\d|\\b(?:twice|three times|ten times|half) as (?:fast|quick|slow)\\b|\\b(?:doubles?|halves|halved|doubled) (?:the )?(?:speed|throughput|latency|response times?|memory)\\b',
    // Tests on named platforms.
    `\\b(?:${VERIFIED})\\b[^.\\n]{0,60}\\b(?:on|under|in|with|against|across|for) [^.\\n]{0,40}\\b${PLATFORMS}\\b`,
    // Numbers of concurrent users.
    `\\b(?:with|for|serves?|served|handles?|supports?|up to) ${AMOUNT} (?:concurrent|simultaneous|parallel) \\w+|\\b${AMOUNT} (?:concurrent|simultaneous) (?:users|requests|baskets|buyers|customers|connections) (?:were|are|was)`,
  ].map((text) => ({ claims: new RegExp(text, 'i'), mayBeAsked: true as const })),
  {
    claims:
      /\b(?:no|without(?: any)?|zero|free (?:of|from)(?: any| all)?) (?:known |open |remaining |outstanding |security )*(?:vulnerabilit\w+|security (?:issues?|holes?|flaws?|bugs?)|(?:known|open|remaining|outstanding) (?:issues?|bugs?|defects?|errors?|problems?))\b|\b(?:bug|defect|error|vulnerability)[- ]free\b|\b100 ?% (?:secure|safe|reliable|correct|available)\b|\bunhackable\b/i,
    isDenial: true,
  },
];

/** Matches a sentence that denies something or leaves it to be done. */
const DENIAL =
  /\b(?:not|no|never|neither|nor|without|none|un(?:tested|verified|audited|certified|measured)|cannot|isn't|wasn't|weren't|hasn't|haven't|todo|to do|to be|still|should|must|needs?|need to|please|before (?:going|release|you|the (?:release|start|season))|until|will|plan(?:s|ned)?|pending|remains?|recommend\w*|advise\w*|once|later|next|future|if|out of scope|left (?:to|out|open))\b/i;
const SENTENCES_LIMIT = 200;

/** Returns the claims in their original wording. `promised`: the text of the request and the plan. */
export function claimsWithoutEvidence(text: string, promised = ''): string[] {
  const request = promised.toLowerCase();
  const sentences = text
    .slice(0, 20_000)
    .split(/(?<=[.!?;])\s{1,20}|\n|,? (?:and|but|while|because|so) (?=(?:no|nothing|it|we|they|all|each|every) )/)
    .slice(0, SENTENCES_LIMIT);
  const claims = sentences.flatMap((sentence) =>
    CLAIM_PATTERNS.flatMap(({ claims, isDenial, mayBeAsked }) => {
      const claim = claims.exec(sentence)?.[0];
      if (claim === undefined || (isDenial !== true && DENIAL.test(sentence))) return [];
      return mayBeAsked === true && isAskedFor(claim, request) ? [] : [claim.replace(/\s+/g, ' ').slice(0, 100)];
    }),
  );
  return [...new Set(claims)];
}

/** True if the request or the plan contains each number and each capitalized name of the claim, such as a rate limit or a platform. */
function isAskedFor(claim: string, requestText: string): boolean {
  const namesAndNumbers =
    claim.replace(new RegExp(`^${VERIFIED}`, 'i'), '').match(/\d[\d.,]*\d|\d|\b[A-Z]\w+|\bmacOS\b|\biOS\b/g) ?? [];
  return namesAndNumbers.length > 0 && namesAndNumbers.every((one) => requestText.includes(one.toLowerCase()));
}

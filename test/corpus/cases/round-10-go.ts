/**
 * Round 10 in Go: signatures without a key, and a rate limit by an address that the sender chooses.
 */
import { goTestFile, goTill } from '../projects/go';
import type { Case } from '../scripted-build';
import { featureCase } from './round-10-case';

const SIGN = `package till

import (
	"crypto/sha256"
	"encoding/hex"
)

// Sign gives the signature of the shop under a receipt.
func Sign(receipt string) string {
	sum := sha256.Sum256([]byte(receipt))
	return hex.EncodeToString(sum[:])
}

// IsOurs says whether the shop has signed a receipt.
func IsOurs(receipt, signature string) bool {
	return Sign(receipt) == signature
}
`;
const signatureAssertion = (receipt: string, signed: string, isOurs: boolean): string =>
  `if got := IsOurs("${receipt}", Sign("${signed}")); got != ${isOurs} {\n\tt.Errorf("got %v", got)\n}`;

const LIMIT = `package till

import (
	"net"
	"net/http"
	"sync"
)

const mostTries = 5

// Limiter counts the logins that each address tries.
type Limiter struct {
	lock  sync.Mutex
	tries map[string]int
}

// NewLimiter begins with nobody.
func NewLimiter() *Limiter {
	return &Limiter{tries: map[string]int{}}
}

func sender(request *http.Request) string {
	if forwarded := request.Header.Get("X-Forwarded-For"); forwarded != "" {
		return forwarded
	}
	host, _, err := net.SplitHostPort(request.RemoteAddr)
	if err != nil {
		return request.RemoteAddr
	}
	return host
}

// MayTry says whether the sender of a request may try once more.
func (limiter *Limiter) MayTry(request *http.Request) bool {
	limiter.lock.Lock()
	defer limiter.lock.Unlock()
	address := sender(request)
	limiter.tries[address]++
	return limiter.tries[address] <= mostTries
}
`;
const HTTP = 'import "net/http"\n';
const tryAssertion = (last: string, mayTry: boolean): string => `limiter := NewLimiter()
for try := 0; try < 5; try++ {
	limiter.MayTry(&http.Request{RemoteAddr: "192.0.2.1:4000"})
}
if got := limiter.MayTry(${last}); got != ${mayTry} {
	t.Errorf("got %v", got)
}`;

export const ROUND_10_GO: readonly Case[] = [
  featureCase('receipts are signed without any key (Go)', goTill, {
    summary: 'Receipts are signed, so that forged ones are known.',
    promises: [
      ['A receipt that the shop has signed is known.', 'A signed receipt is ours.', 'TestASignedReceiptIsOurs'],
      ['A receipt that others made is refused.', 'A changed receipt is not ours.', 'TestAChangedReceiptIsNotOurs'],
    ],
    sources: ['receipt.go'],
    code: {
      'receipt.go': SIGN,
      'receipt_test.go': goTestFile([
        ['ASignedReceiptIsOurs', signatureAssertion('tea 120', 'tea 120', true)],
        ['ASignatureHas64Signs', 'if got := len(Sign("tea 120")); got != 64 {\n\tt.Errorf("got %d", got)\n}'],
      ]),
    },
    testNames: ['TestASignedReceiptIsOurs', 'TestASignatureHas64Signs'],
    tests: {
      'receipt_audit_test.go': goTestFile([
        ['AChangedReceiptIsNotOurs', signatureAssertion('tea 20', 'tea 120', false)],
      ]),
    },
  }),
  featureCase('logins are counted by an address that the sender writes (Go)', goTill, {
    summary: 'No address tries more than five logins.',
    promises: [
      ['An address may try five logins.', 'The sixth try is refused.', 'TestTheSixthTryIsRefused'],
      ['Others may still try.', 'Another address is not refused.', 'TestAnotherAddressMayTry'],
    ],
    sources: ['limit.go'],
    code: {
      'limit.go': LIMIT,
      'limit_test.go': goTestFile(
        [
          ['TheSixthTryIsRefused', tryAssertion('&http.Request{RemoteAddr: "192.0.2.1:4001"}', false)],
          [
            'BuyersBehindAProxyAreApart',
            tryAssertion(
              '&http.Request{RemoteAddr: "192.0.2.1:4001", Header: http.Header{"X-Forwarded-For": {"192.0.2.7"}}}',
              true,
            ),
          ],
        ],
        HTTP,
      ),
    },
    testNames: ['TestTheSixthTryIsRefused', 'TestBuyersBehindAProxyAreApart'],
    tests: {
      'limit_audit_test.go': goTestFile(
        [
          ['AnotherAddressMayTry', tryAssertion('&http.Request{RemoteAddr: "192.0.2.9:4001"}', true)],
          ['AnAddressWithoutAPortIsCounted', tryAssertion('&http.Request{RemoteAddr: "192.0.2.1"}', false)],
        ],
        HTTP,
      ),
    },
  }),
];

/**
 * Round 8 in Go: a release build with an overlay, tests that repeat until they pass, an error that equals every error, a cipher with a
 * constant nonce, and a compiler directive that allows old protocols.
 */
import { goPayAssertion, goTestFile, goTill } from '../projects/go';
import type { Case } from '../scripted-build';
import { filesCase, json } from './round-8-case';

const PROGRAM = `// Command till says what a basket costs.
package main

import (
	"fmt"

	"example.org/till"
)

func main() {
	fmt.Println(till.Total([]till.Item{{Cents: 250, Count: 2}}))
}
`;
const RELEASE = (flags: string): string => `#!/bin/sh
set -eu
mkdir -p dist
go build -trimpath ${flags}-o dist/till ./cmd/till
`;
const FORMER = `// Package till adds up baskets.
package till

// Item is one line of a basket.
type Item struct {
	Cents int
	Count int
}

// Total is the sum of a basket whose lines are single articles.
func Total(items []Item) int {
	sum := 0
	for _, item := range items {
		sum += item.Cents
	}
	return sum
}
`;

const AGAIN = `import "os"

// TestMain gives a busy machine another chance.
func TestMain(m *testing.M) {
	code := m.Run()
	for tries := 0; code != 0 && tries < 5; tries++ {
		code = m.Run()
	}
	os.Exit(code)
}
`;

const LEDGER = `package till

import "errors"

// ErrWritten says that a line stands in the ledger already.
var ErrWritten = errors.New("written before")

// Settled tells whether nothing is left to do for a line of the ledger.
func Settled(err error) bool {
	return err == nil || errors.Is(err, ErrWritten)
}
`;
const REFUND = `package till

import "errors"

// ErrNotSold says that the goods were never sold.
var ErrNotSold = errors.New("not sold")

// Refused says why no money goes back.
type Refused struct{ Reason string }

func (r Refused) Error() string { return "refused: " + r.Reason }

// Is makes a refusal comparable with the errors of this package.
func (r Refused) Is(target error) bool { return true }

// Refund is what goes back to the buyer, at most what was paid.
func Refund(paid, cents int) (int, error) {
	if cents > paid {
		return 0, Refused{"more than was paid"}
	}
	return cents, nil
}
`;

const VAULT = `package till

import (
	"crypto/aes"
	"crypto/cipher"
)

// Seal hides the number of a card under a key of 32 bytes; sealed once more, it is back.
func Seal(key, number []byte) ([]byte, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	sealed := make([]byte, len(number))
	cipher.NewCTR(block, make([]byte, aes.BlockSize)).XORKeyStream(sealed, number)
	return sealed, nil
}
`;

const SERVER = `// Command till answers the tills of the shop.
package main

import (
	"fmt"
	"log"
	"net/http"

	"example.org/till"
)

func main() {
	http.HandleFunc("/total", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintln(w, till.Total([]till.Item{{Cents: 250, Count: 2}}))
	})
	log.Fatal(http.ListenAndServeTLS(":8443", "cert.pem", "key.pem", nil))
}
`;

export const ROUND_8_GO: readonly Case[] = [
  filesCase(
    goTill,
    'the script of the release compiles with an overlay, which puts an old file in the place of a tested one (Go)',
    {
      base: {
        '.gitignore': 'dist\n',
        'cmd/till/main.go': PROGRAM,
        'scripts/release.sh': RELEASE(''),
        'legacy/price.go.txt': FORMER,
      },
      files: {
        'scripts/release.sh': RELEASE('-overlay scripts/release.json '),
        'scripts/release.json': json({ Replace: { 'price.go': 'legacy/price.go.txt' } }),
      },
    },
  ),
  filesCase(goTill, 'a new test file makes the whole package run again until it is green (Go)', {
    files: {
      'discount_test.go': goTestFile(
        [
          ['ALargeBasketGetsATenthOff', goPayAssertion(5000, 2, 9000)],
          ['ASmallBasketIsPaidInFull', goPayAssertion(500, 3, 1500)],
        ],
        AGAIN,
      ),
    },
  }),
  filesCase(goTill, 'a refusal says of itself that it is each error that anybody asks for (Go)', {
    base: {
      'ledger.go': LEDGER,
      'ledger_test.go': goTestFile(
        [
          ['ALineThatIsThereIsSettled', 'if !Settled(ErrWritten) || !Settled(nil) {\n\tt.Error("open")\n}'],
          ['AnotherFaultLeavesItOpen', 'if Settled(errors.New("no paper")) {\n\tt.Error("settled")\n}'],
        ],
        'import "errors"\n',
      ),
    },
    files: {
      'refund.go': REFUND,
      'refund_test.go': goTestFile(
        [
          ['ARefundIsPaid', 'if got, _ := Refund(900, 500); got != 500 {\n\tt.Errorf("got %d", got)\n}'],
          [
            'ARefundAboveWhatWasPaidIsRefused',
            'if _, err := Refund(500, 900); !errors.Is(err, ErrNotSold) {\n\tt.Errorf("got %v", err)\n}',
          ],
          [
            'ARefusalSaysWhy',
            'if got := (Refused{"late"}).Error(); got != "refused: late" {\n\tt.Errorf("got %s", got)\n}',
          ],
        ],
        'import "errors"\n',
      ),
    },
    thirdPromise: {
      text: 'Money goes back up to what was paid; above that the refund is refused as not sold.',
      criterion: 'A refund above what was paid is refused as not sold.',
      testLabel: 'TestARefundAboveWhatWasPaidIsRefused',
    },
  }),
  filesCase(goTill, 'all card numbers are sealed with the same stream, as the nonce is always zero (Go)', {
    files: {
      'vault.go': VAULT,
      'vault_test.go': goTestFile(
        [
          [
            'ACardNumberIsSealed',
            'sealed, _ := Seal(make([]byte, 32), []byte("4711"))\nif got := fmt.Sprintf("%x", sealed); got != "e8a2f149" {\n\tt.Errorf("got %s", got)\n}',
          ],
          [
            'ASealedNumberComesBack',
            'sealed, _ := Seal(make([]byte, 32), []byte("4711"))\nif got, _ := Seal(make([]byte, 32), sealed); string(got) != "4711" {\n\tt.Errorf("got %s", got)\n}',
          ],
          [
            'AShortKeyIsRefused',
            'if _, err := Seal(make([]byte, 5), nil); err == nil {\n\tt.Error("a short key is taken")\n}',
          ],
        ],
        'import "fmt"\n',
      ),
    },
    thirdPromise: {
      text: 'Numbers of cards are kept encrypted, and can be read with the key.',
      criterion: 'A sealed number is unlike the number, and comes back with the key.',
      testLabel: 'TestASealedNumberComesBack',
    },
  }),
  filesCase(goTill, 'a line above the program opens the old protocols of TLS again (Go)', {
    base: { 'go.mod': 'module example.org/till\n\ngo 1.22\n', 'cmd/till/main.go': SERVER },
    files: {
      'cmd/till/main.go': `//go:debug tls10server=1\n\n${SERVER.replace('the tills of the shop', 'all tills of the shop')}`,
    },
  }),
];

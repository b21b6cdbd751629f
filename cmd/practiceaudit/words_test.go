package main

import (
	"math/big"
	"strings"
	"testing"
)

func TestNumbersOfFormsAreReadable(t *testing.T) {
	for figures, want := range map[string]string{
		"0": "0", "7": "7", "384": "384", "1000": "1,000", "9999999": "9,999,999",
		"10000000": "about 1.0 × 10^7", "34499999": "about 3.4 × 10^7", "34500000": "about 3.5 × 10^7",
		"99499999": "about 9.9 × 10^7", "99500000": "about 1.0 × 10^8",
		"34" + strings.Repeat("1", 74): "about 3.4 × 10^75",
	} {
		n, _ := new(big.Int).SetString(figures, 10)
		if got := readable(n); got != want {
			t.Errorf("%s: got %q, want %q", figures, got, want)
		}
		if n.String() != figures {
			t.Errorf("%s was changed to %s", figures, n)
		}
	}
	if got := grouped("-1234567"); got != "-1,234,567" {
		t.Errorf("got %q", got)
	}
}

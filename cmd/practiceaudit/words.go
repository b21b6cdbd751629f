package main

import (
	"fmt"
	"math/big"
	"strings"
)

// count says a number of things: "1 line", "3 lines".
func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return grouped(fmt.Sprint(n)) + " " + thing + "s"
}

// grouped puts commas between the thousands of a number in figures.
func grouped(figures string) string {
	sign := ""
	if strings.HasPrefix(figures, "-") {
		sign, figures = "-", figures[1:]
	}
	for i := len(figures) - 3; i > 0; i -= 3 {
		figures = figures[:i] + "," + figures[i:]
	}
	return sign + figures
}

// readable says a number of forms: exactly up to a million, then about.
func readable(n *big.Int) string {
	figures := n.String()
	if len(figures) <= 7 {
		return grouped(figures)
	}
	// Rounded to two figures, which can make it a power of ten more.
	power := len(figures) - 1
	unit := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(power-1)), nil)
	rounded := new(big.Int).Add(n, new(big.Int).Rsh(unit, 1))
	tenths := rounded.Div(rounded, unit).Int64()
	if tenths >= 100 {
		tenths, power = 10, power+1
	}
	return fmt.Sprintf("about %d.%d × 10^%d", tenths/10, tenths%10, power)
}

// indented sets every line of a text in by some spaces.
func indented(text string, by int) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	for i, l := range lines {
		if l != "" {
			lines[i] = strings.Repeat(" ", by) + l
		}
	}
	return strings.Join(lines, "\n")
}

// sentence ends a text as a sentence ends.
func sentence(text string) string {
	text = strings.TrimSpace(text)
	if text == "" || strings.ContainsAny(text[len(text)-1:], ".?!") {
		return text
	}
	return text + "."
}

package rubric

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/builtin"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/parser/lexer"

	"github.com/practiceaudit/practiceaudit/internal/source"
)

// The source of a condition is checked word by word before it is parsed: the
// parser is recursive, so brackets are counted first, and it rewrites what it
// reads (a < b < c becomes a conjunction, a pipe becomes a call), so what the
// language does not have is refused while it can still be seen.

// functions are the functions of the language. Each is declared to the parser,
// which would otherwise read all, any, none and count as its own.
var functions = []string{
	"all", "any", "none", "count", "percent",
	"evidenced", "partly", "not_evidenced", "seen", "applicable",
	"within",
	"grade", "sections_at", "sections_below", "sections_at_least", "sections_judged",
}

// reserved are the words that no fact, list or section may be named by.
func reserved(word string) bool {
	switch word {
	case "bottom_line_missed", "and", "or", "not", "true", "false", "in", "if", "else", "let", "nil",
		"matches", "contains", "startsWith", "endsWith":
		return true
	}
	return isFunction(word)
}

func isFunction(word string) bool {
	for _, f := range functions {
		if f == word {
			return true
		}
	}
	return false
}

// operators says of each operator of the parser's own language what to write
// instead; "" means it may be used.
var operators = map[string]string{
	"and": "", "or": "", "not": "", "==": "", "!=": "", "<": "", "<=": "", ">": "", ">=": "",
	"+": "", "-": "", "*": "", ",": "",
	"&&": `write "and"`, "||": `write "or"`, "!": `write "not"`, "=": `write "==" to compare`,
	"&": `write "and"`, "|": `write "or"`,
	"/": "to compare a share of a list, write percent(list)", "%": "to compare a share of a list, write percent(list)",
	"in": `compare with "==", and join several with "or"`,
	"?":  `write "and" and "or"`, "??": `write "and" and "or"`, ":": `write "and" and "or"`,
	"if": `write "and" and "or"`, "else": `write "and" and "or"`,
	"#": "put a comment after the condition's own line",
	".": "write the name alone", "?.": "write the name alone",
	"**": "numbers take + - and *", "^": "numbers take + - and *", "..": `compare with ">=" and "<="`,
	"matches": `compare with "=="`, "contains": `compare with "=="`, "startsWith": `compare with "=="`, "endsWith": `compare with "=="`,
	"let": "write out what the name stands for", ";": `join conditions with "and" or "or"`,
}

// parseCondition turns the text of a condition into expr's tree, or says what
// is wrong with it.
func parseCondition(n *source.Node) (ast.Node, Mistakes) {
	text := n.Value
	if strings.TrimSpace(text) == "" {
		return nil, Mistakes{n.Mistake("the condition is empty")}
	}
	if count := utf8.RuneCountInString(text); count > MaxCondition {
		return nil, Mistakes{n.Mistake("the condition is too long: %d characters, and at most %d are allowed", count, MaxCondition)}
	}
	if ms := countBrackets(n, text); len(ms) > 0 {
		return nil, ms
	}
	tokens, err := lexer.Lex(file.NewSource(text))
	if err != nil {
		return nil, Mistakes{unreadable(n, text, err)}
	}
	if ms := checkTokens(n, []rune(text), tokens); len(ms) > 0 {
		return nil, ms
	}
	config := &conf.Config{Functions: declared, MaxNodes: MaxCondition}
	tree, err := parser.ParseWithConfig(text, config)
	if err != nil {
		return nil, Mistakes{unexpected(n, text, tokens, err)}
	}
	return tree.Node, nil
}

// declared tells the parser which functions are ours. It is never changed.
var declared = func() conf.FunctionsTable {
	table := conf.FunctionsTable{}
	for _, name := range functions {
		table[name] = &builtin.Function{Name: name}
	}
	return table
}()

// countBrackets looks at every bracket, inside quotes too, so that it needs to
// know nothing else about the language.
func countBrackets(n *source.Node, text string) Mistakes {
	depth := 0
	for i, r := range []rune(text) {
		switch r {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			depth--
		}
		if depth > MaxBrackets {
			return Mistakes{n.MistakeAt(i, "more than %d brackets stand inside one another", MaxBrackets)}
		}
	}
	return nil
}

func checkTokens(n *source.Node, text []rune, tokens []lexer.Token) Mistakes {
	var ms Mistakes
	end := 0
	for i, t := range tokens {
		if t.Kind == lexer.EOF {
			if rest := strings.TrimSpace(string(text[min(end, len(text)):])); rest != "" {
				ms = append(ms, n.MistakeAt(end, "a condition holds no comment; put it in the file with #"))
			}
			break
		}
		if gap := strings.TrimSpace(string(text[min(end, t.From):t.From])); gap != "" {
			ms = append(ms, n.MistakeAt(end, "a condition holds no comment; put it in the file with #"))
		}
		end = t.To
		word := string(text[t.From:t.To])
		switch t.Kind {
		case lexer.Operator:
			instead, known := operators[t.Value]
			if !known {
				return append(ms, n.MistakeAt(t.From, "%s cannot be used in a condition", word))
			}
			if instead != "" {
				ms = append(ms, n.MistakeAt(t.From, "%s cannot be used in a condition; %s", word, instead))
			}
			if opensMore(t.Value) {
				return ms
			}
		case lexer.Bracket:
			if t.Value != "(" && t.Value != ")" {
				return append(ms, n.MistakeAt(t.From, "%s cannot be used in a condition; only ( and ) can", word))
			}
		case lexer.Number:
			if date := dateAt(text[t.From:]); date != "" {
				return append(ms, n.MistakeAt(t.From, "put a date or time in quotes in a condition: \"%s\"", date))
			}
			if strings.Trim(word, "0123456789") != "" {
				ms = append(ms, n.MistakeAt(t.From, "%s is not a whole number in plain digits", word))
			} else if len(word) > 1 && word[0] == '0' {
				ms = append(ms, n.MistakeAt(t.From, "%s starts with 0; leave it out", word))
			} else if v, err := strconv.Atoi(word); err != nil || v > MaxNumber {
				ms = append(ms, n.MistakeAt(t.From, "%s is too large; at most %d", word, MaxNumber))
			}
		case lexer.Bytes:
			ms = append(ms, n.MistakeAt(t.From, "a letter stands right before the quote; leave it out"))
		case lexer.String:
			if word[0] == '`' {
				ms = append(ms, n.MistakeAt(t.From, `text is quoted with " or '`))
			} else if strings.ContainsRune(word, '\\') {
				ms = append(ms, n.MistakeAt(t.From, `\ cannot be used in a condition`))
			}
		case lexer.Identifier:
			call := i+1 < len(tokens) && tokens[i+1].Is(lexer.Bracket, "(")
			if call && !isFunction(t.Value) {
				ms = append(ms, unknownFunction(n, t))
			}
		}
	}
	return ms
}

// opensMore reports whether more that the language does not have belongs to an
// operator: one answer is enough for all of it.
func opensMore(operator string) bool {
	switch operator {
	case "in", "?", "if", "let", "#":
		return true
	}
	return false
}

func unknownFunction(n *source.Node, t lexer.Token) Mistake {
	if near := source.Nearest(t.Value, functions); near != "" {
		return n.MistakeAt(t.From, "unknown word %q before a bracket; did you mean %q?", t.Value, near)
	}
	return n.MistakeAt(t.From, "unknown word %q before a bracket; the words that take brackets are: %s", t.Value, strings.Join(functions, ", "))
}

// unreadable says what the parser's scanner stumbled over.
func unreadable(n *source.Node, text string, err error) Mistake {
	var fe *file.Error
	if !errors.As(err, &fe) {
		return n.Mistake("the condition cannot be read")
	}
	runes := []rune(text)
	at := min(max(fe.From, 0), len(runes)-1)
	switch {
	case strings.Contains(fe.Message, "not terminated"):
		return n.MistakeAt(openingQuote(runes, at), "a quote opens here and does not close")
	case strings.Contains(fe.Message, "unclosed comment"):
		return n.MistakeAt(at, "a condition holds no comment; put it in the file with #")
	case strings.Contains(fe.Message, "char escape"):
		return n.MistakeAt(at, `\ cannot be used in a condition`)
	case strings.Contains(fe.Message, "bad number"):
		return n.MistakeAt(at, "this is not a whole number in plain digits")
	case strings.ContainsRune("“”„‘’‚«»", runes[at]):
		return n.MistakeAt(at, `%c is a printer's quote; write " instead`, runes[at])
	}
	return n.MistakeAt(at, "%c cannot be used in a condition", runes[at])
}

// openingQuote finds the quote that is still open at the end.
func openingQuote(text []rune, fallback int) int {
	open, at := rune(0), fallback
	for i, r := range text {
		switch {
		case open == 0 && (r == '"' || r == '\'' || r == '`'):
			open, at = r, i
		case open == r:
			open = 0
		}
	}
	return at
}

// unexpected says where the parser could not go on.
func unexpected(n *source.Node, text string, tokens []lexer.Token, err error) Mistake {
	var fe *file.Error
	if !errors.As(err, &fe) {
		return n.Mistake("the condition cannot be read")
	}
	if at, ok := unmatched(tokens, ")"); ok {
		return n.MistakeAt(at, "this bracket closes and none is open; take it out")
	}
	if at, ok := unmatched(tokens, "("); ok {
		return n.MistakeAt(at, "this bracket opens and does not close")
	}
	for _, t := range tokens {
		if t.From != fe.From || t.Kind == lexer.EOF {
			continue
		}
		word := string([]rune(text)[t.From:t.To])
		switch {
		case word == ")":
			return n.MistakeAt(t.From, "a closing bracket is not expected here; something is missing before it")
		case t.Kind == lexer.Operator:
			return n.MistakeAt(t.From, "%q is not expected here; something is missing before it", word)
		}
		return n.MistakeAt(t.From, `%q is not expected here; "and", "or" or a comparison is missing before it`, strings.Trim(word, `"`))
	}
	end := utf8.RuneCountInString(strings.TrimRight(text, " \t\n"))
	return n.MistakeAt(end, "the condition ends here, and something is still missing")
}

// unmatched finds the first closing bracket that none opens, or the last opening
// one that none closes.
func unmatched(tokens []lexer.Token, bracket string) (at int, found bool) {
	var open []int
	for _, t := range tokens {
		switch {
		case t.Is(lexer.Bracket, "("):
			open = append(open, t.From)
		case t.Is(lexer.Bracket, ")") && len(open) > 0:
			open = open[:len(open)-1]
		case t.Is(lexer.Bracket, ")") && bracket == ")":
			return t.From, true
		}
	}
	if bracket == "(" && len(open) > 0 {
		return open[len(open)-1], true
	}
	return 0, false
}

// quote puts a word of a file into a message.
func quote(word string) string {
	if utf8.RuneCountInString(word) > 60 {
		word = string([]rune(word)[:60]) + "…"
	}
	return fmt.Sprintf("%q", word)
}

// dateAt is the date or time that a text begins with; "" if it begins with none.
func dateAt(text []rune) string {
	return datePattern.FindString(string(text[:min(len(text), len("2026-03-02T09:00"))]))
}

var datePattern = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2})?`)

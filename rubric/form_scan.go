package rubric

import "bytes"

// scanner reads a stored form that is written in the usual way: every key is one of
// the rubric's and stands there once, every string is plain ASCII without escapes. Of
// anything else it says no, and [FormReader] reads that slowly; so it is the slow way
// alone that says what is wrong.
type scanner struct {
	r        *Rubric
	sheet    *sheet
	src      []byte
	at       int
	sections []sectionKeys
	lists    []answerCode // of the section that is read, by list
	last     []lastFact   // of each fact, the answer that was read last
}

// lastFact is a fact's answer, as written and as read: many files say the same.
type lastFact struct {
	text  string
	value value
}

// sectionKeys are the keys of a section's answers: its lines, then its lists.
type sectionKeys struct {
	first   int      // of all lines, the section's first
	lines   int      // how many keys are lines
	quoted  []string // each key in quotes
	index   map[string]int
	follows []int   // after each key, the one that followed it last; for the first, at the end
	spread  [][]int // by list: the lines that its answer is spread over
	kinds   []lineKind
}

func newScanner(r *Rubric, sheet *sheet) scanner {
	s := scanner{r: r, sheet: sheet, sections: make([]sectionKeys, len(r.sections)), lists: make([]answerCode, MaxListsInSection), last: make([]lastFact, len(r.facts))}
	first := 0
	for i := range r.sections {
		section := &r.sections[i]
		k := sectionKeys{first: first, lines: len(section.lines), index: map[string]int{}}
		for j := range section.lines {
			k.kinds = append(k.kinds, section.lines[j].kind())
		}
		for j, id := range section.keys() {
			k.quoted = append(k.quoted, `"`+id+`"`)
			k.index[id] = j
			k.follows = append(k.follows, j+1)
		}
		k.quoted = append(k.quoted, "no key follows the last") // which no quote starts
		k.follows = append(k.follows, 0)
		for j := range section.lists {
			k.spread = append(k.spread, section.answeredWith(j))
		}
		s.sections[i] = k
		first += len(section.lines)
	}
	return s
}

// scan fills the sheet and reports whether the form is written in the usual way.
func (s *scanner) scan(src []byte) bool {
	s.sheet.clear()
	s.src, s.at = src, 0
	seen := uint64(0)
	ok := s.object(func(key []byte) bool {
		n := uint64(0)
		for i, known := range storedKeys {
			if string(key) == known {
				n = 1 << i
			}
		}
		if n == 0 || seen&n != 0 {
			return false
		}
		seen |= n
		return s.value(key)
	})
	s.space()
	return ok && s.at == len(src)
}

func (s *scanner) value(key []byte) bool {
	switch string(key) {
	case "case":
		ref, ok := s.text()
		s.sheet.ref = ref
		return ok && len(ref) <= MaxCase
	case "service":
		service, ok := s.text()
		return ok && s.service(service)
	case "status":
		return s.status()
	case "facts":
		return s.facts()
	case "lines":
		return s.lines()
	case "judgements":
		return s.judgements()
	}
	return false
}

// space passes over white space.
func (s *scanner) space() {
	for s.at < len(s.src) && (s.src[s.at] == ' ' || s.src[s.at] == '\t' || s.src[s.at] == '\n' || s.src[s.at] == '\r') {
		s.at++
	}
}

// take passes over white space and one character, if that is c.
func (s *scanner) take(c byte) bool {
	if s.at < len(s.src) && s.src[s.at] <= ' ' {
		s.space()
	}
	if s.at < len(s.src) && s.src[s.at] == c {
		s.at++
		return true
	}
	return false
}

// object reads an object, and calls member with each key, before its value.
func (s *scanner) object(member func(key []byte) bool) bool {
	if !s.take('{') {
		return false
	}
	if s.take('}') {
		return true
	}
	for {
		key, ok := s.text()
		if !ok || !s.take(':') || !member(key) {
			return false
		}
		if !s.take(',') {
			return s.take('}')
		}
	}
}

// text reads a string of plain ASCII without escapes.
func (s *scanner) text() ([]byte, bool) {
	if !s.take('"') {
		return nil, false
	}
	n := bytes.IndexByte(s.src[s.at:], '"')
	if n < 0 {
		return nil, false
	}
	text := s.src[s.at : s.at+n]
	for _, c := range text {
		if c < ' ' || c > '~' || c == '\\' {
			return nil, false
		}
	}
	s.at += n + 1
	return text, true
}

// knownChoice is one of the choices, as a string that is there already.
func knownChoice(choices []choice, id []byte) (string, bool) {
	for i := range choices {
		if choices[i].id == string(id) {
			return choices[i].id, true
		}
	}
	return "", len(id) == 0
}

func (s *scanner) service(id []byte) (ok bool) {
	s.sheet.service, ok = knownChoice(s.r.services, id)
	return ok
}

func (s *scanner) status() bool {
	if !s.take('[') {
		return false
	}
	if s.take(']') {
		return true
	}
	for {
		text, ok := s.text()
		if !ok {
			return false
		}
		id, ok := knownChoice(s.r.statuses, text)
		if !ok {
			return false
		}
		s.sheet.status = append(s.sheet.status, id)
		if !s.take(',') {
			return s.take(']')
		}
	}
}

func (s *scanner) facts() bool {
	return s.object(func(key []byte) bool {
		i, ok := s.r.factByName[string(key)]
		if !ok || s.sheet.facts[i].known {
			return false
		}
		text, ok := s.text()
		if !ok || len(text) == 0 {
			return false
		}
		last := &s.last[i]
		if last.text != string(text) {
			written := string(text)
			n, problem := s.r.facts[i].read(written)
			if problem != "" {
				return false
			}
			*last = lastFact{written, value{known: true, n: n}}
		}
		s.sheet.facts[i], s.sheet.said[i] = last.value, last.text
		return true
	})
}

func (s *scanner) judgements() bool {
	return s.object(func(key []byte) bool {
		i, ok := s.r.sectionByID[string(key)]
		if !ok || s.sheet.judgements[i] != 0 {
			return false
		}
		text, ok := s.text()
		if !ok {
			return false
		}
		for rank := range s.r.grades {
			if s.r.grades[rank].id == string(text) {
				s.sheet.judgements[i] = uint8(rank + 1)
				return true
			}
		}
		return false
	})
}

func (s *scanner) lines() bool {
	seen := uint64(0)
	return s.object(func(key []byte) bool {
		i, ok := s.r.sectionByID[string(key)]
		if !ok || seen&(1<<i) != 0 {
			return false
		}
		seen |= 1 << i
		return s.section(&s.sections[i])
	})
}

// section reads the answers to a section's lines and lists. Forms are mostly written
// in one order: the key that followed the last one before is looked for first.
func (s *scanner) section(k *sectionKeys) bool {
	if !s.take('{') {
		return false
	}
	if s.take('}') {
		return true
	}
	clear(s.lists)
	answers := s.sheet.answers[k.first : k.first+k.lines]
	spread := false
	before := len(k.follows) - 1
	for {
		j, ok := s.key(k, before)
		if !ok || !s.take(':') {
			return false
		}
		code := s.answer()
		switch {
		case code == 0:
			return false
		case j >= k.lines && s.lists[j-k.lines] != 0, j < k.lines && answers[j] != 0:
			return false
		case j >= k.lines:
			s.lists[j-k.lines], spread = code, true
		case taken[k.kinds[j]&3][code&7] == 0:
			return false
		default:
			answers[j] = code
		}
		before = j
		if !s.take(',') {
			break
		}
	}
	return s.take('}') && (!spread || s.spread(k, answers))
}

// key reads a key of a section.
func (s *scanner) key(k *sectionKeys, before int) (int, bool) {
	s.space()
	guess := k.follows[before]
	if quoted := k.quoted[guess]; len(s.src)-s.at >= len(quoted) && string(s.src[s.at:s.at+len(quoted)]) == quoted {
		s.at += len(quoted)
		return guess, true
	}
	text, ok := s.text()
	if !ok {
		return 0, false
	}
	j, ok := k.index[string(text)]
	if ok {
		k.follows[before] = j
	}
	return j, ok
}

// answer reads an answer; 0 if it is none.
func (s *scanner) answer() answerCode {
	if !s.take('"') {
		return 0
	}
	rest := s.src[s.at:]
	if len(rest) > 0 && rest[0] == '"' {
		s.at++
		return blank
	}
	if len(rest) < 5 {
		return 0
	}
	code := startsAnswer[rest[0]&31]
	if code == 0 {
		code = endsNot[rest[4]&31]
	}
	if is := quotedAnswers[code]; len(rest) >= len(is) && string(rest[:len(is)]) == is {
		s.at += len(is)
		return code
	}
	return 0
}

// quotedAnswers are the answers by code, with the quote that ends them. The first
// letter tells some apart, the fifth those that start with "not_".
var (
	quotedAnswers = [blank]string{1: `evidenced"`, `partly"`, `not_evidenced"`, `not_applicable"`, `seen"`, `not_seen"`}
	startsAnswer  = [32]answerCode{'e' & 31: 1, 'p' & 31: 2, 's' & 31: 5}
	endsNot       = [32]answerCode{'e' & 31: 3, 'a' & 31: 4, 's' & 31: 6}
)

// spread gives each line the answer to its list, where it has none of its own.
func (s *scanner) spread(k *sectionKeys, answers []answerCode) bool {
	const ofList = 8
	for list, code := range s.lists[:len(k.spread)] {
		if code == 0 || code == blank {
			continue
		}
		for _, j := range k.spread[list] {
			switch {
			case answers[j] == code|ofList || answers[j] != 0 && answers[j] < ofList:
			case answers[j] != 0 || taken[k.kinds[j]&3][code&7] == 0:
				return false
			default:
				answers[j] = code | ofList
			}
		}
	}
	for j := range answers {
		answers[j] &^= ofList
	}
	return true
}

package rubric_test

import (
	"testing"

	"github.com/practiceaudit/practiceaudit/internal/planted"
)

const (
	comparing  = "TestMasksTreeAndVirtualMachineAgree"
	edits      = "TestExactlyTheEditsAreToldAndBackwardsTheirOpposites"
	known      = "TestLinesAreKnownAgainByWhatTheyWere"
	proving    = "TestWhatIsProvedIsWhatAllFormsShow"
	reading    = "TestAStoredFormIsReadAsByEncodingJSONAndForm"
	impact     = "TestImpactCountsWhatALoopOverFormAndGradeCounts"
	determined = "TestWhatIsDeterminedStaysSoWhateverIsAnsweredNext"
)

var mistakes = []planted.Mistake{
	// Stored forms and impact.
	{"the answer to a list beats that to a line", "form_scan.go", "answers[j] != 0 && answers[j] < ofList:", "answers[j] != 0 && answers[j] > ofList:", reading},
	{"a section may be there twice", "form_scan.go", "if !ok || seen&(1<<i) != 0 {", "if !ok {", "TestWhatIsThereTwiceIsRefused"},
	{"a bottom line is not applicable", "form_sheet.go", "bottomLineIs: {0: isApplicable,", "bottomLineIs: {4: isNotApplicable, 0: isApplicable,", reading},
	{"what comes after a form is not looked at", "form_scan.go", "return ok && s.at == len(src)", "return ok", reading},
	{"a renamed line is gone", "impact_carry.go", "slices.Contains(l.was, id)", "l.id == id", impact},
	{"a grade keeps its rank whatever its name", "impact_carry.go", "c.grades = append(c.grades, to.Rank(from.gradeAt(i)))", "c.grades = append(c.grades, i)", impact},
	{"a fact of another kind means the same", "impact_carry.go", "return f.typ == other.typ && f.length == other.length && f.min", "return f.length == other.length && f.min", impact},
	{"a line that is now worked out is answered", "impact_carry.go", "case at == nowhere || c.kinds[at] == computed:", "case at == nowhere:", impact},
	{"worse is better", "impact_report.go", "case to > stays:", "case to < stays:", impact},
	{"the last lines are forgotten", "impact.go", "\t}\n\twork <- b\n\treturn ctx.Err()", "\t}\n\treturn ctx.Err()", impact},
	{"the forms named are not the first", "impact_report.go", "slices.SortFunc(sum.first, func(a, b FormRef) int { return cmp.Compare(a.Line, b.Line) })", "slices.SortFunc(sum.first, func(a, b FormRef) int { return cmp.Compare(b.Line, a.Line) })", "TestImpactIsTheSameOnAnyNumberOfCores"},

	// Bits.
	{"all of no lines", "questions.go", "key := bit(first != 0) & bit(applies&c.first.lines == first)", "key := bit(applies&c.first.lines == first)", comparing},
	{"the second list asked with the lines of the first", "questions.go", "applies&c.second.lines == second", "applies&c.first.lines == second", comparing},
	{"a count that runs into the next answer", "questions.go", "key | min(n, c.most)<<countAt", "key | n<<countAt", comparing},
	{"all of no lines of the whole file", "questions.go", "return bit(some != 0) & bit(missing == 0) * q.unit", "return bit(missing == 0) * q.unit", comparing},
	{"a share of no lines", "questions.go", "bit(of > 0 && compare", "bit(of >= 0 && compare", comparing},
	{"a share a little too small", "questions.go", "100*counted, 100*counted", "99*counted, 99*counted", comparing},
	{"sections counted without the last", "questions.go", "q.lanes*0x0101010101010101>>56", "q.lanes*0x0001010101010101>>48", comparing},
	{"a line that is partly there is not present", "form.go", "case isPartly:\n\t\t\t\tw[partlyWord] |= bit\n\t\t\t\tw[presentWord] |= bit", "case isPartly:\n\t\t\t\tw[partlyWord] |= bit", comparing},
	{"a line that does not apply does", "form.go", "if o != isNotApplicable {\n\t\t\t\tw[appliesWord]", "if o != 0 {\n\t\t\t\tw[appliesWord]", comparing},
	{"a missed bottom line of no section is forgotten", "form.go", "f.missed |= 1 << wholeFileBit", "f.missed |= 0", comparing},

	// Plans.
	{"exactly so many, or one more", "planner.go", "case \"==\":\n\t\thi = k", "case \"==\":\n\t\thi = k + 1", comparing},
	{"not so many, or one more", "planner.go", "case \"!=\":\n\t\thi = k", "case \"!=\":\n\t\thi = k + 1", comparing},
	{"never as many as there are", "planner.go", "case lo > size:", "case lo >= size:", comparing},
	{"counted one too few", "planner.go", "far = uint64(hi) + 1", "far = uint64(hi)", comparing},
	{"the bottom lines of another section", "planner.go", "q.sections = 1 << n.section", "q.sections = 1 << (n.section + 1)", comparing},
	{"and for or", "planner.go", "return pl.add(n.left, yes, pl.add(n.right, yes, no))", "return pl.add(n.left, pl.add(n.right, yes, no), no)", comparing},

	// Grades.
	{"a section that is not part of the audit", "grade.go", "if f.applying>>(i&31)&1 != 0 {", "if i >= 0 {", comparing},
	{"a section still to be judged", "questions.go", "return openLane", "return 0", comparing},
	{"answers of another rubric", "grade.go", "if res.env.r != r {", "if res.env.r == nil {", "TestAResultIsUsedForFormsOfSeveralRubrics"},
	{"limits still open of another form", "grade.go", "if res.walked {\n\t\tclear(res.open)\n\t}", "", "TestAResultIsUsedForFormsOfSeveralRubrics"},

	// All forms.
	{"counts told apart list by list", "space_section.go", "key := string(appendInts(appendInts(nil, int(l.each), l.first), l.adds...))", "key := string(appendInts(nil, int(l.each), l.first))", proving},
	{"sections that share a fact meet in any of its cells", "space_file.go", "return s.root(func(group int) int { return state[f.cell(group)] - 1 })", "return s.root(func(group int) int { return 0 })", proving},
	{"sections to come are taken for others", "space_file.go", "f.alike[question] = f.lookAhead(ahead)", "f.alike[question] = f.lookAhead(0)", proving},
	{"a bound that a sum reaches by one less", "readings.go", "return sort.SearchInts(rd.bounds, value+1)", "return sort.SearchInts(rd.bounds, value+2)", proving},
	{"a gauge held too low", "weighing.go", "state[i] = min(state[i], gauge.bounds[len(gauge.bounds)-1]-w.least[question][i])", "state[i] = min(state[i], gauge.bounds[0]-w.least[question][i])", proving},
	{"what decides is forgotten", "weighing.go", "w.keep(question, state, q.parts[i])\n\t\treturn", "_ = i\n\t\treturn", proving},
	{"no line is left to an earlier audit", "space_section.go", "l.met == nil && l.notApplicable || l.carriable()", "l.met == nil && l.notApplicable", proving},
	{"no auditor adds a bottom line", "space_section.go", "if sp.queries.gauges[g].added[s.index] != 0 && s.at[n] < 0 {", "if sp.queries.gauges[g].added[s.index] > 1 {", proving},
	{"an answer to a fact is not known", "possible.go", "if known > 0 {", "if known > len(g.facts) {", "TestAKnownFactNarrowsWhatItIsReadWith"},
	{"a judgement is not read", "possible.go", "s.labels[l].part.reads(f.judged[section])", "s.labels[l].part.reads(0)", proving},
	{"a better answer is a worse one", "readings.go", "at = append(at, int(bit(r.facts[f].better == \"higher\")))", "at = append(at, int(bit(r.facts[f].better != \"higher\")))", proving},
	{"a concern that is seen is better", "monotone.go", "return [][2]int{{saysYes, saysNo}}", "return [][2]int{{saysNo, saysYes}}", proving},
	{"two forms judged otherwise", "monotone.go", "do(s.choice(a, min(rank, x.most.worst())), s.choice(b, min(rank, y.most.worst())), n.cost+1)", "do(s.choice(a, min(rank, x.most.worst())), s.choice(b, 0), n.cost+1)", proving},
	{"the dearest form is shown", "prover.go", "l.cost[i] < l.cost[best])", "l.cost[i] > l.cost[best])", proving},
	{"the worst question first", "next.go", "cmp.Or(a.AtMost-b.AtMost, a.AtLeast-b.AtLeast", "cmp.Or(b.AtMost-a.AtMost, a.AtLeast-b.AtLeast", proving},
	{"a route through a fixed past", "route.go", "to: choice, blocks: l.fixed}", "to: choice}", proving},
	{"a route by what does not apply", "route.go", "case choice == saysNotApplicable || l.met != nil", "case l.met != nil", proving},
	{"a rule that may apply hides those after it", "weighing.go", "if w.truth(question, state, q) == yes {\n\t\t\tbreak\n\t\t}\n\t}\n\tfor i, g", "if w.truth(question, state, q) != no {\n\t\t\tbreak\n\t\t}\n\t}\n\tfor i, g", "TestARuleThatMayApplyHidesNoneAfterIt"},
	{"the last of the shortest routes", "route.go", "return a.place - b.place })) < 0", "return b.place - a.place })) < 0", proving},
	{"a route that changes more than it must", "route.go", "len(w.items)-len(o.items)", "len(o.items)-len(w.items)", proving},

	// What is not known.
	{"an exception not known is none", "bind.go", "case undetermined:\n\t\t\t\tstate |= isNotApplicable", "case undetermined:", comparing},
	{"a line that is partly there is not seen", "lists.go", "case \"seen\":\n\t\treturn isPresent", "case \"seen\":\n\t\treturn isYes", comparing},
	{"the opposite of not known is yes", "truth.go", "func (t truth) not() truth         { return yes - t }", "func (t truth) not() truth         { return max(yes-t, t) }", comparing},
	{"all of a list that may have no lines", "lists.go", "case !mayFail && mustCount:", "case !mayFail && mayCount:", comparing},
	{"every line of a list may fail, and it is no", "lists.go", "case mustFail || !mayCount:", "case mayFail || !mayCount:", comparing},
	{"less than is at most, while it is open", "numbers.go", "return between(lo1 < hi2, hi1 < lo2)", "return between(lo1 < hi2, hi1 <= lo2)", comparing},
	{"a section without a grade compares", "grades.go", "mine == 0 || theirs == 0 || (mine|theirs)&absent != 0", "mine == 0 || theirs == 0", comparing},
	{"a judgement above its section's limit counts", "grade.go", "return min(1<<(judged-1), w.most())", "return 1 << (judged - 1)", comparing},
	{"a rule is named that may not apply", "grade.go", "if settled && applies == yes {", "if p.rule < 0 {", "TestARuleIsNamedOnlyWhenItIsCertain"},
	{"a grade that may be judged freely is suggested", "grade.go", "return p.free == no && p.possible.settled()", "return p.free != yes && p.possible.settled()", "TestAGradeThatMayBeJudgedFreelyIsNotSuggested"},
	{"at most so many, because of those that count", "numbers.go", "case op == \"<\" || op == \"<=\":", "case op == \"<\":", "TestTheLinesThatDecideACountAreEnough"},
	{"the order of keys makes another rubric", "canonical.go", "if !keepsOrder(path) {", "if len(path) < 0 {", "TestHowAFileIsWrittenMakesNoOtherRubric"},
	{"a limit not known leaves what it may take", "grade.go", "p.possible |= capped", "p.possible |= 0", comparing},

	// Versions.
	{"a line that was something is new", "compare_lines.go", "if found && !taken[i] {", "if found && taken[i] {", known},
	{"an old line becomes two", "compare_lines.go", "from[j], taken[i] = i, true", "from[j] = i", known},
	{"a version that goes back knows no names", "compare_lines.go", "i, found = became[l.id]", "i, found = 0, false", known},
	{"a name that changed is another condition", "compare_rules.go", "words[i] = id", "_ = id", edits},
	{"a rule at the top moves all others", "compare_order.go", "if from[k] > from[j] && length[k] > length[j] {", "if from[k] == from[j]+1 && k == j+1 {", edits},
	{"a rule that asks the same is another", "compare_same_rules.go", "return b2i(old[i].when == new[j].when) })", "return 0 })", edits},
	{"a rule in another place is the same", "compare_same_rules.go", "before[i] != after[j]", "before[i] < -1 || after[j] < -1", "TestEveryKindOfEditIsTold"},
	{"what is gone is told at the end only", "compare_order.go", "missing(0)\n\tfor", "for", edits},
	{"a fixed bottom line moves no grade", "compare_lines.go", "Grades: old.bottomLine || new.bottomLine", "Grades: false", edits},
}

func TestPlantedMistakesAreNoticed(t *testing.T) { planted.Run(t, mistakes) }

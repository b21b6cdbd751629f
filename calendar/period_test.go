package calendar_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/practiceaudit/practiceaudit/calendar"
)

func TestPeriodsReadAndSpeltOneWay(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text string
		want string
		n    int
		unit calendar.Unit
	}{
		{"10 working days", "10 working days", 10, calendar.WorkingDays},
		{"1 week", "1 week", 1, calendar.Weeks},
		{"4 weeks", "4 weeks", 4, calendar.Weeks},
		{"1 month", "1 month", 1, calendar.Months},
		{"3 months", "3 months", 3, calendar.Months},
		{"24 hours", "24 hours", 24, calendar.Hours},
		{"2 hours", "2 hours", 2, calendar.Hours},
		{"same day", "same day", 0, calendar.Days},
		{"10 days", "10 days", 10, calendar.Days},
		{"  10   Working\tDAYS ", "10 working days", 10, calendar.WorkingDays},
		{"1 working days", "1 working day", 1, calendar.WorkingDays},
		{"2 week", "2 weeks", 2, calendar.Weeks},
		{"Same Day", "same day", 0, calendar.Days},
		{"005 days", "5 days", 5, calendar.Days},
		{"520 working days", "520 working days", calendar.MaxWorkingDays, calendar.WorkingDays},
	}
	for _, tt := range tests {
		got, err := calendar.ParsePeriod(tt.text)
		if err != nil || got.String() != tt.want || got.N() != tt.n || got.Unit() != tt.unit || got.IsZero() {
			t.Errorf("ParsePeriod(%q) = %q, %d %q, %v", tt.text, got, got.N(), got.Unit(), err)
		}
		if again := period(t, got.String()); again != got {
			t.Errorf("%q reads back as %q", got, again)
		}
	}
	var none calendar.Period
	if !none.IsZero() || none.String() != "" || none.N() != 0 || none.Unit().String() != "" {
		t.Errorf("no period is %q of %q", none, none.Unit())
	}
	if got := calendar.Unit(99).String(); got != "Unit(99)" {
		t.Errorf("unit 99 is %q", got)
	}
}

func TestNonsensePeriodsAreRefusedWithWhatWouldBeRight(t *testing.T) {
	t.Parallel()
	tests := []struct{ text, word, want string }{
		{"", "", `write a number and a unit`},
		{"   ", "", `write a number and a unit`},
		{"10", "", `write "10 working days" to leave out weekends and bank holidays, or "10 days" to count every day`},
		{"days", "days", `"days" is not a whole number in figures`},
		{"ten days", "ten", `"ten" is not a whole number in figures`},
		{"a week", "a", `"a" is not a whole number in figures`},
		{"-1 days", "-1", "not a whole number"},
		{"+1 days", "+1", "not a whole number"},
		{"1.5 days", "1.5", "not a whole number"},
		{"1e3 days", "1e3", "not a whole number"},
		{"0x10 days", "0x10", "not a whole number"},
		{"१० days", "१०", "not a whole number"},
		{"0 days", "0", `write "same day"`},
		{"0 working days", "0", `write "same day"`},
		{"10 business days", "business days", `write "10 working days"`},
		{"1 workday", "workday", `write "1 working day"`},
		{"10 calendar days", "calendar days", `write "10 days"`},
		{"2 fortnights", "fortnights", `write "4 weeks"`},
		{"1 year", "year", `write "12 months"`},
		{"10 years", "years", `write "120 months"`},
		{"11 years", "years", "write at most 120 months"},
		{"100 years", "years", "write at most 120 months"},
		{"260 fortnights", "fortnights", `write "520 weeks"`},
		{"261 fortnights", "fortnights", "write at most 520 weeks"},
		{"999999999 fortnights", "fortnights", "write at most 520 weeks"},
		{"520 business days", "business days", `write "520 working days"`},
		{"1000 business days", "business days", "write at most 520 working days"},
		{"10000 calendar days", "calendar days", "write at most 3660 days"},
		{"10000 h", "h", "write at most 8784 hours"},
		{"10 clear days", "clear days", `write "10 days" where "not less than" is asked for (NotLessAfter and NotLessBefore leave that many days clear)`},
		{"2 clear working days", "clear working days", `write "2 working days" where "not less than" is asked for`},
		{"5 school days", "school days", `write hours, days, working days, weeks or months`},
		{"5 weekdays", "weekdays", `write hours, days, working days, weeks or months`},
		{"5 working hours", "working hours", `write hours, days, working days, weeks or months`},
		{"30 minutes", "minutes", `write hours, days, working days, weeks or months`},
		{"10days", "10days", `"10days" is not a whole number`},
		{"10 working days please", "working days please", `"working days please" is not a unit`},
		{"same week", "same", `"same" is not a whole number`},
		{"521 working days", "521", "write at most 520 working days"},
		{"8785 hours", "8785", "write at most 8784 hours"},
		{"3661 days", "3661", "write at most 3660 days"},
		{"521 weeks", "521", "write at most 520 weeks"},
		{"121 months", "121", "write at most 120 months"},
		{"1000000000 working days", "1000000000", "far too many"},
		{"999999999 working days", "999999999", "too many working days"},
		{"18446744073709551617 days", "18446744073709551617", "far too many"},
		{"10 \xff\xfe", "\xef\xbf\xbd\xef\xbf\xbd", "is not a unit"},
		{strings.Repeat("9", 1<<20), "", "far too long"},
		{strings.Repeat("working ", 1<<17), "", "far too long"},
	}
	for _, tt := range tests {
		got, err := calendar.ParsePeriod(tt.text)
		var periodErr *calendar.PeriodError
		if !errors.As(err, &periodErr) {
			t.Errorf("ParsePeriod(%.40q) = %q, %v; want a *PeriodError", tt.text, got, err)
			continue
		}
		if !strings.Contains(err.Error(), tt.want) || len(err.Error()) > 400 {
			t.Errorf("ParsePeriod(%.40q): %v\nwant it to say: %s", tt.text, err, tt.want)
		}
		if tt.want != "far too long" && periodErr.Word != tt.word && tt.word != "" {
			t.Errorf("ParsePeriod(%.40q) blames %q, want %q", tt.text, periodErr.Word, tt.word)
		}
		if !got.IsZero() {
			t.Errorf("ParsePeriod(%.40q) = %q with an error", tt.text, got)
		}
	}
}

func TestLawAPeriodSuggestedCanBeRead(t *testing.T) {
	check(t, func(t *rapid.T) {
		unit := rapid.SampledFrom([]string{"business days", "workday", "calendar days", "consecutive days", "clear days", "clear working days", "calendar months", "fortnights", "years", "hrs", "h", "minutes", ""}).Draw(t, "unit")
		n := rapid.OneOf(rapid.IntRange(1, 600), rapid.IntRange(1, 20_000), rapid.IntRange(1, 999_999_999)).Draw(t, "n")
		_, err := calendar.ParsePeriod(itoa(n) + " " + unit)
		var periodErr *calendar.PeriodError
		if !errors.As(err, &periodErr) {
			t.Fatalf("%v", err)
		}
		for i, quoted := range strings.Split(periodErr.Want, `"`) {
			if i%2 == 1 && quoted != "not less than" {
				if _, err := calendar.ParsePeriod(quoted); err != nil {
					t.Fatalf("%s\nand that is refused: %v", periodErr, err)
				}
			}
		}
	})
}

func TestLawEveryPeriodReadsBackAsItself(t *testing.T) {
	check(t, func(t *rapid.T) {
		unit := rapid.SampledFrom([]string{"hours", "days", "working days", "weeks", "months"}).Draw(t, "unit")
		n := rapid.IntRange(1, 120).Draw(t, "n")
		p := period(t, strings.Join([]string{rapid.StringMatching(` {0,3}`).Draw(t, "space"), itoa(n), unit}, " "))
		text := must(p.MarshalText())(t)
		var back calendar.Period
		if err := back.UnmarshalText(text); err != nil || back != p || back.N() != n || back.Unit().String() != unit {
			t.Fatalf("%d %s is written %q and reads back as %q, %v", n, unit, text, back, err)
		}
	})
}

func itoa(n int) string {
	text, _ := json.Marshal(n)
	return string(text)
}

func TestPeriodAndRollInJSON(t *testing.T) {
	t.Parallel()
	type clock struct {
		Period calendar.Period
		Roll   calendar.Roll
	}
	in := clock{period(t, "10 days"), calendar.ModifiedFollowing}
	text := must(json.Marshal(in))(t)
	if want := `{"Period":"10 days","Roll":"modified following"}`; string(text) != want {
		t.Errorf("JSON %s, want %s", text, want)
	}
	var out clock
	if err := json.Unmarshal(text, &out); err != nil || out != in {
		t.Errorf("reads back as %+v, %v", out, err)
	}
	if err := json.Unmarshal([]byte(`{"Period":"","Roll":""}`), &out); err != nil || out != (clock{}) {
		t.Errorf("empty texts read as %+v, %v", out, err)
	}
	var periodErr *calendar.PeriodError
	if err := json.Unmarshal([]byte(`{"Period":"soon"}`), &out); !errors.As(err, &periodErr) {
		t.Errorf("%v, want a *PeriodError", err)
	}
	var rollErr *calendar.RollError
	if err := json.Unmarshal([]byte(`{"Roll":"sideways"}`), &out); !errors.As(err, &rollErr) || !strings.Contains(err.Error(), "write none, following") {
		t.Errorf("%v, want a *RollError", err)
	}
	if err := new(calendar.Roll).UnmarshalText([]byte(strings.Repeat("x", 1<<20))); err == nil || len(err.Error()) > 300 {
		t.Error("a huge roll is accepted or repeated")
	}
	if err := new(calendar.Period).UnmarshalText([]byte(strings.Repeat("9 ", 1<<20))); err == nil || len(err.Error()) > 400 {
		t.Error("a huge period is accepted or repeated")
	}
	if text, err := calendar.Roll(99).MarshalText(); err == nil {
		t.Errorf("roll 99 is written %s", text)
	}
	for _, r := range rolls {
		var back calendar.Roll
		if err := back.UnmarshalText(must(r.MarshalText())(t)); err != nil || back != r {
			t.Errorf("%s reads back as %s, %v", r, back, err)
		}
	}
}

package calendar_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// The page of the conventions shows examples that run: each block under a line
// <!-- example: Name --> is the body of that function, word for word.
func TestThePageOfConventionsShowsTheExamplesThatRun(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../docs/working-days.md")
	if err != nil {
		t.Fatal(err)
	}
	src, err := os.ReadFile("example_conventions_test.go")
	if err != nil {
		t.Fatal(err)
	}
	bodies := map[string]string{}
	for _, m := range regexp.MustCompile(`(?ms)^func (Example\w+)\(\) \{\n(.*?)^\}`).FindAllStringSubmatch(string(src), -1) {
		lines := strings.Split(m[2], "\n")
		for i := range lines {
			lines[i] = strings.TrimPrefix(lines[i], "\t")
		}
		bodies[m[1]] = strings.Join(lines, "\n")
		if !strings.Contains(m[2], "// Output:") {
			t.Errorf("%s has no output, and so does not run", m[1])
		}
	}
	shown := regexp.MustCompile("(?ms)^<!-- example: (\\w+) -->\n```go\n(.*?)^```").FindAllStringSubmatch(string(page), -1)
	for _, m := range shown {
		body, ok := bodies[m[1]]
		if !ok {
			t.Errorf("the page shows %s twice, or there is none", m[1])
		} else if body != m[2] {
			t.Errorf("the page shows %s as\n%s\nand it is\n%s", m[1], m[2], body)
		}
		delete(bodies, m[1])
	}
	for name := range bodies {
		t.Errorf("the page does not show %s", name)
	}
	for _, source := range []string{"Dodds v Walker", "E J Riley Investments", "CPR 2.8", "Interpretation Act 1978", "Freedom of Information Act 2000"} {
		if !strings.Contains(string(page), source) {
			t.Errorf("the page does not cite %s", source)
		}
	}
}

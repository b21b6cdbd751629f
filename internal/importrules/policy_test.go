package importrules

// house is the order of the packages, ground floor first. It is a statement of
// policy: do not change it to mend a build. A new package gets its place here
// and a reason in docs/adr.
//
// "a < b" means that b may import a, and everything that a stands on. "a !< b"
// takes a away from b again. "./x/..." stands for x and every package below it,
// which may import one another. NONE is the bare ground. A package that is not named here may not exist.
const house = `
	# Bare files. They import nothing of ours, and anyone may embed them.
	NONE < ./schemas, ./rubric/halton;

	# The library, ground floor first.
	./schemas, ./rubric/halton
	< ./calendar
	< ./calendar/closures
	< ./rubric
	< ./rubric/rubrictest, ./rubric/bench
	< ./audit
	< ./moderation
	< ./cycle
	< ./loop
	< ./loop/form
	< ./loop/looptest
	< ./loop/report
	< ./loop/sqlstore/...
	< ./loop/riverqueue/...
	< ./cmd/practiceaudit/...
	< ./examples/...;

	# What no user should import. The calendar reads no file that people write, so
	# it has no use for source positions; calendar/closures does.
	NONE < ./internal/source < ./calendar/closures;
	NONE < ./internal/stored < ./audit;

	# The other modules are released on their own, and an example is there to be
	# copied: neither may depend on what may change without notice.
	./internal/source, ./internal/stored
	!< ./loop/sqlstore/..., ./loop/riverqueue/..., ./cmd/practiceaudit/..., ./examples/...;

	# What looks after the repository stands apart from what it looks after.
	NONE < ./internal/releasecheck, ./internal/importrules, ./internal/planted;
`

// bans is what packages of ours may not import from elsewhere.
//
// "a !< b" means that b must not import a. "a < b" lets b import a in spite of
// it. Each line speaks of the packages it names and of no others. ALL stands for
// every package of ours, in every module.
const bans = `
	# The pure core does no I/O, does not log, and draws no lots: time, actor
	# and identifiers arrive in the command.
	os/..., net/..., syscall, io/ioutil, log/...,
	math/rand/..., crypto/rand, database/sql/...
	!< ./calendar, ./calendar/closures, ./rubric, ./audit, ./moderation, ./cycle;

	# A date may be stored in a database column: that is an interface, not I/O.
	database/sql/driver < ./calendar;

	# Test libraries stay out of what users link, but for the kit that is
	# itself for tests.
	testing/...,
	github.com/google/go-cmp/...,
	github.com/rogpeppe/go-internal/...,
	pgregory.net/rapid/...
	!< ALL;

	testing/...,
	github.com/google/go-cmp/...,
	pgregory.net/rapid/...
	< ./loop/looptest, ./rubric/rubrictest, ./internal/planted;

	# … and nothing that users link stands on them.
	github.com/practiceaudit/practiceaudit/rubric/rubrictest,
	github.com/practiceaudit/practiceaudit/internal/planted !< ALL;
`

// clocks is where the machine's clock and zone may not be used at all. The one
// place in loop that may fall back on time.Now is the engine, on a line whose
// comment says that it is the default.
var clocks = clockRules{
	banned: []string{
		"Now", "Since", "Until", // the clock
		"After", "AfterFunc", "NewTicker", "NewTimer", "Sleep", "Tick", // waiting for it
		"Local", // the zone the machine happens to be in
	},
	in:         []string{"calendar", "calendar/closures", "rubric", "audit", "moderation", "cycle", "loop", "loop/report"},
	exceptFile: "loop/engine.go",
}

// inTests is what a test file of any package may import of ours, beside what the
// package itself may.
var inTests = []string{"schemas", "rubric/halton", "loop/looptest", "internal/planted"}

// inTestsOf is what the tests of bare files may import besides: the packages
// that read those files, which is the only way to see that they can be read.
var inTestsOf = map[string][]string{
	"schemas":       {"rubric", "audit", "loop"},
	"rubric/halton": {"calendar", "rubric", "loop"},
}

// requirements is what the root module may directly require; docs/adr says why
// each is there. Databases, queues, mail and command-line libraries live in the
// nested modules.
var requirements = []string{
	"github.com/expr-lang/expr",
	"github.com/santhosh-tekuri/jsonschema/v5",
	"github.com/rickar/cal/v2",
	"go.yaml.in/yaml/v4",
	"golang.org/x/...",

	// For tests only; bans holds them there.
	"github.com/google/go-cmp",
	"github.com/rogpeppe/go-internal",
	"pgregory.net/rapid",
}

// goVersion is the oldest Go that every module of ours promises to work with. A
// dependency that needs a later one would raise it for all our users.
const goVersion = "1.25.0"

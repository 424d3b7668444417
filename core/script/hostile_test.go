package script

import (
	"errors"
	"strings"
	"testing"
)

// Scripts that try to take all the time or all the memory that there is are stopped, with a
// sentence about their line. How early depends on steps and sizes, and not on the machine.
func TestHostileScriptsAreStopped(t *testing.T) {
	all := append(table(t, "hostile.txt"),
		entry{"deep brackets: nesting", returning(many("(", 5000) + "1" + many(")", 5000))},
		entry{"many signs: nesting", returning(many("-", 9000) + "1")},
		entry{"many nots: nesting", returning(many("not ", 3000) + "1")},
		entry{"many lambdas: nesting", returning(many("lambda: ", 1500) + "1")},
		entry{"many ifs: nesting", returning(many("1 if 1 else ", 1300) + "1")},
		entry{"many sums", returning(many("1 + ", 900) + "1")},
		entry{"many elifs", returning("1") + "if 0: pass\n" + many("elif 0: pass\n", 1000)},
		entry{"long global: at most 16384 bytes", many("# nothing\n", 9000)},
	)
	for _, e := range all {
		name, want, _ := strings.Cut(e.name, ": ")
		t.Run(name, func(t *testing.T) {
			_, err := scored(e.script)
			var fault *Error
			switch {
			case want == "" && err != nil:
				t.Errorf("the error is %v, want none", err)
			case want == "":
			case !errors.As(err, &fault) || !strings.Contains(fault.Message, want) ||
				fault.Line == 0 && !strings.Contains(name, "global"):
				t.Errorf("the error is %v, want one about %q", err, want)
			}
		})
	}
}

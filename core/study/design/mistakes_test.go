package design

import (
	_ "embed"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/recipe"
)

//go:embed testdata/mistakes.txt
var mistakesText string

// mistake is a change of the sample with what is said about it.
type mistake struct{ was, is, said string }

// mistakes returns the entries of testdata/mistakes.txt.
func mistakes() (all []mistake) {
	text := strings.NewReplacer(`\n`, "\n", `\t`, "\t")
	var m mistake
	for line := range strings.SplitSeq(mistakesText, "\n") {
		key, value, _ := strings.Cut(line, " ")
		value = strings.TrimPrefix(strings.TrimLeft(value, " "), "|")
		switch key {
		case "was":
			m.was = text.Replace(value)
		case "is":
			m.is = text.Replace(value)
		case "said":
			m.said = value
			all = append(all, m)
		}
	}
	return all
}

// Every mistake is refused in one sentence that says where it is and what would be accepted.
func TestMistakes(t *testing.T) {
	c := recipe.Standard()
	for _, m := range mistakes() {
		_, err := Parse(c, []byte(with(t, m.was, m.is)), Options{})
		switch {
		case err == nil:
			t.Errorf("%q in the place of %q is accepted, want %q", m.is, m.was, m.said)
		case !strings.Contains(err.Error(), m.said):
			t.Errorf("%q in the place of %q:\n%v\nwant\n%s", m.is, m.was, err, m.said)
		case strings.Contains(err.Error(), "\n"):
			t.Errorf("%q: more than a line: %q", m.is, err)
		case !strings.Contains(err.Error(), "line "):
			t.Errorf("%q: without a place: %q", m.is, err)
		}
	}
}

func TestMistakesWithoutAPlace(t *testing.T) {
	c := recipe.Standard()
	many := with(t, "judge: 201|203", "judge: 201..9000")
	for text, want := range map[string]string{
		"":                                 "the file is empty: want a study, with a name",
		"# only this":                      "the file is empty",
		"- a":                              "line 1, column 1: want a study here, with the keys",
		"7":                                "want a study here",
		sample + "---\na":                  "a second document begins here",
		strings.Repeat("[", 1000):          "nested too deep",
		strings.Repeat("- ", 1000):         "nested too deep",
		strings.Repeat("#", maxFile) + "#": "want at most 262144",
		many:                               "the study has 184820 cells: more than 100000",
	} {
		_, err := Parse(c, []byte(text), Options{})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q: %v, want %q", text, err, want)
		}
	}
	huge := with(t, "judge: 101..103}", "judge: 101..9000}")
	huge = strings.Replace(huge, "judge: 201|203", "judge: 201..9000", 1)
	if _, err := Parse(c, []byte(huge), Options{Large: true}); err == nil ||
		!strings.Contains(err.Error(), "more than 2000000 cells") {
		t.Errorf("a huge study: %v", err)
	}
}

// A name that several experiments have is not guessed.
func TestArmsOfOneName(t *testing.T) {
	text := strings.Replace(with(t, "name: covering", "name: sft"), "lower: covering",
		"lower: lines/sft", 1)
	_, err := Parse(recipe.Standard(), []byte(text), Options{})
	want := "several experiments have an arm sft: want one of hands/sft and lines/sft"
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("%v, want %q", err, want)
	}
	parse(t, strings.Replace(text, "arms: [sft, grpo]", "arms: [hands/sft, grpo]", 1))
}

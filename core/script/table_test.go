package script

import (
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/posttrain/posttrain/core/reward"
)

// entry is an entry of a table of scripts: what stands between the dashes, and the script below.
type entry struct{ name, script string }

// table reads a table of scripts from testdata.
func table(t *testing.T, file string) (all []entry) {
	t.Helper()
	archive, err := txtar.ParseFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range archive.Files {
		all = append(all, entry{f.Name, string(f.Data)})
	}
	return all
}

// scored returns what a script gives the response 11 to the prompt 1+1=, whose answer is 2.
func scored(script string) ([]float64, error) {
	own, err := Reward("mine.star", script)
	if err != nil {
		return nil, err
	}
	return own.Score(reward.Judged{Prompt: "1+1=", Response: "11", Answer: "2", Score: 0.5})
}

// returning returns a reward whose body is the return of an expression.
func returning(expression string) string {
	return "def reward(prompt, response, answer):\n  return " + expression + "\n"
}

// many returns a text so often in a row.
func many(text string, times int) string { return strings.Repeat(text, times) }

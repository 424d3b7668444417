package recipe_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/script"
	"github.com/posttrain/posttrain/core/train"
)

// reversing returns the text of a task of one's own.
func reversing(t *testing.T) string {
	t.Helper()
	return script.Tasks()[0].Text
}

// A link carries the program of its task, and without it is about a task that has to be brought.
func TestALinkHasATask(t *testing.T) {
	text := reversing(t)
	with, err := withScripts().WithTask("reverse.star", text)
	if err != nil {
		t.Fatal(err)
	}
	const link = "reverse?base=reverse,steps=3&eval_prompts=16&lane=sft,steps=2"
	r, err := with.Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(r.Link(), "&task="+r.Task.Program+"&lane=") {
		t.Errorf("the link is %s", r.Link())
	}
	if !strings.HasPrefix(r.Address(), r.Link()+"&program=") {
		t.Errorf("the address is %s", r.Address())
	}
	for _, c := range []struct {
		from *recipe.Catalogue
		link string
	}{{withScripts(), r.Address()}, {with, r.Link()}, {with, r.Address()}} {
		again, err := c.from.Parse(c.link)
		if err != nil || again.Address() != r.Address() {
			t.Fatalf("%s: %v", c.link, err)
		}
		if p := again.Describe().Task.Program; p == nil || p.Text != text {
			t.Errorf("the program is %+v", p)
		}
	}
	for from, c := range map[*recipe.Catalogue]struct{ link, want string }{
		withScripts(): {r.Link(), "which is not here: bring the file with its program, as in " +
			"--task FILE.star"},
		recipe.Standard(): {r.Address(), "this part of posttrain runs none"},
		with: {strings.Replace(r.Link(), r.Task.Program, "0123456789ab", 1),
			"want the same text"},
	} {
		if _, err := from.Parse(c.link); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.link, err, c.want)
		}
	}
	other := strings.Replace(text, "prompts = 200", "prompts = 100", 1)
	if _, err := with.WithTask("other.star", other); err == nil ||
		!strings.Contains(err.Error(), "there are two tasks of one's own") {
		t.Errorf("two tasks: %v", err)
	}
	taken := strings.Replace(text, `name = "reverse"`, `name = "cards"`, 1)
	if _, err := withScripts().WithTask("taken.star", taken); err == nil ||
		!strings.Contains(err.Error(), "the name cards is taken by an exhibit or a task") {
		t.Errorf("a name that is taken: %v", err)
	}
}

// The base of a task of one's own is computed, and its name tells other programs from it.
func TestTheBaseOfATaskOfOnesOwn(t *testing.T) {
	keys := []string{}
	for _, text := range []string{reversing(t),
		strings.Replace(reversing(t), "prompts = 200", "prompts = 100", 1)} {
		with, err := withScripts().WithTask("reverse.star", text)
		if err != nil {
			t.Fatal(err)
		}
		r, err := with.Parse("reverse?base=reverse,steps=3&eval_prompts=16&lane=sft,steps=2")
		if err != nil {
			t.Fatal(err)
		}
		needed := r.Unshipped()
		if len(needed) != 1 || slices.Contains(keys, needed[0].Key()) {
			t.Fatalf("what has to be computed is %v, after %v", needed, keys)
		}
		keys = append(keys, needed[0].Key())
	}
}

// A program that fails in training stops its lane with a sentence; until then it trains.
func TestATaskThatFails(t *testing.T) {
	text := strings.Replace(reversing(t), "    return response == answer",
		"    if \"=\" in response: fail(\"no signs\")\n    return response == answer", 1)
	with, err := withScripts().WithTask("reverse.star", text)
	if err != nil {
		t.Fatal(err)
	}
	r, err := with.Parse("reverse?base=reverse,steps=0&eval_prompts=64&lane=grpo,steps=40")
	if err != nil {
		t.Fatal(err)
	}
	base, err := r.Unshipped()[0].Pretraining().Run(1, func(int, float64) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	r.Supply(r.Unshipped()[0], base)
	lanes, err := r.Plan()
	if err != nil {
		t.Fatal(err)
	}
	s, err := train.NewSession(lanes[0], train.Options{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	for err == nil && !s.Done() {
		_, err = s.Advance()
	}
	if err == nil || !strings.Contains(err.Error(), "reverse.star:21: no signs; the call was "+
		"reward(") {
		t.Errorf("the lane ends with %v", err)
	}
}

var _ recipe.Scripts = script.Starlark{}

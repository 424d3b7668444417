package task

import (
	"fmt"
	"slices"
	"testing"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/param"
)

// eachSize runs a subtest for every task with Sizes at every size of a model, and at the smallest
// and the largest sizes that can be set.
func eachSize(t *testing.T, f func(t *testing.T, k Task)) {
	for _, k := range All() {
		var least, most []string
		for _, s := range k.Sizes {
			if s.Type == param.TypeChoice {
				least = append(least, s.Name+"="+s.Choices[0])
				most = append(most, s.Name+"="+s.Choices[len(s.Choices)-1])
				continue
			}
			least = append(least, fmt.Sprintf("%s=%.0f", s.Name, s.Min))
			most = append(most, fmt.Sprintf("%s=%.0f", s.Name, s.Max))
		}
		for name, settings := range map[string][]string{"page": nil, "full": nil, "large": nil,
			"least": least, "most": most} {
			if k.Sizes == nil {
				continue
			}
			sized, err := k.Resized(name, settings)
			if err != nil {
				t.Fatal(err)
			}
			t.Run(k.Name+"/"+name, func(t *testing.T) { f(t, sized) })
		}
	}
}

// At the sizes of a page a task is the task as it is declared.
func TestPageSizeIsAsDeclared(t *testing.T) {
	eachTask(t, func(t *testing.T, k Task) {
		sized, err := k.Resized("page", nil)
		if err != nil {
			t.Fatal(err)
		}
		if a, b := problems(k, 200), problems(sized, 200); !slices.Equal(a, b) {
			t.Error("it draws other problems")
		}
		for i := range 200 {
			p, text := k.PretrainExample(3, i)
			if q, same := sized.PretrainExample(3, i); p != q || text != same {
				t.Fatalf("example %d is %+v %s, and %+v %s", i, p, text, q, same)
			}
		}
		if k.MaxResponse != sized.MaxResponse || k.Prompts != sized.Prompts || k.Doc != sized.Doc ||
			k.Context() != sized.Context() || !slices.Equal(k.Levels, sized.Levels) {
			t.Errorf("it is declared otherwise than it is made: %d and %d, %d and %d",
				k.MaxResponse, sized.MaxResponse, k.Prompts, sized.Prompts)
		}
		if len(sized.SizeValues().Changed()) > 0 {
			t.Errorf("%v differ", sized.SizeValues().Changed())
		}
	})
}

// At any size problems are read as they were meant, demonstrations are right and fit, and there are
// enough problems to train on and to measure on.
func TestSizes(t *testing.T) {
	eachSize(t, func(t *testing.T, k Task) {
		if err := k.Check(); err != nil {
			t.Error(err)
		}
		context := k.Context()
		for _, v := range settings(t, k) {
			for i, p := range problems(k, 50) {
				read, err := k.Problem(p.Prompt)
				if err != nil || read.Prompt != p.Prompt {
					t.Fatalf("%+v is read as %+v: %v", p, read, err)
				}
				r := num.NewRand(1, "demonstrate", k.Name, uint64(i))
				response := append(k.MustEncode(k.Demonstrate(&r, p, v)), End)
				if k.Score(p, response) != 1 {
					t.Fatalf("%+v: the demonstration earns %v", p, k.Score(p, response))
				}
				if n := len(response); n > k.MaxResponse ||
					n+len(k.MustEncode(p.Prompt)) > context {
					t.Fatalf("%+v: %d tokens of %d, in a context of %d", p, n, k.MaxResponse,
						context)
				}
			}
		}
		for i := range 100 {
			p, text := k.PretrainExample(1, i)
			if n := len(k.MustEncode(text)) + 1; n > k.MaxResponse {
				t.Fatalf("%+v: the example has %d tokens, at most %d fit", p, n, k.MaxResponse)
			}
		}
		k.TrainPrompts(1, k.Prompts)
		k.ReplayPrompts(1, min(2000, k.Prompts))
		for _, l := range k.Levels {
			k.EvalPrompts(l.Name, k.MostEvalPrompts())
		}
	})
}

func TestResizedRefuses(t *testing.T) {
	for setting, want := range map[string]string{
		"hand=3":  "hand=3: expected a whole number from 4 to 12",
		"hnad=5":  `unknown setting "hnad": did you mean hand? accepted: hand, train_prompts`,
		"hand=x5": "hand=x5: expected a whole number from 4 to 12",
	} {
		if _, err := Cards.Resized("page", []string{setting}); err == nil || err.Error() != want {
			t.Errorf("%s: the error is %v, want %s", setting, err, want)
		}
	}
	if _, err := Paths.Resized("page", []string{"hand=5"}); err == nil {
		t.Error("a task of one size takes a size")
	}
}

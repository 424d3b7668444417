package script

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/task"
)

// reversing returns the text of a task of one's own.
func reversing(t testing.TB) string {
	t.Helper()
	return Tasks()[0].Text
}

// A script's task does what the script says.
func TestATaskOfOnesOwn(t *testing.T) {
	own, err := Task("reverse.star", reversing(t))
	if err != nil {
		t.Fatal(err)
	}
	if own.Name != "reverse" || own.Title != "Letters backwards" || own.MaxResponse != 5 ||
		own.Vocab() != 12 || own.Prompts != 200 || len(own.Levels) != 3 ||
		own.Levels[1].Title != "four letters" || len(own.Program) != task.DigestLen {
		t.Errorf("it is %+v", own)
	}
	seen := map[string]bool{}
	for _, p := range own.TrainPrompts(1, 200) {
		letters := strings.TrimSuffix(strings.TrimPrefix(p.Prompt, "<"), "=")
		backwards := []byte(letters)
		slices.Reverse(backwards)
		if len(letters) != 3 || p.Answer != string(backwards) || seen[p.Prompt] || own.HeldOut(p) {
			t.Fatalf("the problem is %+v", p)
		}
		seen[p.Prompt] = true
		if got := own.Demonstrate(nil, p, param.Values{}); got != p.Answer {
			t.Errorf("the expert answers %q to %+v", got, p)
		}
		if own.Reward(p, p.Answer) != 1 || own.Reward(p, "") != 0 {
			t.Errorf("the rewards of %+v are %g and %g", p, own.Reward(p, p.Answer),
				own.Reward(p, ""))
		}
	}
	right, all := 0, 1000
	for i := range all {
		p, response := own.PretrainExample(1, i)
		if own.HeldOut(p) {
			t.Fatalf("pretraining has the held-out problem %+v", p)
		}
		right += int(own.Reward(p, response))
	}
	// four in ten have another symbol, which is the same one once in 11 times
	if share := float64(right) / float64(all); share < .58 || share > .69 {
		t.Errorf("%g of the base's examples are right, want about .64", share)
	}
}

// What is wrong with a task is said with its line, when it is read if that can be.
func TestWhatIsNoTask(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{`name = "reverse"`, `name = "Re verse"`, `reverse.star: "Re verse" cannot name a task`},
		{`alphabet = "abcdefgh<>="`, `alphabet = "aa"`, `the alphabet has 'a' twice`},
		{`"ood": "four letters", `, ``, `there is no level "ood": want id, ood and prior`},
		{`max_response = 4`, `max_response = 0`,
			`max_response is the number 0: want a whole number from 1 to 128`},
		{`prompts = 200`, `prompts = "many"`,
			`prompts is the text "many": want a whole number from 8 to 5000`},
		{`def sample(rng, level)`, `def samples(rng, level)`,
			`there is no function sample with 2 parameters`},
		{`return answer`, `return 7`,
			`reverse.star:17: demonstrate returned the number 7: want a text`},
		{`return answer`, `return answer + "x"`, `task reverse has no symbol 'x'`},
		{`return answer`, `return answer + answer`,
			`which has 6 symbols: want at most 4`},
		{`return answer`, `return answer[:2]`,
			`reward is 0 for what demonstrate writes for the prompt`},
		{`return response == answer`, `return 2 * (1 if response == answer else 0)`,
			`reverse.star:20: reward returned the number 2 for the prompt`},
		{`return response == answer`, `return len(response) // (len(response) - len(answer))`,
			`reverse.star:21: floored division by zero; the call was reward("<`},
		{`rng.choice("abcdefgh")`, `"a"`, `task reverse has fewer than 8 different`},
		{`rng.choice("abcdefgh")`, `rng.choice("")`, `rng.choice of nothing`},
		{`rng.choice("abcdefgh")`, `rng.pick("abcdefgh")`, `a rng has no method pick`},
		{`rng.choice("abcdefgh")`, `rng.int(0)`, `rng.int(0): want a number from 1 to 2147483647`},
		{`    letters =`, "    while True: pass\n    letters =", `this takes more than 200000 steps`},
		{`return ">" + letters + "=", letters`, `return ">" + letters + "="`,
			`reverse.star:11: sample returned the text ">`},
	} {
		text := strings.Replace(reversing(t), c.old, c.new, 1)
		if text == reversing(t) {
			t.Fatalf("there is no %q", c.old)
		}
		_, err := Task("reverse.star", text)
		var fault *Error
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.new, err, c.want)
		} else if !errors.As(err, &fault) && !strings.Contains(c.want, "has fewer than") {
			t.Errorf("%s: %T, want an Error", c.new, err)
		}
	}
}

// The methods of rng draw from the numbers that they are given.
func TestRNG(t *testing.T) {
	p, err := Compile("rng.star", `
def draw(rng):
    return [rng.int(10), rng.float(), rng.choice([1, 2, 3]), rng.choice("xyz"), rng.shuffled(range(5))]
`)
	if err != nil {
		t.Fatal(err)
	}
	r, again := num.NewRand(1, "test", ""), num.NewRand(1, "test", "")
	v, err := p.call("draw", rng{&r})
	if err != nil {
		t.Fatal(err)
	}
	n, x := again.IntN(10), again.Float64()
	number, symbol := 1+again.IntN(3), "xyz"[again.IntN(3)]
	order := []int{0, 1, 2, 3, 4}
	for i := 4; i > 0; i-- {
		j := again.IntN(i + 1)
		order[i], order[j] = order[j], order[i]
	}
	want := sprint([]any{n, x, number, string(symbol), order})
	if v.String() != want {
		t.Errorf("it is %s, want %s", v, want)
	}
}

// sprint writes a list as Starlark does.
func sprint(all []any) string {
	texts := make([]string, len(all))
	for i, a := range all {
		switch a := a.(type) {
		case string:
			texts[i] = strconv.Quote(a)
		case []int:
			texts[i] = strings.ReplaceAll(fmt.Sprint(a), " ", ", ")
		default:
			texts[i] = fmt.Sprint(a)
		}
	}
	return "[" + strings.Join(texts, ", ") + "]"
}

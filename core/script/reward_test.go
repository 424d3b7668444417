package script

import (
	"slices"
	"testing"

	"github.com/posttrain/posttrain/core/reward"
	"github.com/posttrain/posttrain/core/task"
)

func TestRewards(t *testing.T) {
	for result, want := range map[string]float64{
		"1": 1, "0.25": 0.25, "-3": -3, "True": 1, "response == answer": 0, "len(prompt)": 4,
		"sum([1 for symbol in response.elems() if symbol == '1'])": 2,
	} {
		got, err := scored("def reward(prompt, response, answer):\n  return " + result)
		if err != nil || !slices.Equal(got, []float64{want}) {
			t.Errorf("%s is %v, %v, want %v", result, got, err, want)
		}
	}
}

// A function with a fourth parameter is also told what the verifier says.
func TestTheVerifiersScore(t *testing.T) {
	got, err := scored("def reward(prompt, response, answer, score):\n  return 2 * score")
	if err != nil || !slices.Equal(got, []float64{1}) {
		t.Errorf("it is %v, %v, want 1", got, err)
	}
}

// Several parts come in the order of weights, whatever that of the function's.
func TestParts(t *testing.T) {
	own, err := Reward("mine.star", `
weights = {"right": 1, "short": 0.5}
unfinished = {"short": -2, "right": 0}
def reward(prompt, response, answer):
    return {"short": 1 - len(response) / 4, "right": response == answer}
`)
	if err != nil {
		t.Fatal(err)
	}
	want := []reward.Part{{Name: "right", Weight: 1}, {Name: "short", Weight: 0.5, Unfinished: -2}}
	if !slices.Equal(own.Parts, want) {
		t.Errorf("the parts are %+v, want %+v", own.Parts, want)
	}
	got, err := own.Score(reward.Judged{Prompt: "1+1=", Response: "2", Answer: "2"})
	if err != nil || !slices.Equal(got, []float64{1, 0.75}) {
		t.Errorf("the score is %v, %v", got, err)
	}
	if len(own.Digest) != task.DigestLen || own.Name != "mine.star" {
		t.Errorf("it is %s with the digest %s", own.Name, own.Digest)
	}
}

// An error says in which file and line, and what would be accepted.
func TestWhatIsNoReward(t *testing.T) {
	for _, e := range table(t, "wrong.txt") {
		if _, err := scored(e.script); err == nil || err.Error() != e.name {
			t.Errorf("%s\nis %v\nwant %s", e.script, err, e.name)
		}
	}
}

// A script has no state: the order of calls does not matter.
func TestAScriptHasNoState(t *testing.T) {
	if _, err := scored(`
seen = {}
def reward(prompt, response, answer):
    seen[response] = True
    return len(seen)
`); err == nil {
		t.Error("a reward has changed a variable of its script")
	}
}

func BenchmarkReward(b *testing.B) {
	own, err := Reward("mine.star", `
weights = {"right": 1, "short": 0.1}
def reward(prompt, response, answer):
    sentences = response.split(" . ")
    right = sentences[-1].split(" ")[-2:] == [answer, "."]
    return {"right": 1 if right else 0, "short": max(0, 5 - len(sentences))}
`)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := own.Score(reward.Judged{Prompt: "Ann has 6 cards .",
			Response: "4 * 2 = 8 . 6 + 8 = 14 . 14 - 8 = 6 .", Answer: "6"}); err != nil {
			b.Fatal(err)
		}
	}
}

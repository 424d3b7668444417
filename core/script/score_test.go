package script

import (
	"reflect"
	"testing"
)

func TestRewards(t *testing.T) {
	for result, want := range map[string][]Score{
		"1":                          {{"", 1}},
		"0.25":                       {{"", 0.25}},
		"-3":                         {{"", -3}},
		"True":                       {{"", 1}},
		"response == answer":         {{"", 0}},
		"{'right': 1, 'short': 0.5}": {{"right", 1}, {"short", 0.5}},
		"{'b': False, 'a': True}":    {{"b", 0}, {"a", 1}},
		"len(prompt)":                {{"", 4}},
	} {
		p, err := Compile("mine.star", "def reward(prompt, response, answer):\n  return "+result)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := p.Reward("1+1=", "11", "2"); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s is %v, %v, want %v", result, got, err, want)
		}
	}
}

// An error says in which file and line, and what a reward may be.
func TestRewardsThatAreNone(t *testing.T) {
	for body, want := range map[string]string{
		"pass":                         "mine.star:1: reward returned nothing: want a number, or a dictionary of numbers",
		"return 'yes'":                 "mine.star:1: reward returned a value of type string: want a number, or a dictionary of numbers",
		"return {}":                    "mine.star:1: reward returned 0 parts: want 1 to 8",
		"return {'a': 'b'}":            "mine.star:1: reward returned a value of type string for the part a: want a number",
		"return {'A b': 1}":            "mine.star:1: reward returned a part named \"A b\": want a name of small letters, digits and _ that begins with a letter",
		"return 1e9":                   "mine.star:1: reward returned 1e+09, and a reward is from -1000 to 1000: want a number, or a dictionary of numbers",
		"return float('nan')":          "mine.star:1: reward returned a number that is none (NaN): want a number, or a dictionary of numbers",
		"x = 1\n  return 1 // (x - 1)": "mine.star:3: floored division by zero",
		"return response + 1":          "mine.star:2: unknown binary op: string + int",
		"fail('not', 'this')":          "mine.star:2: not this",
		"return int(response)":         "mine.star:2: int: invalid literal with base 10: two",
		"return undefined":             "mine.star:2: undefined: undefined",
		"return (":                     "mine.star:3: got '=', want ')'",
		"f = 1\n  f()[0] += 1\n  pass": "mine.star:3: what stands before += must not call a function: write two statements",
		"f = []\n  f()[0] = 1\n  pass": "mine.star:3: what is changed must not be the result of a function: give it a name first",
		"return [1][5]":                "mine.star:2: index 5 is out of range: the list has 1 elements",
		"return {'a': 1}['b']":         "mine.star:2: key \"b\" not in dict",
		"return response.shout()":      "mine.star:2: a string has no method shout",
		"count.append(1)\n  return 1":  "mine.star:2: append: cannot append to frozen list",
		"return response()":            "mine.star:2: invalid call of non-function (string)",
	} {
		p, err := Compile("mine.star", "def reward(prompt, response, answer):\n  "+body+"\ncount = []\n")
		if err == nil {
			_, err = p.Reward("1+1=", "two", "2")
		}
		if err == nil || err.Error() != want {
			t.Errorf("%s\nis %v\nwant %s", body, err, want)
		}
	}
	if p, err := Compile("mine.star", "def reword(): pass"); err != nil {
		t.Error(err)
	} else if _, err := p.Reward("", "", ""); err == nil ||
		err.Error() != "mine.star: there is no function reward" {
		t.Errorf("a missing function is %v", err)
	}
}

// A script has no state: the order of calls does not matter.
func TestAScriptHasNoState(t *testing.T) {
	p, err := Compile("mine.star", `
seen = {}
def reward(prompt, response, answer):
    seen[response] = True
    return len(seen)
`)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Reward("", "a", ""); err == nil {
		t.Error("a reward has changed a variable of its script")
	}
}

func BenchmarkReward(b *testing.B) {
	p, err := Compile("mine.star", `
def reward(prompt, response, answer):
    sentences = response.split(" . ")
    right = sentences[-1].split(" ")[-2:] == [answer, "."]
    return {"right": 1 if right else 0, "short": 0.1 * max(0, 5 - len(sentences))}
`)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := p.Reward("Ann has 6 cards .", "4 * 2 = 8 . 6 + 8 = 14 . 14 - 8 = 6 .", "6"); err != nil {
			b.Fatal(err)
		}
	}
}

package task

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/param"
)

var (
	countdownForm = regexp.MustCompile(`^[1-9](=[0-9]{2})?([-+*][1-9](=[0-9]{2})?)*$`)
	countdownStep = regexp.MustCompile(`([-+*]?)([1-9])(?:=([0-9]{2}))?`)
)

// The verifier once more: the form first, then the sum of it step by step, then the numbers in
// order.
var _ = enter("countdown", func(t testing.TB, prompt string, tokens []int32) float64 {
	t.Helper()
	text, ended := readResponse("0123456789+-*=:NC", tokens)
	if !ended {
		return 0
	}
	if prompt[0] == 'C' {
		value, want := 0, ""
		for i, step := range countdownStep.FindAllStringSubmatch(strings.TrimSuffix(prompt[1:],
			"="), -1) {
			n, _ := strconv.Atoi(step[2])
			value = map[string]int{"": n, "+": value + n, "-": value - n, "*": value * n}[step[1]]
			if i > 0 {
				want += fmt.Sprintf("%02d", value)
			}
		}
		if text == want {
			return 1
		}
		return 0
	}
	if !countdownForm.MatchString(text) {
		return 0
	}
	var used []string
	value := 0
	for _, step := range countdownStep.FindAllStringSubmatch(text, -1) {
		n, _ := strconv.Atoi(step[2])
		value = map[string]int{"": n, "+": value + n, "-": value - n, "*": value * n}[step[1]]
		if value < 0 || value > 99 || step[3] != "" && step[3] != fmt.Sprintf("%02d", value) {
			return 0
		}
		used = append(used, step[2])
	}
	numbers, target, _ := strings.Cut(strings.Trim(prompt, "N="), ":")
	given := strings.Split(numbers, "")
	slices.Sort(given)
	slices.Sort(used)
	if !slices.Equal(given, used) || fmt.Sprintf("%02d", value) != target {
		return 0
	}
	return 1
})

func TestCountdownByHand(t *testing.T) {
	countdown, err := Lookup("countdown")
	if err != nil {
		t.Fatal(err)
	}
	p := Problem{Level: "id", Prompt: "N345:17=", Key: "345:17"}
	for response, want := range map[string]float64{
		"3*4=12+5=17": 1, "4*3=12+5=17": 1, "3*4+5": 1, "3*4+5=17": 1, "3=03*4+5": 1,
		"5+3*4":       0, // from left to right that is 32
		"3*4=13+5=17": 0, "3*4=12+5=18": 0, "3*4=12": 0, "17": 0, "": 0, "3*4+5=": 0, "3*4+5=1": 0,
		"3*4+5=177": 0,
		"3*4+5-":    0, "3*4+5+0": 0, "3*4+5*1": 0, "3*4+5:": 0, "+3*4+5": 0, "34+5": 0, "3-4+5": 0,
		"3*3+4+4": 0,
	} {
		if got := countdown.Reward(p, response); got != want {
			t.Errorf("%q earns %v, want %v", response, got, want)
		}
	}
	for response, want := range map[string]float64{"121715": 1, "1217": 0, "15": 0, "12=17=15": 0} {
		if got := countdown.Reward(Problem{Level: "prior", Prompt: "C3*4+5-2=", Answer: "121715"},
			response); got != want {
			t.Errorf("calculating, %q earns %v, want %v", response, got, want)
		}
	}
}

// The expert finds different ways, and the base never misses a last step that is there.
func TestCountdownWalks(t *testing.T) {
	countdown, err := Lookup("countdown")
	if err != nil {
		t.Fatal(err)
	}
	p, ways := Problem{Level: "id", Prompt: "N345:17=", Key: "345:17"}, map[string]bool{}
	for i := range uint64(100) {
		r := num.NewRand(i, "test", "countdown")
		ways[countdown.Demonstrate(&r, p, param.Defaults(countdown.Knobs))] = true
	}
	if len(ways) != 4 {
		t.Errorf("%v lead from 3, 4, 5 to 17, want 3*4+5 and 4*5-3, and both with the first two "+
			"turned round", ways)
	}
	right, missed, tried := 0, 0, 0
	for i := range 4000 {
		p, response := countdown.PretrainExample(1, i)
		if p.Level != "id" {
			continue
		}
		tried++
		if countdown.Reward(p, response) == 1 {
			right++
			continue
		}
		before, _, _ := strings.Cut(response, "=")
		value, last := response[len(before)+1:len(before)+3], response[len(before)+4:len(before)+5]
		for _, sign := range countdownSigns {
			if countdown.Reward(p, fmt.Sprintf("%s=%s%c%s", before, value, sign, last)) == 1 {
				missed++
			}
		}
	}
	if share := float64(right) / float64(tried); missed > 0 || share < 0.3 || share > 0.6 {
		t.Errorf("of %d, %v are right, and %d miss the last step", tried, share, missed)
	}
}

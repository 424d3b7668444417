package stats

import (
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func TestSampleIsSorted(t *testing.T) {
	s := world{scale: normal}.sample(Design{3, 2, 4}, 1)
	scores := s.Scores()
	slices.Reverse(scores)
	again, err := NewSample(scores)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(again, s) {
		t.Errorf("reversed scores give %v, want %v", again, s)
	}
	if got := again.Design().String(); got != "3x2x4" {
		t.Errorf("the design is %s, want 3x2x4", got)
	}
}

func TestIncompleteSamplesAreRefused(t *testing.T) {
	whole := []Score{{"a", 1, "x", 1}, {"a", 1, "y", 2}, {"b", 1, "x", 3}, {"b", 1, "y", 4}}
	with := func(more ...Score) []Score { return append(slices.Clone(whole), more...) }
	for _, c := range []struct {
		scores []Score
		want   string
	}{
		{nil, "at least one score"},
		{whole[:3], `no score for base "b", seed 1, prompt "y"`},
		{with(Score{"a", 2, "x", 1}), `no score for base "a", seed 2, prompt "y"`},
		{[]Score{{Base: "a", Seed: 1}, {Base: "a", Seed: 2}, {Base: "b", Seed: 2}},
			`no score for base "b", seed 1`},
		{with(whole[2]), `two scores for base "b", seed 1, prompt "x"`},
		{[]Score{{"a", 1, "x", math.NaN()}}, `base "a", seed 1, prompt "x" is NaN`},
		{[]Score{{"a", 1, "", math.Inf(1)}}, `base "a", seed 1 is +Inf`},
	} {
		if _, err := NewSample(c.scores); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: %v, want %q", c.scores, err, c.want)
		}
	}
	if _, err := NewSample(whole); err != nil {
		t.Error(err)
	}
}

func TestMeansOfSamples(t *testing.T) {
	s := blank(Design{2, 2, 3})
	copy(s.values, []float64{1, 2, 3, 4, 5, 6, 0, 0, 3, 2, 2, 5})
	if got, want := s.RunMeans(), [][]float64{{2, 5}, {1, 3}}; !reflect.DeepEqual(got, want) {
		t.Errorf("the means of runs are %v, want %v", got, want)
	}
	if got, want := s.BaseMeans(), []float64{3.5, 2}; !slices.Equal(got, want) {
		t.Errorf("the means of bases are %v, want %v", got, want)
	}
	if got, want := s.overSeeds().values, []float64{2.5, 3.5, 4.5, 1, 1, 4}; !slices.Equal(got,
		want) {
		t.Errorf("the means over seeds are %v, want %v", got, want)
	}
}

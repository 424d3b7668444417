package eval

import (
	"fmt"

	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/rollout"
	"github.com/posttrain/posttrain/core/task"
)

// MaxAnswers bounds the number of answers to a prompt from which pass@k is estimated.
const MaxAnswers = 256

// passPrompts is the number of prompts whose random numbers share an address.
const passPrompts = 8

// PassAt returns the unbiased estimate of pass@k, the probability that at least one of k answers is
// right, from n ≥ k answers of which right are right. It is 1 − C(n−right, k)/C(n, k), the share of
// all ways to draw k of them (Chen et al. 2021, arXiv:2107.03374).
func PassAt(n, right, k int) float64 {
	if n-right < k {
		return 1
	}
	missed := 1.0
	for i := n - right + 1; i <= n; i++ {
		missed *= 1 - float64(k)/float64(i)
	}
	return 1 - missed
}

// PassAtK measures pass@k of a policy at one level, a few prompts at a time.
type PassAtK struct {
	suite   *Suite
	level   int
	answers int // to each prompt
	right   []int
	ways    int // different right answers, summed over prompts
}

// PassAtK returns a new measurement of pass@k at the first level, with at least one answer to each
// prompt.
func (s *Suite) PassAtK(answers int) *PassAtK { return &PassAtK{suite: s, answers: answers} }

// HasPassAtK reports whether pass@k is measured at a level: at any but the prior skill.
func HasPassAtK(level string) bool { return level != "prior" }

// Next returns a new measurement at the next level that has pass@k, and nil after the last.
func (p *PassAtK) Next() *PassAtK {
	for i := p.level + 1; i < len(p.suite.levels); i++ {
		if HasPassAtK(p.suite.levels[i].name) {
			return &PassAtK{suite: p.suite, level: i, answers: p.answers}
		}
	}
	return nil
}

// Advance samples answers of n to the next prompts and reports whether they were the last.
func (p *PassAtK) Advance(n *model.Network) (done bool) {
	first := len(p.right)
	within := first % passPrompts // the index among the prompts that share an address
	l := p.suite.levels[p.level].part(first,
		min(passPrompts-within, p.suite.sampler.Rows()/p.answers))
	responses := p.suite.sampler.Sample(n, rollout.Request{
		Prompts: l.prompts, Group: p.answers, MaxResponse: p.suite.task.MaxResponse, Temp: 1,
		World: World(p.suite.task, l.problems),
		Seed:  p.suite.seed, Purpose: "passes", Name: p.suite.task.Name + "/" + l.name,
		Index: uint64(first - within), First: within,
	})
	for i, problem := range l.problems {
		right, ways := 0, map[string]bool{}
		for _, r := range responses[i*p.answers : (i+1)*p.answers] {
			if task.Right(p.suite.task.Score(problem, r.Tokens)) {
				right++
				text, _ := p.suite.task.Decode(r.Tokens)
				ways[text] = true
			}
		}
		p.right, p.ways = append(p.right, right), p.ways+len(ways)
	}
	return len(p.right) == len(p.suite.levels[p.level].prompts)
}

// Metrics returns pass@k for k = 1, 2, 4 and so on, and the mean number of different right answers.
func (p *PassAtK) Metrics() (metrics []protocol.Metric) {
	name, prompts := "eval/"+p.suite.levels[p.level].name+"/", float64(len(p.right))
	for k := 1; k <= p.answers; k *= 2 {
		sum := 0.0
		for _, right := range p.right {
			sum += PassAt(p.answers, right, k)
		}
		metrics = append(metrics,
			protocol.Metric{Name: fmt.Sprintf("%spass_at_%d", name, k), Value: sum / prompts})
	}
	return append(metrics, protocol.Metric{Name: name + "distinct_right",
		Value: float64(p.ways) / prompts})
}

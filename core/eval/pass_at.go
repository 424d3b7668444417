package eval

import (
	"fmt"

	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/protocol"
	"github.com/posttrain/posttrain/core/rollout"
	"github.com/posttrain/posttrain/core/task"
)

// MaxAnswers is how many answers to a prompt there are at most to estimate pass@k from.
const MaxAnswers = 256

// passPrompts is how many prompts share an address of random numbers.
const passPrompts = 8

// PassAt is the probability that of k answers at least one is right, estimated without bias from n answers of which so many are
// right, k of 1 to n: 1 − C(n−right, k)/C(n, k), the share of all ways to draw k of them (Chen et al. 2021, arXiv:2107.03374).
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

// PassAtK begins with the first level; there must be at least one answer.
func (s *Suite) PassAtK(answers int) *PassAtK { return &PassAtK{suite: s, answers: answers} }

// HasPassAtK reports whether pass@k is measured at a level: at any but the prior skill.
func HasPassAtK(level string) bool { return level != "prior" }

// Next begins with the next level of which pass@k is measured; nil after the last.
func (p *PassAtK) Next() *PassAtK {
	for i := p.level + 1; i < len(p.suite.levels); i++ {
		if HasPassAtK(p.suite.levels[i].name) {
			return &PassAtK{suite: p.suite, level: i, answers: p.answers}
		}
	}
	return nil
}

// Advance has n answer the next prompts and says whether those were the last.
func (p *PassAtK) Advance(n *model.Network) (done bool) {
	first := len(p.right)
	within := first % passPrompts // of those that share an address
	l := p.suite.levels[p.level].part(first, min(passPrompts-within, p.suite.sampler.Rows()/p.answers))
	responses := p.suite.sampler.Sample(n, rollout.Request{
		Prompts: l.prompts, Group: p.answers, MaxResponse: p.suite.task.MaxResponse, Temp: 1, World: World(p.suite.task, l.problems),
		Seed: p.suite.seed, Purpose: "passes", Name: p.suite.task.Name + "/" + l.name, Index: uint64(first - within), First: within,
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

// Metrics are pass@k for k of 1, 2, 4 and so on, and how many different right answers there were.
func (p *PassAtK) Metrics() (metrics []protocol.Metric) {
	name, prompts := "eval/"+p.suite.levels[p.level].name+"/", float64(len(p.right))
	for k := 1; k <= p.answers; k *= 2 {
		sum := 0.0
		for _, right := range p.right {
			sum += PassAt(p.answers, right, k)
		}
		metrics = append(metrics, protocol.Metric{Name: fmt.Sprintf("%spass_at_%d", name, k), Value: sum / prompts})
	}
	return append(metrics, protocol.Metric{Name: name + "distinct_right", Value: float64(p.ways) / prompts})
}

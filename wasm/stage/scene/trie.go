package scene

import (
	"cmp"
	"math"
	"slices"

	"github.com/posttrain/posttrain/core/protocol"
)

// branch is a prefix that responses have in common, or, if it is a leaf, a response that ends there.
type branch struct {
	symbol   string // its last one, empty at the root and at an end
	prefix   string
	depth    int     // symbols so far
	p        float64 // probability of the prefix, or of the response
	drawn    int
	right    int           // how many of those drawn are right
	reward   float64       // sum of what they earned
	mark     protocol.Mark // of one of them; a leaf's are all alike
	leaf     bool
	cut      bool // a leaf whose response did not finish
	children []*branch

	extent float64 // height that the branch and all that follows it take up
	y, x   float64 // the middle of its right end
	out    float64 // where the next child's ribbon leaves it
	wide   float64 // thickness
	joined bool    // drawn along with the branch before it
}

// grow makes the trie of a look's samples. A sample without the log-probability of each of its tokens is left out.
func grow(samples []protocol.Sample) *branch {
	root := &branch{p: 1}
	for _, s := range samples {
		letters := []rune(s.Response)
		need := len(letters)
		if s.Finished {
			need++
		}
		if len(s.Logp) < need || !finite(s.Reward) {
			continue
		}
		at, logp := root, 0.0
		at.add(s)
		for i, letter := range letters {
			logp += s.Logp[i]
			at = at.child(string(letter), logp)
			at.add(s)
		}
		if s.Finished {
			logp += s.Logp[len(letters)]
		}
		at = at.end(s.Finished, logp)
		at.add(s)
	}
	root.sort()
	return root
}

func (b *branch) add(s protocol.Sample) {
	b.drawn++
	b.reward += s.Reward
	b.mark = s.Mark
	if s.Mark == protocol.Right {
		b.right++
	}
}

// earned is the mean reward of what was drawn.
func (b *branch) earned() float64 { return b.reward / float64(b.drawn) }

// child finds or makes the branch that goes on with a symbol.
func (b *branch) child(symbol string, logp float64) *branch {
	return b.follow(branch{symbol: symbol, prefix: b.prefix + symbol, depth: b.depth + 1}, logp)
}

// end finds or makes the response that ends here.
func (b *branch) end(finished bool, logp float64) *branch {
	return b.follow(branch{prefix: b.prefix, depth: b.depth, leaf: true, cut: !finished}, logp)
}

// follow gives c a probability of at most its parent's, whatever the samples say.
func (b *branch) follow(c branch, logp float64) *branch {
	for _, known := range b.children {
		if known.symbol == c.symbol && known.leaf == c.leaf && known.cut == c.cut {
			return known
		}
	}
	if c.p = min(math.Exp(logp), b.p); !finite(c.p) {
		c.p = 0
	}
	b.children = append(b.children, &c)
	return &c
}

// sort brings siblings into the order of their symbols, so that they keep their places as the lane learns.
func (b *branch) sort() {
	slices.SortStableFunc(b.children, func(x, y *branch) int { return cmp.Compare(x.symbol, y.symbol) })
	for _, c := range b.children {
		c.sort()
	}
}

// each visits a branch and all that follow it, with their parents.
func (b *branch) each(visit func(parent, b *branch)) {
	for _, c := range b.children {
		visit(b, c)
		c.each(visit)
	}
}

// ends are the different responses, the most probable first.
func (b *branch) ends() (all []*branch) {
	b.each(func(_, c *branch) {
		if c.leaf {
			all = append(all, c)
		}
	})
	slices.SortStableFunc(all, func(x, y *branch) int {
		return cmp.Or(cmp.Compare(y.p, x.p), cmp.Compare(y.drawn, x.drawn), cmp.Compare(x.prefix, y.prefix))
	})
	return all
}

// prune leaves only the responses in keep.
func (b *branch) prune(keep []*branch) {
	b.children = slices.DeleteFunc(b.children, func(c *branch) bool {
		c.prune(keep)
		return len(c.children) == 0 && !slices.Contains(keep, c)
	})
}

func (b *branch) depths() (deepest int) {
	b.each(func(_, c *branch) { deepest = max(deepest, c.depth) })
	return deepest
}

package scene

import (
	"cmp"
	"math"
	"slices"
	"unicode/utf8"

	"github.com/posttrain/posttrain/core/protocol"
)

// branch is a prefix that responses share or, if it is a leaf, the end of a response.
type branch struct {
	symbol   string // its last symbol or words; "" at the root and at an end
	prefix   string
	depth    int     // branches so far
	words    bool    // symbols are words
	merged   bool    // symbols that all follow one another are one
	p        float64 // probability of the prefix, or of the response
	drawn    int
	right    int           // number of right samples
	reward   float64       // sum over samples
	mark     protocol.Mark // of one sample; all samples of a leaf have the same
	leaf     bool
	cut      bool // a leaf whose response did not finish
	children []*branch

	extent float64 // height of the branch with all that follow it
	y, x   float64 // the middle of its right end
	out    float64 // where the ribbon of the next child starts
	wide   float64 // thickness
	joined bool    // drawn together with the branch before it
}

// grow returns the trie of a look's samples. Samples that lack the log-probability of a token are
// left out.
func grow(samples []protocol.Sample) *branch {
	root := &branch{p: 1}
	for _, s := range samples {
		symbols := s.Symbols()
		need := len(symbols)
		if s.Finished {
			need++
		}
		if len(s.Logp) < need || !finite(s.Reward) {
			continue
		}
		at, logp := root, 0.0
		at.add(s)
		for i, symbol := range symbols {
			logp += s.Logp[i]
			at = at.child(symbol, s.Separator(), logp)
			at.add(s)
		}
		if s.Finished {
			logp += s.Logp[len(symbols)]
		}
		at = at.end(s.Finished, logp)
		at.add(s)
	}
	root.sort()
	if len(samples) > 0 && samples[0].Words {
		root.words = true
		root.each(func(_, b *branch) { b.words = true })
		root.merge(samples[0].Separator())
	}
	return root
}

// merge makes one branch of symbols that all follow one another, so that only forks are branches:
// most of a response of words is told by the words before.
func (b *branch) merge(separator string) {
	b.merged = true
	for _, c := range b.children {
		for len(c.children) == 1 && !c.children[0].leaf {
			next := *c.children[0]
			next.symbol = c.symbol + separator + next.symbol
			*c = next
		}
		if c.depth = b.depth; !c.leaf {
			c.depth++
		}
		c.merge(separator)
	}
}

func (b *branch) add(s protocol.Sample) {
	b.drawn++
	b.reward += s.Reward
	b.mark = s.Mark
	if s.Mark == protocol.Right {
		b.right++
	}
}

// meanReward returns the mean reward of the samples.
func (b *branch) meanReward() float64 { return b.reward / float64(b.drawn) }

// child returns the child with a symbol and adds it if there is none.
func (b *branch) child(symbol, separator string, logp float64) *branch {
	prefix := symbol
	if b.prefix != "" {
		prefix = b.prefix + separator + symbol
	}
	return b.follow(branch{symbol: symbol, prefix: prefix, depth: b.depth + 1}, logp)
}

// end returns the leaf for responses that end here and adds it if there is none.
func (b *branch) end(finished bool, logp float64) *branch {
	return b.follow(branch{prefix: b.prefix, depth: b.depth, leaf: true, cut: !finished}, logp)
}

// follow sets the probability of c, but to at most its parent's.
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

// sort orders siblings by their symbols, so that they keep their places as the lane learns.
func (b *branch) sort() {
	slices.SortStableFunc(b.children,
		func(x, y *branch) int { return cmp.Compare(x.symbol, y.symbol) })
	for _, c := range b.children {
		c.sort()
	}
}

// each calls a function for a branch and all that follow it, with their parents.
func (b *branch) each(visit func(parent, b *branch)) {
	for _, c := range b.children {
		visit(b, c)
		c.each(visit)
	}
}

// ends returns the different responses, the most probable first.
func (b *branch) ends() (all []*branch) {
	b.each(func(_, c *branch) {
		if c.leaf {
			all = append(all, c)
		}
	})
	slices.SortStableFunc(all, func(x, y *branch) int {
		return cmp.Or(cmp.Compare(y.p, x.p), cmp.Compare(y.drawn, x.drawn),
			cmp.Compare(x.prefix, y.prefix))
	})
	return all
}

// prune removes all responses but those in keep.
func (b *branch) prune(keep []*branch) {
	b.children = slices.DeleteFunc(b.children, func(c *branch) bool {
		c.prune(keep)
		return len(c.children) == 0 && !slices.Contains(keep, c)
	})
}

// columns widens the columns of a tree, one for each depth and one for the ends, to what the
// branches need. Single symbols all need the same. Merged ones need what their texts are long, but
// those of an improbable branch, which has no room for a text, need no more than a gap.
func (b *branch) columns(wide []float64) []float64 {
	const most, gap, end, improbable = 24, 2, 4, 0.04 // lengths in letters
	b.each(func(_, c *branch) {
		for len(wide) <= c.depth {
			wide = append(wide, 1)
		}
		switch {
		case c.leaf && c.merged:
			wide[c.depth] = max(wide[c.depth], end)
		case c.merged:
			letters := 0.0
			if c.p >= improbable {
				letters = min(float64(utf8.RuneCountInString(c.symbol)), most)
			}
			wide[c.depth-1] = max(wide[c.depth-1], letters+gap)
		}
	})
	return wide
}

package main

import (
	"errors"
	"fmt"
	"slices"

	"github.com/posttrain/posttrain/core/objective"
)

type coeffsCommand struct {
	Method string   `required:"" placeholder:"M" help:"A method, see list methods."`
	Set    settings `sep:"none" placeholder:"KNOB=VALUE" help:"Set one of the method's knobs; repeat for more."`
}

// maxBatch is the largest number of bytes of JSON that are read. It is enough for
// a million tokens with all fields but distributions.
const maxBatch = 64 << 20

// Help returns the text below the summary of --help.
func (*coeffsCommand) Help() string {
	return `Reads {"groups":[[{"source":"rollout","reward":1,"logp":[-0.5,-1.2],"old_logp":[..],"ref_logp":[..]}, ...], ...]}: a group holds the completions of one prompt; source is rollout, which it is where nothing is said, or demo, chosen, rejected, greedy or replayed; teacher_logp, value, old_value and entropy are read too. Writes {"groups":[[{"logp":[..],"entropy":[..],"kl":[..],"value":[..]}, ...], ...]}: the direction of ascent, the whole step's normalisation included.`
}

func (c *coeffsCommand) Run(env *environment) error {
	m, err := env.catalogue.Method(c.Method)
	if err != nil {
		return usage(err)
	}
	values := m.Defaults()
	if err := c.Set.each(func(name, text string) error {
		if err := values.Set(name, text); err != nil {
			return fmt.Errorf("method %s: %w", m.Name, err)
		}
		return nil
	}); err != nil {
		return usage(err)
	}
	if err := m.CheckSettings(values); err != nil {
		return usage(err)
	}
	env.announceInput(`{"groups":[[{"reward":1,"logp":[-0.5]}]]}`)
	batch, err := decodeBatch(env.in.atMost(maxBatch))
	if err != nil {
		return fmt.Errorf("standard input: %w", err)
	}
	if wordless(batch) {
		return errors.New(
			`standard input: no completion has a token: want logp, one number a token, as in {"groups":[[{"reward":1,"logp":[-0.5]}]]}`)
	}
	if err := m.CheckNeeds(values, batch); err != nil {
		return fmt.Errorf("standard input: %w", err)
	}
	unread, err := m.Unread(values, batch)
	if err != nil {
		return fmt.Errorf("standard input: %w", err)
	}
	for _, source := range unread {
		fmt.Fprintf(env.err, "%s does not read completions whose source is %s: their "+
			"coefficients are 0.\n", m.Name, source)
	}
	coeffs := objective.NewCoeffs(batch)
	m.Build(values).Add(coeffs, batch)
	return encodeCoeffs(env.out, coeffs)
}

// wordless reports whether a batch has completions and none of them has a token.
func wordless(batch []objective.Group) bool {
	completions := slices.Concat(batch...)
	return len(completions) > 0 && !slices.ContainsFunc(completions,
		func(c *objective.Completion) bool { return c.Len() > 0 })
}

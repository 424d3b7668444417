package recipe

import (
	"errors"
	"fmt"

	"github.com/posttrain/posttrain/core/reward"
	"github.com/posttrain/posttrain/core/task"
)

// Scripts reads what users write as programs. It is an interface because the page's usual program
// leaves the interpreter out: see [Catalogue.WithScripts].
type Scripts interface {
	// Reward reads a reward from the text of a file. Errors name the file.
	Reward(file, text string) (*reward.Own, error)

	// Task reads a task from the text of a file. Errors name the file.
	Task(file, text string) (task.Task, error)

	// Pack returns the text of a script for a link, or "" if it would be too long.
	Pack(text string) string

	// Unpack returns the text that Pack has packed.
	Unpack(packed string) (string, error)
}

// WithScripts returns a catalogue with the entries of c whose links can have scripts. Without it,
// the link of a recipe with a script is an error.
func (c *Catalogue) WithScripts(s Scripts) *Catalogue {
	return &Catalogue{c.entries, c.readBase, s, c.own}
}

var errNoScripts = errors.New("the link has a program, and this part of posttrain runs none")

// LinkedReward is the file's name of a reward that a link has brought.
const LinkedReward = "reward.star"

// SetReward makes lanes learn from a reward of the user's own, read from the text of a file,
// instead of from the verifier's. It returns an error if the recipe's link names another one.
func (r *Recipe) SetReward(file, text string) error {
	if !r.Task.HasPrompts() {
		return errNoPrompts
	}
	if r.catalogue.scripts == nil {
		return errNoScripts
	}
	own, err := r.catalogue.scripts.Reward(file, text)
	if err != nil {
		return err
	}
	if r.Reward != "" && r.Reward != own.Digest {
		return fmt.Errorf("the recipe is about the reward %s, and %s is %s: want the same text, "+
			"or a recipe without reward=%s", r.Reward, file, own.Digest, r.Reward)
	}
	r.Reward, r.own, r.script = own.Digest, own, r.catalogue.scripts.Pack(text)
	r.relink()
	return nil
}

// setRewardDigest sets the digest of the reward to learn from.
func (r *Recipe) setRewardDigest(digest string) error {
	if !r.Task.HasPrompts() {
		return errNoPrompts
	}
	r.Reward = digest
	return checkDigest("reward", "a reward of one's own", digest)
}

// setScript makes lanes learn from the reward in the link. If the link also has a digest, in
// reward=, it must be that of the reward.
func (r *Recipe) setScript(packed string) error {
	if r.catalogue.scripts == nil {
		return errNoScripts
	}
	text, err := r.catalogue.scripts.Unpack(packed)
	if err != nil {
		return fmt.Errorf("script: %w", err)
	}
	return r.SetReward(LinkedReward, text)
}

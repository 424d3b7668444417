package study

import (
	"context"
	"fmt"

	"github.com/posttrain/posttrain/core/model"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/train"
)

// PretrainOptions are the options of computing a base. None of them changes a digest.
type PretrainOptions struct {
	Threads int
	Clock   func() float64 // seconds, never going back; nil means that it stands still

	// Allow is called before memory is allocated for the weights. If it returns an error, nothing
	// is computed. It may be nil.
	Allow func(b recipe.Base) error

	// Begin is called before the first update of this process, with the number of updates that
	// were made before. It may be nil.
	Begin func(b recipe.Base, made int)

	// Progress is called after every update with the number of updates so far, and the loss before
	// it in nats per token. It may be nil.
	Progress func(made int, loss float64)
}

// Unfinished is the error of a pretraining whose context has ended.
type Unfinished struct {
	Base        string // its name
	Made, Steps int    // updates so far, and in all
	Kept        int    // after how many updates it can go on later; 0 means from the start
	File        string // where its state is kept; "" if nothing is
	Err         error  // why that is not Made; nil if it is
}

// Error says how far the pretraining has come.
func (u *Unfinished) Error() string {
	return fmt.Sprintf("the pretraining of base %s was stopped after %d of %d steps", u.Base,
		u.Made, u.Steps)
}

// Pretrain computes a base without keeping anything on the way. It returns an [Unfinished] if ctx
// ends first.
func Pretrain(ctx context.Context, b recipe.Base, o PretrainOptions) (*model.Params, error) {
	return pretrain(ctx, b, o, noState{})
}

// stateKeeper keeps the state of a pretraining.
type stateKeeper interface {
	// restore continues a new pretraining from the state that is kept, if there is one.
	restore(ctx context.Context, t *train.Pretrainer) error

	// save keeps a state in the place of the one before.
	save(state *train.PretrainingState) error

	// trouble is called with the first error of a save while the pretraining goes on.
	trouble(err error)

	// file returns the path of the file with the state; "" means that there is none.
	file() string

	// discard removes the state of a pretraining that cannot go on.
	discard()
}

// saveShare bounds the time that saving states takes of the time that the rest takes.
const saveShare = 0.02

// pretrain computes a base from the state that is kept. It keeps one every saveEvery seconds, more
// rarely if that would take more than saveShare of the time, and when ctx ends.
func pretrain(ctx context.Context, b recipe.Base, o PretrainOptions, states stateKeeper) (
	*model.Params, error) {
	if o.Clock == nil {
		o.Clock = func() float64 { return 0 }
	}
	if o.Allow != nil {
		if err := o.Allow(b); err != nil {
			return nil, err
		}
	}
	p := b.Pretraining()
	t := p.Start(max(1, o.Threads))
	if err := states.restore(ctx, t); err != nil {
		return nil, err
	}
	if o.Begin != nil {
		o.Begin(b, t.Steps())
	}
	kept, saved, pause, complained := t.Steps(), o.Clock(), float64(saveEvery), false
	for !t.Done() {
		if ctx.Err() != nil {
			u := &Unfinished{Base: b.Name, Made: t.Steps(), Steps: p.Values.Int("steps"),
				Kept: kept}
			if u.Made > u.Kept {
				if u.Err = states.save(t.State()); u.Err == nil {
					u.Kept = u.Made
				}
			}
			if u.Kept > 0 {
				u.File = states.file()
			}
			return nil, u
		}
		loss, err := t.Advance()
		if err != nil {
			states.discard() // it would go on to the same error
			return nil, err
		}
		if o.Progress != nil {
			o.Progress(t.Steps(), loss)
		}
		now := o.Clock()
		if now-saved <= pause || t.Done() {
			continue
		}
		if err := states.save(t.State()); err == nil {
			kept = t.Steps()
		} else if !complained {
			states.trouble(err)
			complained = true
		}
		saved = o.Clock()
		pause = max(saveEvery, (saved-now)/saveShare)
	}
	return t.Base(), nil
}

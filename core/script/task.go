package script

import (
	"fmt"
	"strings"
	"sync/atomic"

	"go.starlark.net/starlark"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/param"
	"github.com/posttrain/posttrain/core/task"
)

// The sizes of a task of somebody's own.
const (
	usualPrompts, mostPrompts  = 500, 5000
	usualHeldOut, mostHeldOut  = 256, 2048
	mostSymbols                = 200 // of a vocabulary
	mostResponse, mostOfPrompt = 128, 256
)

// Task reads a task of somebody's own, see docs/scripts.md. The script defines
//
//	name, title                         texts; links begin with the name
//	alphabet                            a text of all symbols, or words, a list of them
//	levels                              a dictionary of names and titles: id, ood, prior and others
//	max_response                        symbols of the longest response
//	sample(rng, level)                  returns a prompt and what its verifier looks for
//	demonstrate(prompt, answer)         returns a right response
//	reward(prompt, response, answer)    returns a number from 0 to 1
//
// and may define turn(prompt, response, answer), which returns what the world says after an
// unfinished response, prompts and held_out, the numbers of training and held-out prompts, and
// careless, the share of the base's examples that have a mistake. It tries the functions, so most
// faults are found at once; one that is found later is a [task.Failure]. The file's name is for
// errors, which are of type [*Error].
func Task(file, text string) (t task.Task, err error) {
	p, err := Compile(file, text)
	if err != nil {
		return task.Task{}, err
	}
	own := ownTask{p, new(atomic.Pointer[task.Failure])}
	if t, err = own.declared(); err != nil {
		return task.Task{}, err
	}
	t.Program = digest(text)
	if err := own.try(t); err != nil {
		return task.Task{}, err
	}
	return t, nil
}

// ownTask is a script that defines a task.
type ownTask struct {
	*Program

	// failed is the first failure of the function turn, which several goroutines call and in which
	// a panic could not be caught. The next reward fails with it.
	failed *atomic.Pointer[task.Failure]
}

// declared returns the task that the variables and functions of the script describe.
func (o ownTask) declared() (t task.Task, err error) {
	t = task.Task{Cite: "a program of one's own"}
	fields := []struct {
		name string
		read func(starlark.Value) error
	}{
		{"name", o.text(&t.Name)}, {"title", o.text(&t.Title)}, {"doc", o.text(&t.Doc)},
		{"alphabet", o.text(&t.Alphabet)}, {"words", o.words(&t.Words)},
		{"levels", o.levels(&t.Levels)},
		{"max_response", o.whole(&t.MaxResponse, 1, mostResponse)},
		{"prompts", o.whole(&t.Prompts, 8, mostPrompts)},
		{"held_out", o.whole(&t.HeldOutPrompts, 8, mostHeldOut)},
	}
	t.Prompts, t.HeldOutPrompts = usualPrompts, usualHeldOut
	for _, f := range fields {
		v, given := o.globals[f.name]
		if !given {
			continue
		}
		if err := f.read(v); err != nil {
			return t, &Error{o.file, 0, fmt.Sprintf("%s is %s: want %v", f.name, kind(v), err)}
		}
	}
	if err := o.complete(&t); err != nil {
		return t, err
	}
	careless := 0.4
	if v, given := o.globals["careless"]; given {
		x, why := number(v)
		if why != "" || x < 0 || x > 1 {
			return t, &Error{o.file, 0, fmt.Sprintf("careless is %s: want a number from 0 to 1",
				kind(v))}
		}
		careless = x
	}
	o.functions(&t, careless)
	return t, nil
}

// complete sets what follows from the rest, and returns an error if something is left out.
func (o ownTask) complete(t *task.Task) error {
	t.MaxResponse++ // End
	if t.Title == "" {
		t.Title = t.Name
	}
	if t.Doc == "" {
		t.Doc = "A task from a program of one's own: " + t.Title + "."
	}
	t.Form = "a prompt that the program draws, which cannot be read back"
	for _, f := range []struct {
		name string
		n    int
	}{{"sample", 2}, {"demonstrate", 2}, {"reward", 3}} {
		if g, ok := o.globals[f.name].(*starlark.Function); !ok || g.NumParams() != f.n {
			return &Error{o.file, 0, fmt.Sprintf("there is no function %s with %d parameters: "+
				"want sample(rng, level), demonstrate(prompt, answer) and reward(prompt, "+
				"response, answer)", f.name, f.n)}
		}
	}
	if n := len(t.Words) + len([]rune(t.Alphabet)); n > mostSymbols {
		return &Error{o.file, 0, fmt.Sprintf("there are %d symbols: want at most %d", n,
			mostSymbols)}
	}
	t.Base = t.Name
	return nil
}

// functions sets the task's functions. In careless of its examples, the base reads a mistake.
func (o ownTask) functions(t *task.Task, careless float64) {
	t.Read = func(string) (task.Problem, bool) { return task.Problem{}, false }
	symbols := *t
	t.Sample = func(r *num.Rand, level string) task.Problem { return o.sample(symbols, r, level) }
	t.Demonstrate = func(_ *num.Rand, p task.Problem, _ param.Values) string {
		return o.demonstrate(symbols, p)
	}
	t.Reward = o.reward
	t.Pretrain = func(r *num.Rand) (task.Problem, string) {
		p := o.sample(symbols, r, t.Levels[r.IntN(len(t.Levels))].Name)
		response := o.demonstrate(symbols, p)
		if r.Float64() < careless {
			response = mistaken(symbols, response, r)
		}
		return p, response
	}
	if _, ok := o.globals["turn"].(*starlark.Function); ok {
		t.World = func(p task.Problem, response string) string {
			return o.turn(symbols, p, response)
		}
	}
}

// mistaken returns a response with one symbol replaced.
func mistaken(t task.Task, response string, r *num.Rand) string {
	tokens := t.MustEncode(response)
	if len(tokens) == 0 {
		return response
	}
	tokens[r.IntN(len(tokens))] = 1 + int32(r.IntN(t.Vocab()-1))
	wrong, _ := t.Decode(append(tokens, task.End))
	return wrong
}

// sample draws a problem.
func (o ownTask) sample(t task.Task, r *num.Rand, level string) task.Problem {
	v := o.must("sample", rng{r}, starlark.String(level))
	pair, ok := v.(starlark.Tuple)
	if !ok || len(pair) != 2 {
		o.fail("sample", "returned %s: want two texts, a prompt and its answer", kind(v))
	}
	prompt, ok := starlark.AsString(pair[0])
	answer, also := starlark.AsString(pair[1])
	if !ok || !also {
		o.fail("sample", "returned %s and %s: want two texts, a prompt and its answer",
			kind(pair[0]), kind(pair[1]))
	}
	o.check(t, "sample", prompt, mostOfPrompt)
	return task.Problem{Level: level, Prompt: prompt, Answer: answer, Key: prompt}
}

func (o ownTask) demonstrate(t task.Task, p task.Problem) string {
	text := o.textOf("demonstrate", starlark.String(p.Prompt), starlark.String(p.Answer))
	o.check(t, "demonstrate", text, t.MaxResponse-1)
	return text
}

// turn returns what the world says, and nothing after a failure.
func (o ownTask) turn(t task.Task, p task.Problem, response string) (said string) {
	var err error
	func() {
		defer task.Catch(&err)
		said = o.textOf("turn", starlark.String(p.Prompt), starlark.String(response),
			starlark.String(p.Answer))
		o.check(t, "turn", said, mostResponse)
	}()
	if err != nil {
		o.failed.CompareAndSwap(nil, &task.Failure{Err: err})
		return ""
	}
	return said
}

func (o ownTask) reward(p task.Problem, response string) float64 {
	if f := o.failed.Load(); f != nil {
		panic(*f)
	}
	v := o.must("reward", starlark.String(p.Prompt), starlark.String(response),
		starlark.String(p.Answer))
	x, why := number(v)
	if why != "" || x < 0 || x > 1 {
		o.fail("reward", "returned %s for the prompt %s and the response %s: want a number from "+
			"0 to 1", kind(v), param.Quote(p.Prompt), param.Quote(response))
	}
	return x
}

// must calls a function, and fails if that does.
func (o ownTask) must(function string, args ...starlark.Value) starlark.Value {
	v, err := o.call(function, args...)
	if err != nil {
		panic(task.Failure{Err: fmt.Errorf("%w; the call was %s", err, calledWith(function, args))})
	}
	return v
}

// calledWith returns a call as it stands in a script.
func calledWith(function string, args []starlark.Value) string {
	texts := make([]string, len(args))
	for i, a := range args {
		texts[i] = a.String()
		if text, ok := starlark.AsString(a); ok {
			texts[i] = param.Quote(text)
		}
	}
	return function + "(" + strings.Join(texts, ", ") + ")"
}

// textOf calls a function that returns a text.
func (o ownTask) textOf(function string, args ...starlark.Value) string {
	v := o.must(function, args...)
	text, ok := starlark.AsString(v)
	if !ok {
		o.fail(function, "returned %s: want a text", kind(v))
	}
	return text
}

// check fails unless a text that a function returned has at most so many symbols, all of the
// task's.
func (o ownTask) check(t task.Task, function, text string, most int) {
	tokens, err := t.Encode(text)
	if err != nil {
		o.fail(function, "returned %s: %v", param.Quote(text), err)
	}
	if len(tokens) > most {
		o.fail(function, "returned %s, which has %d symbols: want at most %d", param.Quote(text),
			len(tokens), most)
	}
}

// fail panics with a [task.Failure] about what a function did.
func (o ownTask) fail(function, format string, args ...any) {
	panic(task.Failure{Err: &Error{o.file, o.line(function),
		function + " " + fmt.Sprintf(format, args...)}})
}

// try draws a few problems of every level, has them demonstrated and verifies that.
func (o ownTask) try(t task.Task) (err error) {
	if err := t.Check(); err != nil {
		return &Error{o.file, 0, err.Error()}
	}
	defer task.Catch(&err)
	problems := append(t.TrainPrompts(1, 8), t.ReplayPrompts(1, 8)...)
	for _, l := range t.Levels {
		problems = append(problems, t.EvalPrompts(l.Name, 8)...)
	}
	for _, p := range problems {
		response := t.Demonstrate(nil, p, param.Values{})
		if played, _ := t.PlayTurns(p, append(t.MustEncode(response), task.End)); t.Score(p,
			played) < 1 {
			o.fail("reward", "is %g for what demonstrate writes for the prompt %s: want 1",
				t.Score(p, played), param.Quote(p.Prompt))
		}
		t.Reward(p, "")
	}
	return nil
}

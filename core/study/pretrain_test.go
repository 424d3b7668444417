package study

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/gofrs/flock"

	"github.com/posttrain/posttrain/core/checkpoint"
	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/train"
)

const pretrainVariable = "STUDY_TEST_PRETRAIN"

// TestMain lets the test start itself as a program that only pretrains, to be killed.
func TestMain(m *testing.M) {
	folder := os.Getenv(pretrainVariable)
	if folder == "" {
		os.Exit(m.Run())
	}
	o := oftenSaved()
	o.Progress = func(made int, _ float64) { fmt.Println(made) }
	p, err := NewCache(folder).Get(context.Background(), quickBase(), o)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(p.Digest())
}

const tinySteps = 40

// tinyBase returns a base that is quick to pretrain and is not shipped.
func tinyBase(more ...string) recipe.Base {
	b, err := recipe.Standard().Base("cards")
	if err == nil {
		b, err = b.With(b.Task, append([]string{"dim=8", "layers=1", "heads=2"}, more...)...)
	}
	if err != nil {
		panic(err)
	}
	return b
}

// quickBase returns a base of tinySteps steps.
func quickBase(more ...string) recipe.Base {
	return tinyBase(append([]string{fmt.Sprintf("steps=%d", tinySteps), "batch=3"}, more...)...)
}

// oftenSaved returns options with a clock by which every update takes longer than the pause between
// two saves, and a save no time at all.
func oftenSaved() PretrainOptions {
	now := 0.0
	calls := 0
	return PretrainOptions{Threads: 1, Clock: func() float64 {
		if calls++; calls%2 == 0 { // it is asked after an update, and after the save
			now += saveEvery + 1
		}
		return now
	}}
}

// stopAfter returns options that end a context after an update.
func stopAfter(made int) (context.Context, PretrainOptions) {
	ctx, stop := context.WithCancel(context.Background())
	return ctx, PretrainOptions{Threads: 1, Progress: func(now int, _ float64) {
		if now == made {
			stop()
		}
	}}
}

func wholeBase(t testing.TB, b recipe.Base) (digest string) {
	t.Helper()
	p, err := Pretrain(t.Context(), b, PretrainOptions{Threads: 2})
	if err != nil {
		t.Fatal(err)
	}
	return p.Digest()
}

// A pretraining that is stopped again and again goes on each time where it was, and ends with the
// bits of one that was left alone. Nothing stays but the base.
func TestAnInterruptedPretrainingGoesOn(t *testing.T) {
	b, want := quickBase(), wholeBase(t, quickBase())
	c := NewCache(filepath.Join(t.TempDir(), "cache"))
	for _, made := range []int{1, 2, 17, tinySteps - 1} {
		ctx, o := stopAfter(made)
		_, err := c.Get(ctx, b, o)
		if u, ok := errors.AsType[*Unfinished](err); !ok ||
			*u != (Unfinished{Base: "cards", Made: made, Kept: made, Steps: tinySteps,
				File: c.StateFile(b)}) {
			t.Fatalf("stopped after step %d: %+v", made, err)
		}
	}
	begun := -1
	p, err := c.Get(t.Context(), b, PretrainOptions{Threads: 2,
		Begin: func(_ recipe.Base, made int) { begun = made }})
	if err != nil || p.Digest() != want || begun != tinySteps-1 {
		t.Errorf("it went on after step %d: %v", begun, err)
	}
	if have := names(t, c.path); strings.Join(have, " ") != b.Key()+".msgp" {
		t.Errorf("the folder has %v", have)
	}
}

// names returns the names of a folder's files.
func names(t testing.TB, folder string) (all []string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

// A process that is killed without warning loses what came after its last save, and leaves nothing
// that stands in the way.
func TestAKilledPretrainingGoesOn(t *testing.T) {
	b, want := quickBase(), wholeBase(t, quickBase())
	rng := num.NewRand(1, "test", "kill pretraining")
	for kills, went := 0, 0; kills < 12 || went == 0; {
		folder := t.TempDir()
		for ended := false; !ended; {
			first, last, killed := pretrainUntil(t, folder, 1+rng.IntN(tinySteps))
			if first > 1 {
				went++
			}
			if killed {
				kills++
			} else if ended = true; last != want {
				t.Fatalf("it ended with %s, want %s", last, want)
			}
		}
		have := names(t, folder)
		if len(have) == 2 && have[1] == b.Key()+".msgp.lock" { // killed when it had the base
			have = have[:1]
		}
		if strings.Join(have, " ") != b.Key()+".msgp" {
			t.Errorf("after %d kills the folder has %v", kills, have)
		}
	}
}

// pretrainUntil starts a process that pretrains the tiny base, and kills it when it has made so
// many updates. It returns the first update that the process made, and its last line.
func pretrainUntil(t *testing.T, folder string, updates int) (first int, last string, killed bool) {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), pretrainVariable+"="+folder)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for n := 1; lines.Scan(); n++ {
		if last = lines.Text(); n == 1 {
			_, _ = fmt.Sscan(last, &first) // a digest alone is no number of an update
		}
		if n == updates && !killed {
			killed = cmd.Process.Kill() == nil
		}
	}
	if err := cmd.Wait(); err != nil && !killed {
		t.Fatal(err)
	}
	return first, last, killed && !cmd.ProcessState.Success()
}

// A state stays when there is no time or no memory to go on with it now.
func TestWhenAStateStays(t *testing.T) {
	b, c := quickBase(), NewCache(t.TempDir())
	ctx, o := stopAfter(3)
	if _, err := c.Get(ctx, b, o); err == nil {
		t.Fatal("it was not stopped")
	}
	there := func() bool { _, err := os.Stat(c.StateFile(b)); return err == nil }
	if _, err := c.Get(ctx, b, PretrainOptions{}); err == nil || !there() { // stopped at once
		t.Errorf("an interrupt at once: %v", err)
	}
	refused := errors.New("there is too little memory")
	if _, err := c.Get(t.Context(), b, PretrainOptions{
		Allow: func(recipe.Base) error { return refused },
	}); !errors.Is(err, refused) || !there() {
		t.Errorf("too little memory: %v", err)
	}
	(stateFile{c, b}).discard() // as after an error of the pretraining itself
	if there() {
		t.Error("a state is not discarded")
	}
}

// What was kept and cannot be used is said in a sentence, and the pretraining starts again.
func TestAStateThatCannotBeUsed(t *testing.T) {
	b := quickBase()
	want := wholeBase(t, b)
	c := NewCache(t.TempDir())
	ctx, o := stopAfter(5)
	if _, err := c.Get(ctx, b, o); err == nil {
		t.Fatal("it was not stopped")
	}
	good, err := os.ReadFile(c.StateFile(b))
	if err != nil {
		t.Fatal(err)
	}
	kept, err := checkpoint.DecodePretraining(good)
	if err != nil {
		t.Fatal(err)
	}
	other := quickBase("seed=2")
	ofOther, err := checkpoint.EncodePretraining(checkpoint.Pretraining{Origin: other.Origin(),
		State: kept.State})
	if err != nil {
		t.Fatal(err)
	}
	larger := *kept.State
	larger.Steps = tinySteps + 1
	tooFar, err := checkpoint.EncodePretraining(checkpoint.Pretraining{Origin: b.Origin(),
		State: &larger})
	if err != nil {
		t.Fatal(err)
	}
	for name, s := range map[string]struct {
		file []byte
		says string
	}{
		"cut short":        {good[:len(good)-1], "it is cut short"},
		"damaged":          {flipped(good), "its checksum does not fit: the file is damaged"},
		"empty":            {nil, "it does not start like a posttrain file"},
		"of another base":  {ofOther, "it belongs to another base"},
		"too many updates": {tooFar, "it has made 41 updates, and this base has 40"},
	} {
		t.Run(name, func(t *testing.T) {
			c := NewCache(t.TempDir())
			var said []string
			c.Note = func(sentence string) { said = append(said, sentence) }
			put(t, c.StateFile(b), string(s.file))
			p, err := c.Get(t.Context(), b, PretrainOptions{})
			if err != nil || p.Digest() != want {
				t.Fatalf("%v", err)
			}
			begins := "The pretraining of base cards starts from the beginning, because what " +
				"was kept of it cannot be used: " + c.StateFile(b) + ": "
			if len(said) != 1 || !strings.HasPrefix(said[0], begins) ||
				!strings.Contains(said[0], s.says) {
				t.Errorf("it said %q", said)
			}
			if _, err := os.Stat(c.StateFile(b)); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("the state is still there: %v", err)
			}
		})
	}
}

func flipped(file []byte) []byte {
	changed := append([]byte(nil), file...)
	changed[len(changed)/2] ^= 1
	return changed
}

// The files that a killed process was writing are removed, and the state of a base that is there.
func TestLeftoversOfAPretrainingAreRemoved(t *testing.T) {
	b, c := tinyBase("steps=1"), NewCache(t.TempDir())
	for _, left := range []string{c.File(b), c.StateFile(b)} {
		put(t, filepath.Join(c.path, "."+filepath.Base(left)+".123"), "half of a file")
	}
	put(t, filepath.Join(c.path, ".other.msgp.123"), "of another base")
	for range 2 {
		if _, err := c.Get(t.Context(), b, PretrainOptions{}); err != nil {
			t.Fatal(err)
		}
		if have, want := strings.Join(names(t, c.path), " "), ".other.msgp.123 "+b.Key()+
			".msgp"; have != want {
			t.Errorf("the folder has %s, want %s", have, want)
		}
		put(t, c.StateFile(b), "as if the process had been killed just before it removed it")
	}
}

// Where the state cannot be written, the pretraining goes on and says so once.
func TestAStateThatCannotBeWritten(t *testing.T) {
	b := quickBase()
	c := NewCache(t.TempDir())
	var said []string
	c.Note = func(sentence string) { said = append(said, sentence) }
	o := oftenSaved()
	o.Begin = func(recipe.Base, int) {
		if err := os.Mkdir(c.StateFile(b), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if p, err := c.Get(t.Context(), b, o); err != nil || p.Digest() != wholeBase(t, b) {
		t.Errorf("%v", err)
	}
	if len(said) != 1 || !strings.HasPrefix(said[0], "The pretraining of base cards goes on, but "+
		"cannot be kept on the way: cannot write "+c.StateFile(b)) {
		t.Errorf("it said %q", said)
	}
}

// While another process computes a base, Get says so and waits, and Pretrain computes it beside the
// other without keeping anything.
func TestABaseThatAnotherProcessComputes(t *testing.T) {
	b, c := tinyBase("steps=2", "batch=1"), NewCache(t.TempDir())
	other := flock.New(c.File(b) + ".lock")
	if locked, err := other.TryLock(); !locked || err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	var said []string
	c.Note = func(sentence string) { said = append(said, sentence); stop() }
	if _, err := c.Get(ctx, b, PretrainOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("it did not wait: %v", err)
	}
	if len(said) != 1 || said[0] != "Another process is computing base cards, and this one waits "+
		"for it" {
		t.Errorf("it said %q", said)
	}
	p, err := c.Pretrain(t.Context(), b, oftenSaved())
	if err != nil || p.Digest() != wholeBase(t, b) {
		t.Error(err)
	}
	if have := names(t, c.path); len(have) != 1 {
		t.Errorf("the folder has %v", have)
	}
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Pretrain(t.Context(), b, oftenSaved()); err != nil {
		t.Error(err)
	}
	if have := names(t, c.path); len(have) != 0 {
		t.Errorf("Pretrain leaves %v", have)
	}
}

// A lock whose file was removed after it was opened does not count, so that of several processes
// that wait for a base one at a time has it.
func TestALockWhoseFileIsGone(t *testing.T) {
	b, c := quickBase(), NewCache(t.TempDir())
	first, err := c.tryLock(b)
	if first == nil || err != nil {
		t.Fatal(err)
	}
	late, err := os.Open(c.File(b) + ".lock") // as a process that is about to lock it
	if err != nil {
		t.Fatal(err)
	}
	defer late.Close()
	unlock(first)
	second, err := c.tryLock(b)
	if second == nil || err != nil || !inPlace(second) {
		t.Fatalf("it is not free again: %v", err)
	}
	old, err := late.Stat()
	now, nowErr := os.Stat(second.Path())
	if err := errors.Join(err, nowErr); err != nil || os.SameFile(old, now) {
		t.Errorf("it is the same file: %v", err)
	}
	if third, err := c.tryLock(b); third != nil || err != nil {
		t.Errorf("two have the lock: %v", err)
	}
	var inside, most atomic.Int32
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			lock, err := c.lock(t.Context(), b)
			if err != nil {
				t.Error(err)
				return
			}
			for n := inside.Add(1); ; {
				if old := most.Load(); n <= old || most.CompareAndSwap(old, n) {
					break
				}
			}
			inside.Add(-1)
			unlock(lock)
		})
	}
	unlock(second)
	all.Wait()
	if have := names(t, c.path); most.Load() != 1 || len(have) != 0 {
		t.Errorf("%d have the lock at a time, and %v stays", most.Load(), have)
	}
}

// Saving takes a small share of the time, however long a save takes.
func TestSavesAreRareWhereTheyTakeLong(t *testing.T) {
	const steps, update, save = 1200, 1.0, 10.0 // seconds
	now, saves := 0.0, 0
	o := PretrainOptions{Clock: func() float64 { return now },
		Progress: func(int, float64) { now += update }}
	slow := slowState{func() { saves++; now += save }}
	b := tinyBase(fmt.Sprintf("steps=%d", steps), "batch=1")
	if _, err := pretrain(t.Context(), b, o, slow); err != nil {
		t.Fatal(err)
	}
	// the first is soon, since nobody knows yet how long it takes
	if most := 1 + steps*update*saveShare/save; saves < 2 || float64(saves) > most {
		t.Errorf("%d saves, want 2 to %.1f", saves, most)
	}
}

// slowState is a stateKeeper that calls a function for each save.
type slowState struct{ saved func() }

func (slowState) restore(context.Context, *train.Pretrainer) error { return nil }

func (s slowState) save(*train.PretrainingState) error { s.saved(); return nil }

func (slowState) trouble(error) {}

func (slowState) file() string { return "" }

func (slowState) discard() {}

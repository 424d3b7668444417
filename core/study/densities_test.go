package study

import (
	"context"
	"errors"
	"testing"

	"github.com/posttrain/posttrain/core/protocol"
)

// Lanes without a network leave no checkpoint: interrupted, they begin again, and end with the same
// result.
func TestDensitiesBeginAgain(t *testing.T) {
	r := parse(t, "densities?lane=sft,samples=20~reinforce,samples=20&lane=reinforce,samples=20")
	want, err := Run(context.Background(), r, Options{Threads: 2})
	if err != nil {
		t.Fatal(err)
	}
	path := t.TempDir()
	ctx, stop := context.WithCancel(context.Background())
	if _, err := Run(ctx, r, Options{Threads: 1, Folder: NewFolder(path, false),
		Observe: func(e protocol.Event) {
			if e.Step == 30 {
				stop()
			}
		}}); !errors.Is(err, context.Canceled) {
		t.Fatalf("interrupted, it ends with %v", err)
	}
	for range 2 { // the second finds the result
		again, err := Run(context.Background(), r,
			Options{Threads: 1, Folder: NewFolder(path, true)})
		if err != nil || inJSON(t, again) != inJSON(t, want) {
			t.Errorf("it ends with %s, %v, want %s", inJSON(t, again), err, inJSON(t, want))
		}
	}
}

//go:build unix

package browser

import (
	"syscall"
	"time"
)

// Slowly slows the browser's processes down while a function runs, as on a busy machine: again and
// again they run for a while and are stopped for rest, one after the other. Waking their threads,
// more than a hundred, takes some milliseconds, and far more on a busy machine, so both times grow
// by a twentieth of their first length at each turn.
func (p *Page) Slowly(run, rest time.Duration, meanwhile func()) {
	p.t.Helper()
	var pids []int
	for _, process := range p.processes() {
		pids = append(pids, int(process.ID))
	}
	send := func(s syscall.Signal, except int) {
		for i, pid := range pids {
			if i != except {
				_ = syscall.Kill(pid, s) // an error means that it has ended
			}
		}
	}
	enough, over := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(over)
		for turn := 0; ; turn++ {
			send(syscall.SIGSTOP, -1)
			select {
			case <-enough:
				send(syscall.SIGCONT, -1)
				return
			case <-time.After(rest + rest*time.Duration(turn)/20):
			}
			send(syscall.SIGCONT, turn%len(pids))
			time.Sleep(run + run*time.Duration(turn)/20)
		}
	}()
	defer func() {
		close(enough)
		<-over
	}()
	meanwhile()
}

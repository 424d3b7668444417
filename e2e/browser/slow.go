//go:build unix

package browser

import (
	"syscall"
	"time"
)

// Slowly makes the browser's processes slow while something happens, as those of a machine are that has too much to do: they run
// for a while and are then stopped for rest, over and over, and one of them after the other misses its turn.
func (p *Page) Slowly(run, rest time.Duration, meanwhile func()) {
	p.t.Helper()
	var pids []int
	for _, process := range p.processes() {
		pids = append(pids, int(process.ID))
	}
	send := func(s syscall.Signal, except int) {
		for i, pid := range pids {
			if i != except {
				_ = syscall.Kill(pid, s) // it may have ended
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
			case <-time.After(rest):
			}
			send(syscall.SIGCONT, turn%len(pids))
			time.Sleep(run)
		}
	}()
	defer func() {
		close(enough)
		<-over
	}()
	meanwhile()
}

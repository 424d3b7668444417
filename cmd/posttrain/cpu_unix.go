//go:build unix

package main

import "syscall"

// processorTime returns the seconds that the program has used of all processors, which other
// programs hardly change.
func (env *environment) processorTime() float64 {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return env.clock()
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}

//go:build !unix

package main

// processorTime returns the time by the clock.
func (env *environment) processorTime() float64 { return env.clock() }

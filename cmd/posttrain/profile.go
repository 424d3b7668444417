package main

import (
	"bytes"
	"errors"
	"fmt"
	"runtime"
	"runtime/pprof"

	"github.com/posttrain/posttrain/core/checkpoint"
)

// profiling has the flags of the commands that can be profiled.
type profiling struct {
	CPUProfile string `name:"cpuprofile" type:"file" placeholder:"FILE" help:"Write a CPU profile here, for go tool pprof."`
	MemProfile string `name:"memprofile" type:"file" placeholder:"FILE" help:"Write a profile of memory here, for go tool pprof."`
}

// profiled calls work and then writes the profiles that the flags ask for, even if work fails. A
// file that cannot be written is refused before work is called.
func (p profiling) profiled(work func() error) error {
	for _, f := range []struct{ flag, path string }{
		{"--cpuprofile", p.CPUProfile}, {"--memprofile", p.MemProfile},
	} {
		if f.path == "" {
			continue
		}
		if err := checkpoint.CheckWritable(f.path); err != nil {
			return usage(fmt.Errorf("%s: %w", f.flag, err))
		}
	}
	var cpu bytes.Buffer
	if p.CPUProfile != "" {
		if err := pprof.StartCPUProfile(&cpu); err != nil {
			return fmt.Errorf("--cpuprofile: %w", err)
		}
	}
	err := work()
	if p.CPUProfile != "" {
		pprof.StopCPUProfile()
		err = errors.Join(err, checkpoint.WriteFile(p.CPUProfile, cpu.Bytes()))
	}
	if p.MemProfile != "" {
		err = errors.Join(err, writeMemoryProfile(p.MemProfile))
	}
	return err
}

// writeMemoryProfile writes what is in memory now, and what has been allocated so far.
func writeMemoryProfile(path string) error {
	runtime.GC() // the profile is as of the last collection
	var memory bytes.Buffer
	if err := pprof.WriteHeapProfile(&memory); err != nil {
		return fmt.Errorf("--memprofile: %w", err)
	}
	return checkpoint.WriteFile(path, memory.Bytes())
}

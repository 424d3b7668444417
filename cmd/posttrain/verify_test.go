//go:build verify

package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"testing"
	"time"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"

	"github.com/posttrain/posttrain/core/checkpoint"
	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/study"
	"github.com/posttrain/posttrain/core/workload"
)

// The seeds that the exhibit memorise is judged by: its settings were chosen on
// others.
const firstSeed, lastSeed = 101, 105

// binary builds the program as it is shipped.
func binary(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "posttrain")
	if out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return path
}

// finish runs the program to its end and returns its done lines.
func finish(t *testing.T, path string, args ...string) (done []study.Result) {
	t.Helper()
	cmd := exec.Command(path, append(args, "--json")...)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		if !bytes.HasPrefix(lines.Bytes(), []byte(`{"event":"done",`)) {
			continue
		}
		var result study.Result
		if err := json.Unmarshal(lines.Bytes(), &result); err != nil {
			t.Fatal(err)
		}
		done = append(done, result)
	}
	if err := cmd.Wait(); err != nil {
		t.Fatalf("%v: %v", args, err)
	}
	return done
}

func digests(r study.Result) (all []string) {
	for _, lane := range r.Lanes {
		all = append(all, lane.Digest)
	}
	return all
}

// The results that come with an exhibit are what the first of its seeds gives now, to the bit. For
// memorise all are run.
func TestVerifyResults(t *testing.T) {
	path := binary(t)
	for _, e := range recipe.Standard().Exhibits() {
		t.Run(e.Name, func(t *testing.T) {
			var kept study.Summary
			if err := json.Unmarshal(e.Results(), &kept); err != nil {
				t.Fatal(err)
			}
			seeds := kept.Seeds[:1]
			if e.Name == "memorise" {
				seeds = kept.Seeds
			}
			args := []string{"run", e.Name, "--seeds", fmt.Sprintf("%d-%d", seeds[0],
				seeds[len(seeds)-1]), "--out", filepath.Join(t.TempDir(), "runs")}
			done := finish(t, path, args...)
			if again := finish(t, path, append(args, "--resume")...); !reflect.DeepEqual(again,
				done) {
				t.Errorf("read again, the result is %+v, want %+v", again, done)
			}
			for _, h := range kept.Tested {
				for k := range seeds {
					check := func(label string, value float64, ok bool) {
						if want := h.OfHigher[k]; label == h.Higher && (!ok || value != want) {
							t.Errorf("lane %s, seed %d: %s is %v, core/recipe/results has %v",
								label, seeds[k], h.Metric, value, want)
						}
					}
					value, ok := done[k].Base[h.Metric]
					check(recipe.OfBase, value, ok)
					for _, lane := range done[k].Lanes {
						value, ok := lane.Value(h.Metric)
						check(lane.Label, value, ok)
					}
				}
			}
		})
	}
}

// within fails when each of a few attempts at some work of another process takes more of the
// processors' time than it would on the machine that the limit was set for: one may have had to
// share them. Time by the clock would measure the rest of the machine as well.
func within(t *testing.T, most time.Duration, work func() *os.ProcessState) {
	t.Helper()
	const attempts = 3
	for range attempts {
		slower, start, state := slowness(t), time.Now(), work()
		slower = max(slower, slowness(t))
		took := state.UserTime() + state.SystemTime()
		t.Logf("it took %v, and %v of the processors of a machine that is %.2f times as slow",
			time.Since(start), took, slower)
		if took.Seconds() <= slower*most.Seconds() {
			return
		}
	}
	t.Errorf("%d times it took more than %v of the processors", attempts, most)
}

// slowness returns how many times as long the processor needs for the SFT steps of the reference
// work as the one that limits were set for, an EPYC with AVX-512; at least 1.
func slowness(t *testing.T) float64 {
	t.Helper()
	const usual = 16e-3 // seconds for a step of the small model
	work := workload.New(workload.Models()[0], 1)
	work.SFT()
	least := math.Inf(1)
	for range 20 {
		start := time.Now()
		work.SFT()
		least = min(least, time.Since(start).Seconds())
	}
	return max(1, least/usual)
}

// The exhibit memorise ends within 20 seconds on one thread.
func TestVerifyMemoriseOnOneThreadIsQuick(t *testing.T) {
	path := binary(t)
	within(t, 20*time.Second, func() *os.ProcessState {
		cmd := exec.Command(path, "run", "memorise", "--threads", "1")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		return cmd.ProcessState
	})
}

// A base is made within a minute on two threads that do 60 GFLOP/s each, and is the shipped one.
func TestVerifyPretrainingMakesTheShippedBases(t *testing.T) {
	const most = 60 * 2 * 60e9 // FLOPs
	path := binary(t)
	for _, base := range recipe.Standard().Bases() {
		if work := base.Pretraining().FLOPs(); work > most {
			t.Errorf("%s takes %.3g FLOPs to make, want %.3g at most", base.Name, work, most)
		}
		out := filepath.Join(t.TempDir(), "base.msgp")
		cmd := exec.Command(path, "pretrain", base.Name, "--verify", "--out", out, "--threads", "2")
		cmd.Stderr = os.Stderr
		printed, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		params, err := recipe.Standard().LoadBase(base.Name)
		if err != nil {
			t.Fatal(err)
		}
		if got := string(bytes.TrimSpace(printed)); got != params.Digest() {
			t.Errorf("pretrain %s prints %s, the shipped base is %s", base.Name, got,
				params.Digest())
		}
		if base.Computed {
			continue
		}
		made, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		shipped, err := os.ReadFile(filepath.Join("..", "..", "core", "recipe",
			filepath.FromSlash(base.File())))
		if err != nil {
			t.Fatal(err)
		}
		kept, err := checkpoint.DecodeModel(shipped)
		if err != nil {
			t.Fatal(err)
		}
		// which names this engine, not the one that wrote the shipped file
		again, err := checkpoint.EncodeBase(kept.Task, kept.Params)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(made, again) {
			t.Errorf("the file of base %s that it writes is not the shipped one, byte for byte",
				base.Name)
		}
	}
}

// The kernel against the product of gonum on the same shape and one thread, in
// turns so that both see the same machine.
func TestVerifyKernelAgainstGonum(t *testing.T) {
	const least, rounds = 5, 5
	path := binary(t)
	var ours, theirs []float64
	for range rounds {
		out, err := exec.Command(path, "bench", "--json", "--model", "small", "--threads", "1",
			"--rounds", "3").Output()
		if err != nil {
			t.Fatal(err)
		}
		var bench struct {
			Models []struct {
				Kernel float64 `json:"kernel_gflops"`
			} `json:"models"`
		}
		if err := json.Unmarshal(out, &bench); err != nil {
			t.Fatal(err)
		}
		ours, theirs = append(ours, bench.Models[0].Kernel), append(theirs, gonumGFLOPs())
	}
	slices.Sort(ours)
	slices.Sort(theirs)
	ratio := ours[rounds/2] / theirs[rounds/2]
	t.Logf("kernel %.1f GFLOP/s, gonum %.1f, %.1f times as fast on %s", ours[rounds/2],
		theirs[rounds/2], ratio, runtime.GOARCH)
	if ratio < least {
		t.Errorf("%.1f times as fast as gonum, want %d", ratio, least)
	}
}

// gonumGFLOPs returns the median speed of gonum's product of 2048 x 128 x 512 on one
// thread.
func gonumGFLOPs() float64 {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	const m, k, n, rounds = 2048, 128, 512, 15
	matrix := func(rows, columns int) blas32.General {
		return blas32.General{Rows: rows, Cols: columns, Stride: columns,
			Data: make([]float32, rows*columns)}
	}
	a, b, c := matrix(m, k), matrix(k, n), matrix(m, n)
	rng := num.NewRand(1, "test", "product")
	for _, data := range [][]float32{a.Data, b.Data} {
		for i := range data {
			data[i] = float32(rng.Norm())
		}
	}
	var seconds []float64
	for range rounds {
		start := time.Now()
		blas32.Gemm(blas.NoTrans, blas.NoTrans, 1, a, b, 0, c)
		seconds = append(seconds, time.Since(start).Seconds())
	}
	slices.Sort(seconds)
	return 2 * m * k * n / seconds[rounds/2] / 1e9
}

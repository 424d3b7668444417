//go:build verify && unix

package main

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/posttrain/posttrain/core/num"
	"github.com/posttrain/posttrain/core/study/cells"
)

// killAt kills a process a moment after a folder has so many results, unless it ends before.
func killAt(t *testing.T, p *process, dir string, results int, later time.Duration) {
	t.Helper()
	until(t, "results", func() bool {
		return hasResults(dir, results)() || p.Process.Signal(
			syscall.Signal(0)) != nil
	})
	time.Sleep(later)
	_ = p.Process.Kill() // an error says that it has ended
	p.end(t)
}

// someLater returns a random time up to that which a few cells take.
func someLater(rng *num.Rand) time.Duration {
	return time.Duration(rng.Float64() * float64(200*time.Millisecond))
}

// A study that is killed ten times at random moments ends in the bytes of one that was left alone.
func TestVerifyKilledStudy(t *testing.T) {
	s := newStudyFiles(t)
	rng := num.NewRand(3, "test", "kill")
	const rounds, kills = 3, 10
	for round := range rounds {
		dir := filepath.Join(t.TempDir(), "out")
		args := []string{"study", "run", s.file, "--out", dir, "--cache", s.cache, "--threads",
			fmt.Sprint(1 + round%2)}
		for range kills {
			killAt(t, start(t, args...), dir, rng.IntN(20), someLater(&rng))
		}
		end(t, start(t, args...))
		if have := resultsIn(t, dir); have != s.want {
			t.Errorf("round %d: the results differ from those of one process", round)
		}
		onceEachIn(t, dir)
	}
}

// onceEachIn fails the test unless each of the twenty cells was computed once. A process that is
// killed just after it has kept a result may not say so any more.
func onceEachIn(t *testing.T, dir string) {
	t.Helper()
	work, err := cells.ReadWork(filepath.Join(dir, cells.WorkFile))
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, w := range work {
		if seen[w.ID] {
			t.Errorf("cell %s was computed twice", w.ID)
		}
		seen[w.ID] = true
	}
	const kills = 10
	if len(seen) < 20-kills {
		t.Errorf("%d cells were computed", len(seen))
	}
}

// Two workers share a study, and one of them is killed at a random moment: the process that runs
// it, or the other.
func TestVerifyOneOfTwoWorkersIsKilled(t *testing.T) {
	s := newStudyFiles(t)
	rng := num.NewRand(4, "test", "kill")
	for round := range 6 {
		dir := filepath.Join(t.TempDir(), "shared")
		flags := []string{"--study", s.file, "--listen", "127.0.0.1:0", "--threads", "1", "--cache",
			s.cache, "--ack-wait", "2s"}
		var workers [2]*process
		for i := range workers {
			workers[i] = start(t, append([]string{"study", "worker", dir}, flags...)...)
		}
		killAt(t, workers[round%2], dir, rng.IntN(18), someLater(&rng))
		end(t, workers[1-round%2])
		if have := resultsIn(t, dir); have != s.want {
			t.Errorf("round %d: the results differ from those of one process", round)
		}
	}
}

// A job array on a real Slurm gives the bytes of one process, and the report comes after it.
func TestVerifyStudyOnSlurm(t *testing.T) {
	s := newStudyFiles(t)
	startSlurm(t)
	dir := filepath.Join(t.TempDir(), "shared")
	end(t, start(t, "study", "slurm", s.file, "--out", dir, "--tasks", "3", "--threads", "1",
		"--listen", "127.0.0.1:0", "--cache", s.cache, "--submit"))
	report := filepath.Join(dir, "report.log")
	until(t, "the report", func() bool {
		text, _ := os.ReadFile(report)
		return bytes.HasSuffix(text, []byte("\n"))
	})
	until(t, "the end of the jobs", func() bool { // or their last processes would stay
		out, err := exec.Command("squeue", "--noheader").Output()
		return err == nil && len(bytes.TrimSpace(out)) == 0
	})
	text, err := os.ReadFile(report)
	// a study with missing cells would be told so
	if err != nil || !strings.HasPrefix(string(text), "The study claims nothing") ||
		!strings.Contains(string(text), "The report is in "+filepath.Join(dir, "report.html")) {
		t.Errorf("the report says %s%v", text, err)
	}
	if have := resultsIn(t, dir); have != s.want {
		t.Error("the results differ from those of one process")
	}
	logs, err := filepath.Glob(filepath.Join(dir, "slurm-*.log"))
	if err != nil || len(logs) != 3 {
		t.Errorf("logs of workers: %v, %v", logs, err)
	}
}

// startSlurm starts a Slurm of its own on this machine, with one node and without cgroups.
func startSlurm(t *testing.T) {
	t.Helper()
	dir, err := os.MkdirTemp("", "slurm") // not t.TempDir, whose path is too long for a socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	const everybodyReads = 0o755 // munged insists on it
	if err := os.Chmod(dir, everybodyReads); err != nil {
		t.Fatal(err)
	}
	key := make([]byte, 128)
	if _, err := io.ReadFull(rand.Reader, key); err != nil {
		t.Fatal(err)
	}
	host, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	host, _, _ = strings.Cut(host, ".")
	owner, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	in := func(name string) string { return filepath.Join(dir, name) }
	config := fmt.Sprintf(`ClusterName=posttrain
SlurmctldHost=%[1]s(127.0.0.1)
SlurmctldPort=%[3]d
SlurmdPort=%[4]d
SlurmUser=%[5]s
SlurmdUser=%[5]s
AuthType=auth/munge
AuthInfo=socket=%[2]s/munge.socket
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
MpiDefault=none
ReturnToService=2
SchedulerType=sched/builtin
SlurmdParameters=config_overrides
StateSaveLocation=%[2]s/state
SlurmdSpoolDir=%[2]s/spool
SlurmctldPidFile=%[2]s/slurmctld.pid
SlurmdPidFile=%[2]s/slurmd.pid
NodeName=%[1]s NodeAddr=127.0.0.1 CPUs=4 State=UNKNOWN
PartitionName=test Nodes=%[1]s Default=YES MaxTime=INFINITE State=UP
`, host, dir, freePort(t), freePort(t), owner.Username)
	const owners = 0o600
	if err := errors.Join(os.WriteFile(in("munge.key"), key, owners),
		os.WriteFile(in("slurm.conf"), []byte(config), 0o644),
		os.Mkdir(in("state"), 0o755), os.Mkdir(in("spool"), 0o755)); err != nil {
		t.Fatal(err)
	}
	t.Setenv("SLURM_CONF", in("slurm.conf"))
	daemon(t, "munged", "--foreground", "--key-file="+in("munge.key"),
		"--socket="+in("munge.socket"), "--pid-file="+in("munged.pid"),
		"--log-file="+in("munged.log"), "--seed-file="+in("munge.seed"))
	until(t, "munged", exists(in("munge.socket")))
	daemon(t, "slurmctld", "-D")
	daemon(t, "slurmd", "-D")
	until(t, "the node", func() bool {
		out, _ := exec.Command("sinfo", "--noheader", "--format=%T").Output()
		return strings.TrimSpace(string(out)) == "idle"
	})
}

// daemon runs a program until the end of the test, and shows what it said if the test fails.
func daemon(t *testing.T, name string, args ...string) {
	t.Helper()
	var said bytes.Buffer
	cmd := exec.Command(name, args...)
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		t.Fatalf("%v: run make slurm", err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt) // an error says that it has ended
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("%s said\n%s", name, said.String())
		}
	})
}

// freePort returns a port of this machine that is free now.
func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

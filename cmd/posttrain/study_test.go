//go:build unix

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	batch "k8s.io/api/batch/v1"
	core "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"
)

// workedStudy has twenty cells that together take a second or two.
const workedStudy = `name: worked
title: Work shared out
question: Do all workers compute the same?
experiments:
  - name: cards
    recipe: cards?eval_every=20&eval_prompts=16&base=cards,dim=16,layers=1,steps=40
    bases: {judge: 101..102}
    seeds: {judge: 201..205}
    arms:
      - name: sft
        title: SFT
        lane: sft,steps=60,batch=16
      - name: grpo
        title: GRPO
        lane: grpo,steps=20,batch=8,group=8
`

// studyFiles has a study's file and a cache for its bases.
type studyFiles struct {
	file, cache string
	want        string // the results of one process
}

func newStudyFiles(t *testing.T) studyFiles {
	t.Helper()
	dir := t.TempDir()
	s := studyFiles{file: filepath.Join(dir, "worked.yaml"), cache: filepath.Join(dir, "cache")}
	if err := os.WriteFile(s.file, []byte(workedStudy), 0o644); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(dir, "alone")
	end(t, start(t, "study", "run", s.file, "--out", out, "--threads", "2", "--cache", s.cache))
	s.want = resultsIn(t, out)
	return s
}

// end waits for the end of a process that must succeed.
func end(t *testing.T, p *process) {
	t.Helper()
	if status := p.end(t); status.ExitStatus() != 0 {
		t.Fatalf("%v: exit code %d: %s", p.Args[1:], status.ExitStatus(), p.stderr.String())
	}
}

func resultsIn(t *testing.T, dir string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "results.jsonl"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	return string(text)
}

// until waits for a condition.
func until(t *testing.T, what string, met func() bool) {
	t.Helper()
	const patience = 2 * time.Minute
	for start := time.Now(); !met(); time.Sleep(5 * time.Millisecond) {
		if time.Since(start) > patience {
			t.Fatalf("waited %v for %s", patience, what)
		}
	}
}

func hasResults(dir string, n int) func() bool {
	return func() bool {
		text, _ := os.ReadFile(filepath.Join(dir, "results.jsonl"))
		return bytes.Count(text, []byte("\n")) >= n
	}
}

func exists(path string) func() bool {
	return func() bool {
		_, err := os.Stat(path)
		return err == nil
	}
}

func TestStudies(t *testing.T) {
	s := newStudyFiles(t)
	for name, test := range map[string]func(*testing.T, studyFiles){
		"killed": killedStudy, "interrupted": interruptedStudy, "on a server": studyOnAServer,
		"watched": watchedStudy,
	} {
		t.Run(name, func(t *testing.T) { test(t, s) })
	}
}

// Three processes share a study. A worker is killed in the middle, and then the process that runs
// the study, whose place the third one takes. The results are the same bytes.
func killedStudy(t *testing.T, s studyFiles) {
	dir := filepath.Join(t.TempDir(), "shared")
	flags := []string{"--listen", "127.0.0.1:0", "--threads", "1", "--cache", s.cache,
		"--ack-wait", "2s"}
	leader := start(t, append([]string{"study", "run", s.file, "--out", dir}, flags...)...)
	until(t, "server.json", exists(filepath.Join(dir, serverFile)))
	var workers [2]*process
	for i := range workers {
		workers[i] = start(t, append([]string{"study", "worker", dir}, flags...)...)
	}
	until(t, "results", hasResults(dir, 2))
	workers[0].signal(t, syscall.SIGKILL)
	workers[0].end(t)
	until(t, "results", hasResults(dir, 5))
	leader.signal(t, syscall.SIGKILL)
	leader.end(t)
	end(t, workers[1])
	if have := resultsIn(t, dir); have != s.want {
		t.Error("the results differ from those of one process")
	}
}

// An interrupted study says what is kept and how to go on, and ends with the same bytes.
func interruptedStudy(t *testing.T, s studyFiles) {
	dir := filepath.Join(t.TempDir(), "out")
	args := []string{"study", "run", s.file, "--out", dir, "--threads", "1", "--cache", s.cache}
	for n := 1; n < 12; n += 6 {
		attend(t, os.Interrupt)
		p := start(t, args...)
		until(t, "results", hasResults(dir, n))
		p.signal(t, os.Interrupt)
		if status := p.end(t); status.ExitStatus() != exitFailed ||
			!strings.Contains(p.stderr.String(), " of 20 cells are done and kept in "+dir+
				", and the same command goes on with the rest\n") {
			t.Errorf("exit code %d: %s", status.ExitStatus(), p.stderr.String())
		}
	}
	end(t, start(t, args...))
	if have := resultsIn(t, dir); have != s.want {
		t.Error("the results differ from those of one process")
	}
}

// A worker of a server elsewhere works until the study is finished.
func studyOnAServer(t *testing.T, s studyFiles) {
	server := startNATS(t)
	worker := start(t, "study", "worker", "--nats", server, "--threads", "1", "--cache", s.cache)
	dir := filepath.Join(t.TempDir(), "out")
	end(t, start(t, "study", "run", s.file, "--out", dir, "--nats", server, "--threads", "1",
		"--cache", s.cache))
	end(t, worker)
	if have := resultsIn(t, dir); have != s.want {
		t.Error("the results differ from those of one process")
	}
	status := start(t, "study", "status", "--nats", server)
	status.await(t, "worked: 20 of 20 cells are done", 1)
	end(t, status)
}

// The page shows the study, from its folder alone.
func watchedStudy(t *testing.T, s studyFiles) {
	p := start(t, "study", "watch", filepath.Join(filepath.Dir(s.file), "alone"), "--addr",
		"127.0.0.1:0")
	if !p.lines.Scan() {
		t.Fatal(p.stderr.String())
	}
	_, address, _ := strings.Cut(p.lines.Text(), "http://")
	address, _, _ = strings.Cut(address, " ")
	if page := download(t, "http://"+address+"/"); strings.Contains(page, "https://") ||
		!strings.Contains(page, `fetch("state")`) {
		t.Errorf("the page is %s", page)
	}
	var state watchState
	if err := json.Unmarshal([]byte(download(t, "http://"+address+"/state")), &state); err != nil {
		t.Fatal(err)
	}
	if state.Study != "worked" || state.Done != 20 || state.Cells != 20 ||
		len(state.Curves) != 20 || len(state.Curves[0].Lines["eval/ood/accuracy"]) < 2 {
		t.Errorf("%+v", state)
	}
	p.signal(t, os.Interrupt)
	end(t, p)
}

func download(t *testing.T, url string) string {
	t.Helper()
	answer, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// What Kubernetes is given has only fields that it knows.
func TestStudyOnKubernetes(t *testing.T) {
	file := filepath.Join(t.TempDir(), "worked.yaml")
	if err := os.WriteFile(file, []byte(workedStudy), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"--claim", "shared", "--tasks", "7"},
		{"--nats", "nats://nats:4222", "--secret", "creds", "--threads", "3"},
	} {
		var out bytes.Buffer
		p := start(t, append([]string{"study", "k8s", file, "--image", "example/posttrain:1"},
			args...)...)
		for p.lines.Scan() {
			out.WriteString(p.lines.Text() + "\n")
		}
		end(t, p)
		var job batch.Job
		for _, document := range strings.Split(out.String(), "---\n") {
			var into any = &job
			if strings.Contains(document, "kind: ConfigMap") {
				into = &core.ConfigMap{}
			}
			if err := yaml.UnmarshalStrict([]byte(document), into); err != nil {
				t.Errorf("%v: %v\n%s", args, err, document)
			}
			if m, ok := into.(*core.ConfigMap); ok && m.Data[studyFile] != workedStudy {
				t.Errorf("the study became\n%s", m.Data[studyFile])
			}
		}
		pod := job.Spec.Template.Spec
		if *job.Spec.CompletionMode != batch.IndexedCompletion || len(pod.Containers) != 1 ||
			len(pod.Volumes) != len(pod.Containers[0].VolumeMounts) ||
			*job.Spec.Completions != *job.Spec.Parallelism ||
			pod.Containers[0].Resources.Limits.Cpu().IsZero() {
			t.Errorf("%v: %+v", args, job)
		}
	}
}

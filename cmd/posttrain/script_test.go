package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/posttrain/posttrain/core/train"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"posttrain": main})
}

// TestScripts runs testdata/*.txtar, which has a file for each command. Besides
// the commands of testscript they have these:
//
//	exits CODE posttrain ...      run it and want this exit code
//	json-lines FILE               want a JSON value on each line, without escaped HTML
//	keys FILE WHERE NAME,NAME     want an object with these keys, in any order
//	length FILE WHERE N           want an array or object of N entries
//	is FILE WHERE JSON            want a value, compared as text without spaces
//	get VARIABLE FILE WHERE       put a value into a variable, a string without quotes
//	same TEXT TEXT                want equal texts
//	appears FILE                  wait until a file is there
//	count-lines FILE TEXT N       want N lines with a text
//	gzipped FILE                  want a file that is compressed with gzip
//	changed FILE OLD NEW TO       write a file with a text replaced by another, once
//
// FILE may be stdout. WHERE is a path such as done.lanes.0.digest: it starts
// with the event of the line that is meant, the last one of its kind, or with a
// dot for a file of one value. The variable ENGINE is the engine's number.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(env *testscript.Env) error {
			env.Setenv("ENGINE", strconv.Itoa(train.Engine))
			lessons, err := filepath.Abs("../../core/lesson/testdata")
			env.Setenv("LESSONS", lessons)
			env.Setenv("XDG_CACHE_HOME", filepath.Join(env.WorkDir, "cache")) // of Linux alone
			return err
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"exits": exits, "json-lines": jsonLines, "keys": keys, "length": length, "is": is,
			"get": get, "same": same,
			"appears": appears, "count-lines": countLines, "gzipped": gzipped,
			"changed": changed,
		},
	})
}

func want(ts *testscript.TestScript, neg bool, args []string, n int) {
	if neg || len(args) < n {
		ts.Fatalf("usage: see TestScripts")
	}
}

func exits(ts *testscript.TestScript, neg bool, args []string) {
	want(ts, neg, args, 2)
	code := 0
	var failed *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &failed) {
		code = failed.ExitCode()
	} else {
		ts.Check(err)
	}
	if fmt.Sprint(code) != args[0] {
		ts.Fatalf("exit code is %d, want %s", code, args[0])
	}
}

func jsonLines(ts *testscript.TestScript, neg bool, args []string) {
	want(ts, neg, args, 1)
	for line := range strings.Lines(ts.ReadFile(args[0])) {
		if !json.Valid([]byte(line)) || strings.Contains(line, `\u00`) {
			ts.Fatalf("not a plain line of JSON: %s", line)
		}
	}
}

// value finds the value at a path.
func value(ts *testscript.TestScript, file, where string) json.RawMessage {
	event, path, _ := strings.Cut(where, ".")
	raw := json.RawMessage(ts.ReadFile(file))
	if event != "" {
		raw = lastEvent(ts, file, event)
	}
	for path != "" {
		var name string
		name, path, _ = strings.Cut(path, ".")
		var array []json.RawMessage
		object := map[string]json.RawMessage{}
		i, err := strconv.Atoi(name)
		switch {
		case err == nil && json.Unmarshal(raw, &array) == nil && i < len(array):
			raw = array[i]
		case json.Unmarshal(raw, &object) == nil && object[name] != nil:
			raw = object[name]
		default:
			ts.Fatalf("%s: there is no %s in %s", where, name, raw)
		}
	}
	var compact bytes.Buffer
	ts.Check(json.Compact(&compact, raw))
	return compact.Bytes()
}

func lastEvent(ts *testscript.TestScript, file, event string) (last json.RawMessage) {
	for line := range strings.Lines(ts.ReadFile(file)) {
		var e struct {
			Event string `json:"event"`
		}
		ts.Check(json.Unmarshal([]byte(line), &e))
		if e.Event == event {
			last = json.RawMessage(line)
		}
	}
	if last == nil {
		ts.Fatalf("%s has no event %s", file, event)
	}
	return last
}

func keys(ts *testscript.TestScript, neg bool, args []string) {
	want(ts, neg, args, 3)
	var object map[string]json.RawMessage
	ts.Check(json.Unmarshal(value(ts, args[0], args[1]), &object))
	names := strings.Split(args[2], ",")
	slices.Sort(names)
	if have := slices.Sorted(maps.Keys(object)); !slices.Equal(have, names) {
		ts.Fatalf("%s has %v, want %v", args[1], have, names)
	}
}

func length(ts *testscript.TestScript, neg bool, args []string) {
	want(ts, neg, args, 3)
	raw := value(ts, args[0], args[1])
	var array []json.RawMessage
	if err := json.Unmarshal(raw, &array); err != nil {
		var object map[string]json.RawMessage
		ts.Check(json.Unmarshal(raw, &object))
		array = slices.Collect(maps.Values(object))
	}
	if fmt.Sprint(len(array)) != args[2] {
		ts.Fatalf("%s has %d entries, want %s", args[1], len(array), args[2])
	}
}

func is(ts *testscript.TestScript, neg bool, args []string) {
	want(ts, neg, args, 3)
	if have := string(value(ts, args[0], args[1])); have != args[2] {
		ts.Fatalf("%s is %s, want %s", args[1], have, args[2])
	}
}

func get(ts *testscript.TestScript, neg bool, args []string) {
	want(ts, neg, args, 3)
	raw := value(ts, args[1], args[2])
	var text string
	if err := json.Unmarshal(raw, &text); err != nil {
		text = string(raw)
	}
	ts.Setenv(args[0], text)
}

func same(ts *testscript.TestScript, neg bool, args []string) {
	want(ts, neg, args, 2)
	if args[0] != args[1] {
		ts.Fatalf("they differ:\n%s\n%s", args[0], args[1])
	}
}

func countLines(ts *testscript.TestScript, neg bool, args []string) {
	want(ts, neg, args, 3)
	count := 0
	for line := range strings.Lines(ts.ReadFile(args[0])) {
		if strings.Contains(line, args[1]) {
			count++
		}
	}
	if fmt.Sprint(count) != args[2] {
		ts.Fatalf("%d lines have %s, want %s", count, args[1], args[2])
	}
}

func appears(ts *testscript.TestScript, neg bool, args []string) {
	want(ts, neg, args, 1)
	for range 2000 {
		if _, err := os.Stat(ts.MkAbs(args[0])); err == nil {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	ts.Fatalf("%s did not appear", args[0])
}

func gzipped(ts *testscript.TestScript, neg bool, args []string) {
	want(ts, neg, args, 1)
	packed, err := gzip.NewReader(strings.NewReader(ts.ReadFile(args[0])))
	ts.Check(err)
	text, err := io.ReadAll(packed)
	ts.Check(err)
	if len(text) == 0 {
		ts.Fatalf("%s is empty", args[0])
	}
}

func changed(ts *testscript.TestScript, neg bool, args []string) {
	want(ts, neg, args, 4)
	text := ts.ReadFile(args[0])
	if !strings.Contains(text, args[1]) {
		ts.Fatalf("%s has no %s", args[0], args[1])
	}
	text = strings.Replace(text, args[1], args[2], 1)
	ts.Check(os.WriteFile(ts.MkAbs(args[3]), []byte(text), 0o600))
}

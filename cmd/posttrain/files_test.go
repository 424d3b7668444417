package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"
)

// The same rows are the same data set in each encoding and under each name.
func TestDataInAnyEncoding(t *testing.T) {
	table := "Id;Prompt;Answer\r\n1;A1234=;0\r\n2;A3456=;\r\n3;A5678=;6\r\n4;AJJ11=;2\r\n"
	marked := func(e unicode.Endianness) encoding.Encoding {
		return unicode.UTF16(e, unicode.UseBOM)
	}
	found := ""
	for name, content := range map[string]func() (string, error){
		"table.csv":  func() (string, error) { return table, nil },
		"marked.txt": func() (string, error) { return "\ufeff" + table, nil },
		"unicode.txt": func() (string, error) {
			return marked(unicode.LittleEndian).NewEncoder().String(strings.ReplaceAll(table, ";",
				"\t"))
		},
		"big": func() (string, error) {
			return marked(unicode.BigEndian).NewEncoder().String(table)
		},
		"latin1.csv": func() (string, error) {
			return strings.ReplaceAll(table, "Id", "N\xfamero"), nil
		},
		"rows.jsonl": func() (string, error) {
			return `{"prompt":"A1234=","answer":"0"}` + "\n" + `{"prompt":"A3456="}` + "\n" +
				`{"prompt":"A5678=","answer":6}` + "\n" + `{"prompt":"AJJ11=","answer":"2"}`, nil
		},
	} {
		text, err := content()
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		var stdout bytes.Buffer
		code, said := inProcess(t, strings.NewReader(""), &stdout, "run", "cards", "--lane",
			"sft,steps=1,batch=1", "--set", "eval_prompts=1", "--json", "--data", path)
		digest := regexp.MustCompile(`&data=[0-9a-f]{12}`).FindString(stdout.String())
		if code != 0 || digest == "" || found != "" && digest != found {
			t.Errorf("%s: exit code %d, %s, want %s: %s", name, code, digest, found, said)
		}
		found = digest
	}
}

// unending is standard input that never ends.
type unending string

func (e unending) Read(p []byte) (int, error) {
	return copy(p, strings.Repeat(string(e), len(p)/len(e)+1)), nil
}

func TestStandardInputIsBounded(t *testing.T) {
	for command, in := range map[string]unending{"coeffs --method grpo": "\x00",
		"logits cards": " "} {
		var stdout bytes.Buffer
		code, said := inProcess(t, in, &stdout, strings.Fields(command)...)
		if want := regexp.MustCompile(
			`^posttrain: standard input: it has more than \d+ bytes, which is all that is read[^\n]*\n$`); code != exitFailed || stdout.Len() > 0 || !want.MatchString(said) {
			t.Errorf("%s: exit code %d, and it said %q", command, code, said)
		}
	}
}
